"""What a package is worth, visit by visit."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from marketplace.packages.forms import price_of
from marketplace.packages.rules import SIZES, ends_at, less, saved_percent, values
from marketplace.payments.ledger import fee_of

PRICES = st.integers(100, 1_000_000)
VISITS = st.sampled_from(SIZES)


@given(PRICES, VISITS)
def test_all_visits_together_are_worth_what_was_paid_and_differ_by_a_cent_at_most(price: int, visits: int) -> None:
    parts = values(price, visits)
    assert (len(parts), sum(parts)) == (visits, price)
    assert parts[0] - parts[-1] in (0, 1)
    assert list(parts) == sorted(parts, reverse=True)


@given(PRICES, VISITS, st.integers(0, 3000))
def test_coach_and_fee_of_all_visits_stay_within_the_charge(price: int, visits: int, percent: int) -> None:
    fee = price * percent // 10_000
    parts = values(price, visits)
    ours = [fee_of(part, whole=price, fee=fee) for part in parts]
    assert all(0 <= our <= part for our, part in zip(ours, parts, strict=True))
    assert abs(sum(ours) - fee) <= visits


@pytest.mark.parametrize(
    ("price", "visits", "parts"),
    [(10000, 3, [3334, 3333, 3333]), (25501, 5, [5101, 5100, 5100, 5100, 5100]), (99999, 10, [10000] * 9 + [9999])],
)
def test_odd_cents_go_to_the_visits_that_are_used_first(price: int, visits: int, parts: list[int]) -> None:
    assert values(price, visits) == parts


@given(PRICES, VISITS, st.decimals(0, 99, places=2))
def test_a_discount_never_makes_a_package_dearer(price: int, visits: int, percent: Decimal) -> None:
    assert 0 < less(price, visits, percent) <= price * visits


@given(PRICES, VISITS, st.integers(1, 10_000_000))
def test_what_is_said_to_be_saved_is_saved(price: int, visits: int, package_price: int) -> None:
    saved = saved_percent(price, visits, package_price)
    assert 0 <= saved < 100
    assert not saved or package_price * 100 <= price * visits * (100 - saved)


@pytest.mark.parametrize(
    ("typed", "price"),
    [("255", 25500), ("255,50", 25550), ("$255.50", 25550), ("10 %", 25650), ("10%", 25650), ("12,5 %", 24938)],
)
def test_a_price_or_a_discount_is_read(typed: str, price: int) -> None:
    assert price_of(typed, 9500, 3) == price


@pytest.mark.parametrize("typed", ["cheap", "100 %", "-5 %", "1.234", "%", "NaN", "1e9", "1,000", "Infinity", "10 %%"])
def test_what_is_neither_is_refused(typed: str) -> None:
    with pytest.raises(PydanticCustomError):
        price_of(typed, 9500, 3)


def test_a_package_lasts_a_year_at_most() -> None:
    assert ends_at(datetime(2026, 3, 1, tzinfo=UTC)) == datetime(2027, 3, 1, tzinfo=UTC)
    assert ends_at(datetime(2027, 3, 1, tzinfo=UTC)) == datetime(2028, 2, 29, tzinfo=UTC)
