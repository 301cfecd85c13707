"""Money, times and distances are written as people here write them."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask

from marketplace.money import Money
from marketplace.web import filters
from marketplace.web.languages import speaking

EVENING = datetime(2026, 12, 1, 23, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "language,amount,written",
    [("en", 9500, "$95"), ("en", 9550, "$95.50"), ("fr", 9500, "95\xa0$"), ("fr", 9550, "95,50\xa0$")],
)
def test_whole_dollars_have_no_cents(app: Flask, language: str, amount: int, written: str) -> None:
    with app.test_request_context(), speaking(language):
        assert filters.money(Money(amount, "CAD")) == written


@pytest.mark.parametrize("language,written", [("en", "Tuesday, December 1"), ("fr", "mardi 1 décembre")])
def test_a_day_is_written_out(app: Flask, language: str, written: str) -> None:
    with app.test_request_context(), speaking(language):
        assert filters.day(date(2026, 12, 1)) == written


def test_times_are_the_viewers(app: Flask) -> None:
    with app.test_request_context():
        assert filters.clock_time(EVENING) == "18:00"
        assert filters.clock_time(EVENING, "America/Vancouver") == "15:00"
        assert filters.when_short(EVENING) == "Tue 18:00"


def test_distances_are_short(app: Flask) -> None:
    with app.test_request_context():
        assert filters.kilometres(2.43) == "2.4\xa0km"
        assert filters.kilometres(24.3) == "24\xa0km"
