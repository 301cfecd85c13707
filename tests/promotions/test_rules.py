"""What a code takes off, and when it holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.coaches.kinds import LEAST_PRICE
from marketplace.promotions.rules import Terms, discount, lowest_free, refusal

NOW = datetime(2026, 12, 1, tzinfo=UTC)
OFFER = uuid4()
TEN = Terms(10, None, None, NOW - timedelta(days=1), None, None, frozenset())


@given(st.integers(1, 1_000_000), st.one_of(st.integers(1, 100), st.none()), st.integers(1, 2_000_000))
def test_what_is_left_is_nothing_or_can_be_charged(price: int, percent: int | None, amount: int) -> None:
    terms = replace(TEN, percent=percent, amount=None if percent else amount)
    left = price - discount(terms, price)
    assert left == 0 or LEAST_PRICE <= left <= price


@pytest.mark.parametrize(
    ("price", "percent", "amount", "off"),
    [(9500, 10, None, 950), (9505, 50, None, 4753), (9500, 100, None, 9500), (9500, None, 2000, 2000)]
    + [(9500, None, 9450, 9500), (1500, None, 2000, 1500), (9500, 99, None, 9500)],
)
def test_a_code_takes_off_what_it_says(price: int, percent: int | None, amount: int | None, off: int) -> None:
    assert discount(replace(TEN, percent=percent, amount=amount), price) == off


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, None),
        ({"valid_from": NOW + timedelta(seconds=1)}, "code-not-yet"),
        ({"valid_until": NOW}, "code-over"),
        ({"valid_until": NOW + timedelta(seconds=1)}, None),
        ({"ended_at": NOW}, "code-over"),
        ({"offers": frozenset({uuid4()})}, "code-other-offer"),
        ({"offers": frozenset({OFFER})}, None),
        ({"currency": "USD"}, "code-other-currency"),
        ({"currency": "CAD"}, None),
    ],
)
def test_a_code_holds_in_its_time_for_its_offers_and_currency(changes: dict[str, object], kind: str | None) -> None:
    terms = replace(TEN, **changes)  # type: ignore[arg-type]
    assert refusal(terms, offer_id=OFFER, currency="CAD", now=NOW) == kind


@given(st.sets(st.integers(1, 12)), st.one_of(st.none(), st.integers(1, 12)))
def test_the_next_number_is_free_and_within_the_limit(taken: set[int], most: int | None) -> None:
    number = lowest_free(taken, most)
    if number is None:
        assert most is not None
        assert set(range(1, most + 1)) <= taken
    else:
        assert number not in taken
        assert number <= (most or number)
