"""Why a start can't be booked, with what a coach needs to know of it: which visit, which limit, until when.

The reason is that of `closed.py`, and what is told of it is read off the same calendar.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.coaches.models import Offer
from marketplace.errors import Invalid
from marketplace.scheduling import queries
from marketplace.scheduling.closed import Reason, why_closed
from marketplace.scheduling.hours import span
from marketplace.scheduling.models import Busy, Visit
from marketplace.scheduling.openings import Calendar, week_number
from marketplace.scheduling.walltime import instant_of, local_date, minute_from, minute_of

AROUND = timedelta(hours=12)
"""The furthest that buffers and ways reach."""


@dataclass(frozen=True, slots=True)
class Closed:
    """The rule that closes a start, and what is to be said of it (instants in UTC, dates and windows local)."""

    reason: Reason
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer, the UTC minute asked for, and the calendar that answers."""

    session: Session
    offer: Offer
    start: int
    calendar: Calendar

    @property
    def end(self) -> int:
        """The UTC minute at which the visit would end."""
        return self.start + self.calendar.rules.minutes


def explained(session: Session, offer: Offer, at: datetime, now: datetime) -> Closed | None:
    """What closes a start of an offer at an aware instant; None when it can be booked. Invalid `no-fixed-hour`."""
    if offer.minutes is None:
        raise Invalid("no-fixed-hour", field="offer")
    calendar = queries.calendar_for(session, offer, (at, at), now)
    reason = why_closed(calendar, at, now)
    if reason is None:
        return None
    tell = _TELL.get(reason)
    if calendar is None or tell is None:
        return Closed(reason)
    return Closed(reason, tell(Asked(session, offer, minute_of(at), calendar)))


def _hours(asked: Asked) -> dict[str, Any]:
    hours = asked.calendar.hours
    on = local_date(hours.zone, asked.start)
    return {"on": on, "windows": list(hours.of(on)), "minutes": asked.calendar.rules.minutes}


def _away(asked: Asked) -> dict[str, Any]:
    on = local_date(asked.calendar.hours.zone, asked.start)
    away = queries.time_off(asked.session, asked.offer.coach_id, on)
    each = next(each for each in away if each.first <= on <= each.last)
    return {"first": each.first, "last": each.last, "note": each.note}


def _holiday(asked: Asked) -> dict[str, Any]:
    return {
        "on": local_date(asked.calendar.hours.zone, asked.start),
        "code": queries.calendar_of(asked.session, asked.offer.coach_id).holidays,
    }


def _grid(asked: Asked) -> dict[str, Any]:
    """The starts of the grid before and after it; either may be None."""
    interval = asked.calendar.rules.interval
    parts = asked.calendar.parts(asked.start, asked.start + 1)
    part = next((part for part in parts if part[0] <= asked.start < part[1]), None)
    if part is None:  # seconds past a minute at which she does not work either
        return {"interval": interval, "near": []}
    starts, end, grid, _ = part
    before = asked.start - (asked.start - grid) % interval
    near = [each if starts <= each < end else None for each in (before, before + interval)]
    return {"interval": interval, "near": [None if each is None else instant_of(each) for each in near]}


def _bounds(asked: Asked) -> dict[str, Any]:
    rules, calendar = asked.calendar.rules, asked.calendar
    return {
        "first": rules.first_day,
        "last": rules.last_day,
        "soonest": instant_of(calendar.soonest),
        "latest": instant_of(calendar.latest),
        "lead_hours": rules.lead_hours,
        "same_day": rules.same_day,
        "days": (calendar.latest - calendar.now) // 1440,
        "minutes": rules.minutes,
        "minutes_per_day": rules.minutes_per_day,
        "minutes_per_week": rules.minutes_per_week,
    }


def _visit(asked: Asked) -> dict[str, Any]:
    """The visit that is in the way: that it is at the same time, or (its buffers and the offer's) too near."""
    rules = asked.calendar.rules
    wide = asked.start - rules.buffer_before, asked.end + rules.buffer_after
    near = [(each, span(each.starts_at, each.ends_at)) for each in _near(asked, Visit)]
    for visit, (start, end) in near:
        if start < asked.end and asked.start < end:
            return {"visit": visit, "before": False}
    for visit, (start, end) in near:
        if start - visit.buffer_before < wide[1] and wide[0] < end + visit.buffer_after:
            return {"visit": visit, "before": asked.end <= start}
    return _busy(asked)


def _busy(asked: Asked) -> dict[str, Any]:
    """The time of an outside calendar that is in the way, or nearest to it."""

    def distance(busy: Busy) -> int:
        start, end = span(busy.starts_at, busy.ends_at)
        return max(start - asked.end, asked.start - end)

    busy = min(_near(asked, Busy), key=distance, default=None)
    return {"busy": busy, "before": busy is not None and asked.end <= minute_of(busy.starts_at)}


def _way(asked: Asked) -> dict[str, Any]:
    rules = asked.calendar.rules
    elsewhere = [
        visit
        for visit in _near(asked, Visit)
        if visit.place != rules.place
        and minute_of(visit.starts_at) - rules.travel < asked.end
        and asked.start < minute_from(visit.ends_at) + rules.travel
    ]
    return {"visit": elsewhere[0], "travel": rules.travel}


def _limits(asked: Asked) -> dict[str, Any]:
    """What is taken on already on that day and in that week, in visits and minutes, and the most of each."""
    rules, zone = asked.calendar.rules, asked.calendar.hours.zone
    day = local_date(zone, asked.start).toordinal()
    on = [(local_date(zone, each.start).toordinal(), each.end - each.start) for each in asked.calendar.taken.visits]
    of_day = [minutes for ordinal, minutes in on if ordinal == day]
    of_week = [minutes for ordinal, minutes in on if week_number(ordinal) == week_number(day)]
    return {
        "on": local_date(zone, asked.start),
        "minutes": rules.minutes,
        "day": (len(of_day), rules.per_day, sum(of_day), rules.minutes_per_day),
        "week": (len(of_week), rules.per_week, sum(of_week), rules.minutes_per_week),
    }


def _near(asked: Asked, table: Any) -> list[Any]:
    since, until = instant_of(asked.start) - AROUND, instant_of(asked.end) + AROUND
    near = (col(table.coach_id) == asked.offer.coach_id, table.ends_at > since, table.starts_at < until)
    return list(asked.session.scalars(select(table).where(*near).order_by(table.starts_at)))


_TELL: dict[Reason, Callable[[Asked], dict[str, Any]]] = {
    Reason.FULL: lambda asked: {"seats": asked.offer.seats} | _visit(asked),
    Reason.TIME_OFF: _away,
    Reason.HOLIDAY: _holiday,
    Reason.DATE_CLOSED: _hours,
    Reason.OUTSIDE_HOURS: _hours,
    Reason.OFF_GRID: _grid,
    Reason.OUTSIDE_DATES: _bounds,
    Reason.TOO_FAR: _bounds,
    Reason.TOO_SOON: _bounds,
    Reason.TOO_LONG: _bounds,
    Reason.TAKEN: _visit,
    Reason.BUSY: _busy,
    Reason.BUFFER: _visit,
    Reason.TRAVEL: _way,
    Reason.DAY_FULL: _limits,
    Reason.WEEK_FULL: _limits,
}
