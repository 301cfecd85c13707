"""The dates of a series: the same local wall time of the coach, every so many weeks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from marketplace.scheduling.walltime import instant_of, stretches

LEAST_TIMES, MOST_TIMES = 2, 12


@dataclass(frozen=True, slots=True)
class Repeat:
    """A visit that starts at `first`, and how it is repeated.

    `instead`, by the coach's local date: another start, or None to leave that date out.
    """

    first: datetime
    every_weeks: int
    times: int
    instead: Mapping[date, datetime | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    """One visit of a series and its local date. `starts_at` is None where the clocks skip that wall time."""

    on: date
    starts_at: datetime | None


def turns(zone: str, repeat: Repeat) -> list[Turn]:
    """The visits of a series; a wall time that comes twice is taken the first time."""
    local = repeat.first.astimezone(ZoneInfo(zone))
    wall = local.hour * 60 + local.minute
    later = [local.date() + timedelta(weeks=number * repeat.every_weeks) for number in range(1, repeat.times)]
    return [Turn(local.date(), repeat.first), *(Turn(on, _at(zone, on, wall)) for on in later)]


def wanted(zone: str, repeat: Repeat) -> list[Turn]:
    """The same with what was chosen instead, and without what was left out."""
    chosen = [Turn(turn.on, repeat.instead.get(turn.on, turn.starts_at)) for turn in turns(zone, repeat)]
    return [turn for turn in chosen if turn.starts_at or turn.on not in repeat.instead]


def _at(zone: str, on: date, wall: int) -> datetime | None:
    found = (wall + each.to_utc for each in stretches(zone, on) if each.start <= wall < each.end)
    return next((instant_of(minute) for minute in found), None)
