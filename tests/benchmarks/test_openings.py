"""Openings of one coach against a tight loop over integers that does the least any engine must do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from marketplace.scheduling.hours import Hours, Window
from marketplace.scheduling.openings import Rules, Taken, openings
from tests.benchmarks.clockwork import ratio

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WEEK = {day: [Window(9 * 60, 12 * 60), Window(13 * 60, 17 * 60)] for day in range(7)}


@pytest.mark.parametrize("span_days", [30, 90])
def test_openings_stay_near_the_limit_line(span_days: int) -> None:
    exceptions = {date(2026, 11, 25) + timedelta(days=7 * n): [] for n in range(10)}
    hours = Hours("America/Toronto", WEEK, exceptions)
    first = int(NOW.timestamp()) // 60
    taken = Taken(spans=[(first + 600 * n, first + 600 * n + 60) for n in range(100)])
    rules = Rules(minutes=30, interval=30, buffer_after=10)
    until = NOW + timedelta(days=span_days)

    def ours() -> object:
        return openings(hours, rules, taken, now=NOW, between=(NOW, until))

    assert ours()
    ratio(f"openings of {span_days} days", ours, lambda: _line(first, span_days, taken.spans), turns=40, most=20)


def _line(first: int, span_days: int, busy: object) -> list[int]:
    """Seven hours a day by half hours, against sorted busy spans, with two pointers and nothing else."""
    spans, found, at = list(busy), [], 0  # type: ignore[call-overload]
    midnight = first - first % 1440
    for day in range(span_days):
        for start_minute, end_minute in ((840, 1020), (1080, 1320)):
            for start in range(midnight + day * 1440 + start_minute, midnight + day * 1440 + end_minute - 29, 30):
                while at < len(spans) and spans[at][1] <= start:
                    at += 1
                if start >= first and not (at < len(spans) and spans[at][0] < start + 40):
                    found.append(start)
    return found
