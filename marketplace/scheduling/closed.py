"""Why a start can't be booked: the first rule that closes it, in the order in which a person would ask. Pure."""

from datetime import date, datetime
from enum import StrEnum

from marketplace.scheduling.hours import Part, merged
from marketplace.scheduling.openings import Calendar, week_number
from marketplace.scheduling.walltime import local_date, minute_from, minute_of


class Reason(StrEnum):
    """The rule that closes a start."""

    PAST = "past"
    FULL = "full"  # all seats of the group visit are taken
    TIME_OFF = "time-off"
    HOLIDAY = "holiday"
    DATE_CLOSED = "date-closed"  # the coach closed this date
    OUTSIDE_HOURS = "outside-hours"
    OFF_GRID = "off-grid"
    OUTSIDE_DATES = "outside-dates"  # the offer is for other dates
    TOO_FAR = "too-far"
    TOO_SOON = "too-soon"
    TAKEN = "taken"  # a booking or a hold
    BUSY = "busy"  # a calendar kept elsewhere
    BUFFER = "buffer"  # too near to another visit
    TRAVEL = "travel"  # no time for the way
    TOO_LONG = "too-long"  # longer than a day or week of hers may be
    DAY_FULL = "day-full"
    WEEK_FULL = "week-full"

    @property
    def was_never_open(self) -> bool:
        """Whether asking for it was a mistake, rather than a moment too late."""
        return self in (Reason.PAST, Reason.OFF_GRID, Reason.OUTSIDE_HOURS, Reason.TOO_FAR)


def why_closed(calendar: Calendar | None, at: datetime, now: datetime) -> Reason | None:
    """Why a visit can't start at an aware instant; None when it can be booked. A coach without a calendar never works.

    `now` is the instant as which the calendar stands.
    """
    if at < now:
        return Reason.PAST
    start = minute_of(at)
    if start != minute_from(at):
        return Reason.OFF_GRID
    if calendar is None:
        return Reason.OUTSIDE_HOURS
    if calendar.is_open(start):
        return None
    if start > calendar.latest:
        return Reason.TOO_FAR
    if start in calendar.taken.seats:
        return _bounds(calendar, start) or Reason.FULL
    return _hours(calendar, start) or _bounds(calendar, start) or _way(calendar, start) or _limits(calendar, start)


def _hours(calendar: Calendar, start: int) -> Reason | None:
    parts = calendar.parts(start, start + 1)
    work = merged(part[:2] for part in parts)
    if not any(since <= start and start + calendar.rules.minutes <= until for since, until in work):
        return _closed_date(calendar, start)
    return None if _is_on_grid(parts, start, calendar.rules.interval) else Reason.OFF_GRID


def _closed_date(calendar: Calendar, start: int) -> Reason:
    hours, on = calendar.hours, local_date(calendar.hours.zone, start)
    if hours.is_away(on):
        return Reason.TIME_OFF
    if hours.is_holiday(on):
        return Reason.HOLIDAY
    return Reason.DATE_CLOSED if on in hours.exceptions and not hours.of(on) else Reason.OUTSIDE_HOURS


def _is_on_grid(parts: list[Part], start: int, interval: int) -> bool:
    return any(since <= start < until and (start - grid) % interval == 0 for since, until, grid, _ in parts)


def _bounds(calendar: Calendar, start: int) -> Reason | None:
    if calendar.range[0] >= calendar.range[1]:
        return Reason.TOO_LONG
    if not calendar.range[0] <= start < calendar.range[1]:
        return Reason.OUTSIDE_DATES
    return Reason.TOO_SOON if start < calendar.soonest else None


def _way(calendar: Calendar, start: int) -> Reason | None:
    rules, taken = calendar.rules, calendar.taken
    end = start + rules.minutes
    wide = start - rules.buffer_before, end + rules.buffer_after
    if any(visit.start < end and start < visit.end for visit in taken.visits):
        return Reason.TAKEN
    if any(since < end and start < until for since, until in taken.outside):
        return Reason.BUSY
    if any(since < wide[1] and wide[0] < until for since, until in (*taken.spans, *taken.outside)):
        return Reason.BUFFER
    return Reason.TRAVEL if any(since <= start < until for since, until in calendar.out_of_reach()) else None


def _limits(calendar: Calendar, start: int) -> Reason:
    on: date = local_date(calendar.hours.zone, start)
    week = week_number(on.toordinal())
    of_week = range(week * 7 + 1, week * 7 + 8)
    return Reason.WEEK_FULL if calendar.full_days().issuperset(of_week) else Reason.DAY_FULL
