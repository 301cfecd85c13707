"""Money is split without losing a cent and never added across currencies."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from marketplace.money import Money

amounts = some.integers(min_value=0, max_value=10**9)


@given(amounts, some.lists(some.integers(0, 100), min_size=1, max_size=9).filter(any))
def test_parts_sum_to_the_whole(amount: int, weights: list[int]) -> None:
    parts = Money(amount, "CAD").split(weights)
    assert sum(part.amount for part in parts) == amount
    assert all(part.amount == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)


@given(amounts, some.integers(0, 100))
def test_a_share_and_the_rest_are_the_whole(amount: int, rate: int) -> None:
    whole = Money(amount, "CAD")
    share = whole.percent(rate)
    assert share + (whole - share) == whole
    assert 0 <= share.amount <= amount


def test_dollars_are_not_added_to_euros() -> None:
    with pytest.raises(ValueError, match="EUR is not CAD"):
        Money(100, "CAD") + Money(100, "EUR")


def test_a_half_cent_goes_to_the_even_side() -> None:
    assert Money(50, "CAD").percent(15) == Money(8, "CAD")  # 7.5
    assert Money(30, "CAD").percent(15) == Money(4, "CAD")  # 4.5
