"""Wall times of odd days, and every minute of every day against the standard library."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.scheduling.walltime import (
    DAY,
    instant_of,
    local_date,
    minute_from,
    minute_of,
    start_of,
    stretches,
)
from tests.scheduling.zones import by_the_library, zoned_days


@given(zoned_days(), st.integers(0, DAY - 1))
@settings(max_examples=400, deadline=None)
def test_a_wall_time_is_where_the_standard_library_says_or_nowhere(zoned: tuple[str, date], wall: int) -> None:
    zone, on = zoned
    ours = [wall + part.to_utc for part in stretches(zone, on) if part.start <= wall < part.end]
    expected = by_the_library(zone, on, wall)
    assert ours == ([] if expected is None else [expected])


@given(zoned_days())
@settings(max_examples=200, deadline=None)
def test_days_follow_each_other_without_overlap(zoned: tuple[str, date]) -> None:
    zone, on = zoned
    assert start_of(zone, on) <= start_of(zone, on + timedelta(days=1))
    parts = [(p.start + p.to_utc, p.end + p.to_utc) for p in stretches(zone, on)]
    assert all(until <= since for (_, until), (since, _) in pairwise(parts))


def test_half_past_two_does_not_exist_when_ottawa_springs_forward() -> None:
    assert [(p.start, p.end) for p in stretches("America/Toronto", date(2026, 3, 8))] == [
        (0, 120),
        (180, DAY),
    ]


def test_half_past_one_comes_once_when_ottawa_falls_back() -> None:
    first, second = stretches("America/Toronto", date(2026, 11, 1))
    assert (first.end, second.start) == (120, 120)
    assert instant_of(90 + first.to_utc) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    assert instant_of(120 + second.to_utc) == datetime(2026, 11, 1, 7, 0, tzinfo=UTC)


def test_the_day_that_samoa_left_out_has_no_minute() -> None:
    assert stretches("Pacific/Apia", date(2011, 12, 30)) == ()
    assert start_of("Pacific/Apia", date(2011, 12, 30)) == start_of("Pacific/Apia", date(2011, 12, 31))


def test_lord_howe_moves_by_half_an_hour() -> None:
    assert [(p.start, p.end) for p in stretches("Australia/Lord_Howe", date(2026, 10, 4))] == [
        (0, 120),
        (150, DAY),
    ]


def test_saint_johns_once_fell_back_over_midnight() -> None:
    parts = stretches("America/St_Johns", date(2010, 11, 7))
    assert [(p.start, p.end) for p in parts] == [(0, 1), (1, DAY)]
    assert parts[1].to_utc - parts[0].to_utc == 60


def test_seconds_round_down_for_a_minute_and_up_for_the_minute_from() -> None:
    instant = datetime(2026, 3, 8, 7, 0, 30, tzinfo=UTC)
    assert minute_from(instant) == minute_of(instant) + 1
    assert minute_from(instant.replace(second=0)) == minute_of(instant)


def test_an_instant_has_the_date_of_its_zone() -> None:
    assert local_date("America/Toronto", minute_of(datetime(2026, 1, 2, 4, 59, tzinfo=UTC))) == date(2026, 1, 1)
