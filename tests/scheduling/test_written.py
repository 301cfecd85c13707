"""Openings written out of integers are what `json` writes of datetimes."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from marketplace.scheduling.walltime import instant_of
from marketplace.scheduling.written import written
from tests.scheduling.zones import ZONES

YEAR = 365 * 1440
FIRST = 29_000_000  # in 2025


@given(
    zone=st.sampled_from([*ZONES, "UTC", "Africa/Casablanca"]),
    starts=st.lists(st.integers(0, 3 * YEAR // 5), max_size=40, unique=True).map(sorted),
    minutes=st.integers(1, 96).map(lambda count: count * 5),
)
def test_every_start_and_end_is_written_as_datetimes_are(zone: str, starts: list[int], minutes: int) -> None:
    instants = [instant_of(FIRST + start * 5).astimezone(ZoneInfo(zone)) for start in starts]
    length = timedelta(minutes=minutes)
    ends = [(each.astimezone(ZoneInfo("UTC")) + length).astimezone(ZoneInfo(zone)) for each in instants]
    shown = [
        {"starts_at": start.isoformat(), "ends_at": end.isoformat()} for start, end in zip(instants, ends, strict=True)
    ]
    assert json.loads(written([FIRST + start * 5 for start in starts], minutes, zone)) == {
        "timezone": zone,
        "openings": shown,
    }


def test_each_five_minutes_of_both_changes_of_clocks_are_written_right() -> None:
    for zone, day in (
        ("America/Toronto", 29_897_280),
        ("America/Toronto", 29_542_080),
        ("Australia/Lord_Howe", 29_585_160),
    ):
        starts = list(range(day - 1440, day + 2880, 5))
        found = json.loads(written(starts, 30, zone))["openings"]
        assert [each["starts_at"] for each in found] == [
            instant_of(start).astimezone(ZoneInfo(zone)).isoformat() for start in starts
        ]
