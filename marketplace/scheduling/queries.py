"""Reads of a coach's calendar, as the pure rules want them: columns, not entities."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.coaches.models import Coach, Offer
from marketplace.errors import NotFound
from marketplace.scheduling import openings as rules
from marketplace.scheduling.hours import Hours, Span, Window, span
from marketplace.scheduling.models import Busy, Calendar, DateException, Visit, WeeklyWindow
from marketplace.scheduling.openings import HORIZON_DAYS, Reason, Rules, Start, Taken
from marketplace.scheduling.walltime import instant_of, minute_from

WEEK = timedelta(days=8)
"""Around a range: visits within it count towards the limits of the weeks at its ends."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A time that can be booked, from start to end, in UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Terms:
    """The part of a coach's calendar that all of her offers share."""

    hours: Hours
    per_day: int | None
    per_week: int | None


def openings(session: Session, offer: Offer, *, between: tuple[datetime, datetime], now: datetime) -> list[Opening]:
    """The openings of an offer that start in [between). An offer without a fixed hour has none."""
    terms = calendar_terms(session, offer.coach_id)
    if terms is None or offer.minutes is None:
        return []
    between = max(between[0], now), min(between[1], now + timedelta(days=HORIZON_DAYS + 1))
    if between[0] >= between[1]:
        return []
    taken = taken_between(session, offer.coach_id, *between)
    starts = rules.openings(terms.hours, rules_of(offer, terms), taken, now=now, between=between)
    length = timedelta(minutes=offer.minutes)
    return [Opening(start, start + length) for start in starts]


def why_closed(session: Session, offer: Offer, starts_at: datetime, now: datetime) -> Reason | None:
    """Why that start can't be booked; None when it can. Ask under the lock of the calendar to rely on it."""
    terms = calendar_terms(session, offer.coach_id)
    if terms is None or offer.minutes is None:
        return Reason.OUTSIDE_HOURS
    taken = taken_between(session, offer.coach_id, starts_at, starts_at)
    return rules.why_closed(terms.hours, rules_of(offer, terms), taken, now=now, start=starts_at)


def starts(session: Session, offer: Offer, now: datetime, days: int) -> list[Start]:
    """The open starts of an offer in the next `days` days of 24 hours, each with how long it can be booked."""
    terms = calendar_terms(session, offer.coach_id)
    if terms is None or offer.minutes is None:
        return []
    between = (now, now + timedelta(days=days))
    taken = taken_between(session, offer.coach_id, *between)
    return rules.starts(terms.hours, rules_of(offer, terms), taken, now=now, between=between)


def next_start(session: Session, offer: Offer, now: datetime) -> datetime | None:
    """The first open start of one offer."""
    terms = calendar_terms(session, offer.coach_id)
    if terms is None or offer.minutes is None:
        return None
    taken = taken_between(session, offer.coach_id, now, now + timedelta(days=HORIZON_DAYS))
    start = rules.Calendar(terms.hours, rules_of(offer, terms), taken, now).next_after(minute_from(now))
    return None if start is None else instant_of(start)


def calendar_terms(session: Session, coach_id: UUID) -> Terms | None:
    """Hours and limits of a coach; None where she has no calendar yet."""
    columns = (Calendar.timezone, Calendar.most_visits_per_day, Calendar.most_visits_per_week)
    row = session.execute(select(*columns).where(col(Calendar.coach_id) == coach_id)).one_or_none()  # type: ignore[call-overload]
    if row is None:
        return None
    return Terms(Hours(row[0], weekly(session, coach_id), exceptions(session, coach_id)), row[1], row[2])


def weekly(session: Session, coach_id: UUID) -> dict[int, list[Window]]:
    """Her windows by weekday (Monday is 0), in order."""
    found: dict[int, list[Window]] = defaultdict(list)
    columns = (col(WeeklyWindow.weekday), col(WeeklyWindow.starts), col(WeeklyWindow.ends))
    rows = session.execute(select(*columns).where(col(WeeklyWindow.coach_id) == coach_id).order_by(*columns[:2]))
    for weekday, starts, ends in rows:
        found[weekday].append(Window(starts, ends))
    return dict(found)


def exceptions(session: Session, coach_id: UUID, since: date | None = None) -> dict[date, list[Window]]:
    """Her other days, in order, with the windows that hold on them."""
    columns = (col(DateException.on_date), col(DateException.windows))
    mine = select(*columns).where(col(DateException.coach_id) == coach_id).order_by(columns[0])
    if since:
        mine = mine.where(columns[0] >= since)
    return {on: [Window(*window) for window in windows] for on, windows in session.execute(mine)}


def taken_between(session: Session, coach_id: UUID, since: datetime, until: datetime) -> Taken:
    """What stands in the way of visits that start in [since, until], and what counts towards limits around it."""
    columns = (col(Visit.starts_at), col(Visit.ends_at), col(Visit.buffer_before), col(Visit.buffer_after))
    near = select(*columns).where(col(Visit.coach_id) == coach_id)
    near = near.where(columns[0] > since - WEEK, columns[0] < until + WEEK)
    spans: list[Span] = []
    starts: list[int] = []
    for starts_at, ends_at, before, after in session.execute(near):
        start, end = span(starts_at, ends_at)
        spans.append((start - before, end + after))
        starts.append(start)
    return Taken(spans, starts, _outside(session, coach_id, since, until))


def _outside(session: Session, coach_id: UUID, since: datetime, until: datetime) -> list[Span]:
    columns = (col(Busy.starts_at), col(Busy.ends_at))
    near = select(*columns).where(col(Busy.coach_id) == coach_id)
    rows = session.execute(near.where(columns[0] < until + WEEK, columns[1] > since - WEEK))
    return [span(starts_at, ends_at) for starts_at, ends_at in rows]


def rules_of(offer: Offer, terms: Terms) -> Rules:
    """How an offer with a fixed hour may be booked."""
    assert offer.minutes is not None  # noqa: S101  (the offer's CHECK sees to it)
    return Rules(
        minutes=offer.minutes,
        interval=offer.interval_minutes,
        buffer_before=offer.buffer_before,
        buffer_after=offer.buffer_after,
        lead_hours=offer.lead_hours,
        same_day=not offer.no_same_day,
        horizon_days=offer.window_days,
        per_day=terms.per_day,
        per_week=terms.per_week,
    )


def calendar_of(session: Session, coach_id: UUID) -> Calendar:
    """The coach's calendar row; NotFound where she has none."""
    found = session.get(Calendar, coach_id)
    if found is None:
        raise NotFound("calendar")
    return found


def coach_of(session: Session, user_id: UUID) -> Coach:
    """The coach that a person is; NotFound where she is none."""
    found: Coach | None = session.execute(select(Coach).where(col(Coach.user_id) == user_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("coach")
    return found
