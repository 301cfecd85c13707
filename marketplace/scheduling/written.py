"""Openings as JSON, written out of integers: the date and the offset of a local day once, times from a table. Pure.

The same text as `json` makes of datetimes, in a small part of the time.
"""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from marketplace.scheduling.walltime import DAY, instant_of

QUARTER = 15
"""Minutes; no zone has changed its clocks between two of them since 2000."""
DAY_MARK, OFFSET_MARK = "\x00", "\x01"
_TIMES = [f"T{minute // 60:02d}:{minute % 60:02d}:00" for minute in range(DAY)]


class Stretch(NamedTuple):
    """UTC minutes [since, until) of one local date and one offset, the minute of its midnight, and both in words."""

    since: int
    until: int
    midnight: int
    day: str
    offset: str


def written(starts: Sequence[int], minutes: int, zone: str) -> str:
    """The API's answer for starts (UTC minutes since 1970, in order) of visits of a length, in an IANA zone."""
    parts: list[str] = []
    times, at = _visits(minutes), 0
    while at < len(starts):
        _since, until, midnight, day, offset = around(zone, starts[at])
        within = bisect_left(starts, until - minutes, at)
        if within > at:
            text = ",".join([times[start - midnight] for start in starts[at:within]])
            parts.append(text.replace(DAY_MARK, day).replace(OFFSET_MARK, offset))
            at = within
            continue
        last = around(zone, starts[at] + minutes)
        ends = f"{last.day}{_TIMES[starts[at] + minutes - last.midnight]}{last.offset}"
        parts.append(f'{{"starts_at":"{day}{_TIMES[starts[at] - midnight]}{offset}","ends_at":"{ends}"}}')
        at += 1
    return f'{{"timezone":"{zone}","openings":[{",".join(parts)}]}}'


@lru_cache(maxsize=16)
def _visits(minutes: int) -> list[str]:
    """Visits of a length by the minute of the day at which they start, with marks for the day and the offset; those
    that end on another day are none."""
    pairs = zip(_TIMES, _TIMES[minutes:], strict=False)
    return [
        f'{{"starts_at":"{DAY_MARK}{start}{OFFSET_MARK}","ends_at":"{DAY_MARK}{end}{OFFSET_MARK}"}}'
        for start, end in pairs
    ]


@lru_cache(maxsize=4096)
def around(zone: str, minute: int) -> Stretch:
    """The local date around a UTC minute; on a date that changes its offset, the quarter of an hour."""
    local = instant_of(minute).astimezone(ZoneInfo(zone))
    midnight = minute - local.hour * 60 - local.minute
    since, until = midnight, midnight + DAY
    if any(_offset(zone, edge) != local.utcoffset() for edge in (since, until - 1)):
        since = minute - minute % QUARTER
        until = since + QUARTER
    return Stretch(since, until, midnight, f"{local:%Y-%m-%d}", local.isoformat()[-6:])


def _offset(zone: str, minute: int) -> timedelta | None:
    return instant_of(minute).astimezone(ZoneInfo(zone)).utcoffset()
