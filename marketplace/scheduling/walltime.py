"""Local wall time to UTC, one local date at a time, in whole minutes.

A local date is cut into stretches of one offset. Wall times that a change of clocks skips are in no stretch;
wall times that it repeats are in one, the first time round. Everything after this works on UTC minutes only.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

DAY = 1440
"""Minutes of a wall-clock day."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_REACH = 26 * 60
"""Minutes around a local date in which a change of clocks may touch it."""


class Stretch(NamedTuple):
    """Wall minutes [start, end) of a local date, and what to add to them for UTC minutes since 1970."""

    start: int
    end: int
    to_utc: int


def minute_of(instant: datetime) -> int:
    """The UTC minute since 1970 in which an aware instant falls."""
    return (instant - _EPOCH) // timedelta(minutes=1)


def minute_from(instant: datetime) -> int:
    """The first whole UTC minute since 1970 that is not before an aware instant."""
    return -((_EPOCH - instant) // timedelta(minutes=1))


def instant_of(minute: int) -> datetime:
    """The instant of a UTC minute since 1970, aware, in UTC."""
    return _EPOCH + timedelta(minutes=minute)


@lru_cache(maxsize=65_536)
def stretches(zone: str, on: date) -> tuple[Stretch, ...]:
    """How the wall times of a local date lie in UTC; empty for a date that the zone left out."""
    midnight = (on.toordinal() - _EPOCH_DAY) * DAY
    found: list[Stretch] = []
    known = 0
    for since, until, offset in _offsets(zone, midnight - _REACH, midnight + DAY + _REACH):
        start = max(since + offset - midnight, known)
        end = min(until + offset - midnight, DAY)
        if start < end:
            found.append(Stretch(start, end, midnight - offset))
            known = end
    return tuple(found)


@lru_cache(maxsize=65_536)
def start_of(zone: str, on: date) -> int:
    """The UTC minute at which a local date begins (its successor, where the zone left it out)."""
    day = stretches(zone, on)
    while not day:
        on += timedelta(days=1)
        day = stretches(zone, on)
    return day[0].start + day[0].to_utc


def local_date(zone: str, minute: int) -> date:
    """The local date of a UTC minute."""
    return instant_of(minute).astimezone(ZoneInfo(zone)).date()


def by_date(zone: str, minutes: Sequence[int]) -> Iterator[tuple[date, Sequence[int]]]:
    """UTC minutes that are in order, by their local dates."""
    first = 0
    while first < len(minutes):
        on = local_date(zone, minutes[first])
        last = bisect_left(minutes, start_of(zone, on + timedelta(days=1)), first)
        yield on, minutes[first:last]
        first = last


def wall_minute(zone: str, on: date, minute: int) -> int:
    """The wall minute of a UTC minute on its local date."""
    return next(minute - to_utc for start, end, to_utc in reversed(stretches(zone, on)) if start + to_utc <= minute)


def week_of(zone: str, minute: int) -> tuple[int, int]:
    """The UTC minutes [from, until) of the local week, Monday to Sunday, that a UTC minute falls into."""
    on = local_date(zone, minute)
    monday = on - timedelta(days=on.weekday())
    return start_of(zone, monday), start_of(zone, monday + timedelta(days=7))


def _offsets(zone: str, first: int, last: int) -> list[tuple[int, int, int]]:
    """Stretches (from, until, offset) of one offset each that cover the UTC minutes [first, last)."""
    edges = [first]
    for start in range(first, last, 360):
        end = min(start + 360, last)
        if _offset(zone, start) != _offset(zone, end):
            edges.append(_change(zone, start, end))
    return [(since, until, _offset(zone, since)) for since, until in zip(edges, [*edges[1:], last], strict=True)]


def _change(zone: str, before: int, after: int) -> int:
    """The first UTC minute with the offset of `after`, by bisection."""
    old = _offset(zone, before)
    while after - before > 1:
        middle = (before + after) // 2
        if _offset(zone, middle) == old:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: str, minute: int) -> int:
    """Minutes that local time is ahead of UTC at a UTC minute."""
    offset = instant_of(minute).astimezone(ZoneInfo(zone)).utcoffset()
    return int((offset or timedelta()).total_seconds()) // 60
