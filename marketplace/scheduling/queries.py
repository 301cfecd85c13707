"""Reads of a coach's calendar, as the pure rules want them: columns, not entities."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy
from sqlalchemy import BigInteger, bindparam, extract, literal, select
from sqlmodel import Session, col

from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import NotFound
from marketplace.places.models import Place
from marketplace.scheduling import closed, holidays
from marketplace.scheduling import openings as rules
from marketplace.scheduling.closed import Reason
from marketplace.scheduling.hours import Window
from marketplace.scheduling.models import Busy, Calendar, DateException, Visit
from marketplace.scheduling.openings import HORIZON_DAYS, Rules, Start, Taken, Visited
from marketplace.scheduling.terms import USUAL, Terms, holding, in_force, schedules, terms_of, time_off, weekly
from marketplace.scheduling.walltime import instant_of, minute_from

WEEK = timedelta(days=8)
"""Around a range: visits within it count towards the limits of the weeks at its ends."""


NONE = UUID(int=0)
"""The id of no visit."""


def _near(*, many: bool) -> Any:
    """Visits but for one, then times busy elsewhere (without free seats), around a range; instants as epoch seconds.
    For `many` coaches each row begins with whose it is."""
    coach_id: Any = bindparam("coach_id", expanding=many)
    since: Any = bindparam("since")
    until: Any = bindparam("until")

    def times(table: Any) -> Any:
        seconds = [sqlalchemy.cast(extract("epoch", each), BigInteger) for each in (table.starts_at, table.ends_at)]
        whose = table.coach_id.in_(coach_id) if many else table.coach_id == coach_id
        return [table.coach_id] * many + seconds, (whose, table.ends_at > since, table.starts_at < until)

    kept, where = times(Visit)
    more = [col(Visit.buffer_before), col(Visit.buffer_after), col(Visit.place)]
    group = sqlalchemy.case((col(Visit.seats) > 1, col(Visit.offer_id)))
    visits = select(*kept, *more, group, col(Visit.seats) - col(Visit.seats_taken)).where(*where)
    visits = visits.where(col(Visit.id) != bindparam("without", NONE))
    kept, where = times(Busy)
    busy = select(*kept, literal(0), literal(0), literal(""), sqlalchemy.null(), sqlalchemy.null()).where(*where)
    return visits.union_all(busy)


_NEAR_ONE, _NEAR_MANY = _near(many=False), _near(many=True)
__all__ = ["USUAL", "Reason", "Terms", "holding", "in_force", "schedules", "time_off", "weekly"]


@dataclass(frozen=True, slots=True)
class Opening:
    """A time that can be booked, from start to end, in UTC."""

    starts_at: datetime
    ends_at: datetime


def openings(
    session: Session, offer: Offer, *, between: tuple[datetime, datetime], now: datetime, without: UUID | None = None
) -> list[Opening]:
    """The openings of an offer that start in [between), as they are `without` one visit. An offer without a fixed hour
    has none."""
    length = timedelta(minutes=offer.minutes or 0)
    found = open_minutes(session, offer, between=between, now=now, without=without)
    return [Opening(start, start + length) for start in map(instant_of, found)]


def open_minutes(
    session: Session, offer: Offer, *, between: tuple[datetime, datetime], now: datetime, without: UUID | None = None
) -> list[int]:
    """The same as the UTC minutes of their starts, in order."""
    between = max(between[0], now), min(between[1], now + timedelta(days=HORIZON_DAYS + 1))
    if offer.minutes is None or between[0] >= between[1]:
        return []
    calendar = calendar_for(session, offer, between, now, without)
    return calendar.between(minute_from(between[0]), minute_from(between[1])) if calendar else []


def why_closed(
    session: Session, offer: Offer, starts_at: datetime, now: datetime, without: UUID | None = None
) -> Reason | None:
    """Why that start can't be booked, also `without` one visit; None when it can. Ask under the lock of the calendar to
    rely on it."""
    calendar = calendar_for(session, offer, (starts_at, starts_at), now, without) if offer.minutes else None
    return closed.why_closed(calendar, starts_at, now)


def starts(session: Session, offer: Offer, now: datetime, days: int) -> list[Start]:
    """The open starts of an offer in the next `days` days of 24 hours, each with how long it can be booked."""
    between = (now, now + timedelta(days=days))
    calendar = calendar_for(session, offer, between, now) if offer.minutes else None
    return calendar.starts(minute_from(between[0]), minute_from(between[1])) if calendar else []


def starts_of_many(session: Session, offers: Sequence[Offer], now: datetime, days: int) -> dict[UUID, list[Start]]:
    """The same of many offers with a fixed hour, by their ids; seats of group visits are not looked for."""
    since, until = minute_from(now), minute_from(now + timedelta(days=days))
    calendars = _calendars(session, offers, now, timedelta(days=days))
    return {offer_id: calendar.starts(since, until) for offer_id, calendar in calendars}


def next_starts(session: Session, offers: Sequence[Offer], now: datetime) -> dict[UUID, datetime | None]:
    """The first open start of each of many offers, as `starts_of_many` counts them."""
    calendars = _calendars(session, offers, now, timedelta(days=HORIZON_DAYS))
    first = ((offer_id, calendar.next_after(minute_from(now))) for offer_id, calendar in calendars)
    return {offer_id: None if start is None else instant_of(start) for offer_id, start in first}


def _calendars(
    session: Session, offers: Sequence[Offer], now: datetime, ahead: timedelta
) -> Iterator[tuple[UUID, rules.Calendar]]:
    coach_ids = list({offer.coach_id for offer in offers})
    terms, taken = terms_of(session, coach_ids), taken_of_many(session, coach_ids, now, now + ahead)
    for offer in offers:
        of_coach = terms.get(offer.coach_id)
        if offer.minutes is not None and of_coach is not None:
            whose = taken.get(offer.coach_id, Taken())
            yield offer.id, rules.Calendar(of_coach.hours_for(offer.schedule), rules_of(offer, of_coach), whose, now)


def next_start(session: Session, offer: Offer, now: datetime) -> datetime | None:
    """The first open start of one offer."""
    return next_starts(session, [offer], now).get(offer.id)


def calendar_for(
    session: Session, offer: Offer, between: tuple[datetime, datetime], now: datetime, without: UUID | None = None
) -> rules.Calendar | None:
    """The coach's time under an offer's rules, with what is taken around [between] but for one visit; None where she
    has no calendar."""
    terms = calendar_terms(session, offer.coach_id)
    if terms is None:
        return None
    group = (offer.id, offer.minutes or 0)
    taken = taken_between(session, offer.coach_id, *between, group=group, without=without)
    return rules.Calendar(terms.hours_for(offer.schedule), rules_of(offer, terms), taken, now)


def calendar_terms(session: Session, coach_id: UUID) -> Terms | None:
    """Hours and limits of a coach; None where she has no calendar yet."""
    return terms_of(session, [coach_id]).get(coach_id)


def exceptions(session: Session, coach_id: UUID, since: date | None = None) -> dict[date, list[Window]]:
    """Her other days, in order, with the windows that hold on them."""
    columns = (col(DateException.on_date), col(DateException.windows))
    mine = select(*columns).where(col(DateException.coach_id) == coach_id).order_by(columns[0])
    if since:
        mine = mine.where(columns[0] >= since)
    return {on: [Window(*window) for window in windows] for on, windows in session.execute(mine)}


def taken_between(
    session: Session,
    coach_id: UUID,
    since: datetime,
    until: datetime,
    *,
    group: tuple[UUID, int] | None = None,
    without: UUID | None = None,
) -> Taken:
    """What stands in the way of visits that start in [since, until], and what counts towards limits around it, but for
    one visit; for a `group` (an offer, its length in minutes) the seats left in its visits too."""
    near = {"coach_id": coach_id, "since": since - WEEK, "until": until + WEEK, "without": without or NONE}
    return _taken(session.connection().execute(_NEAR_ONE, near).all(), group)


def taken_of_many(session: Session, coach_ids: Sequence[UUID], since: datetime, until: datetime) -> dict[UUID, Taken]:
    """The same by coach, for those of whose time anything is taken; without seats."""
    near = {"coach_id": coach_ids, "since": since - WEEK, "until": until + WEEK}
    by_coach: dict[UUID, list[Any]] = defaultdict(list)
    for coach_id, *row in session.connection().execute(_NEAR_MANY, near):
        by_coach[coach_id].append(row)
    return {each: _taken(rows) for each, rows in by_coach.items()}


def _taken(rows: Iterable[Any], group: tuple[UUID, int] | None = None) -> Taken:
    spans, visits, outside, seats = [], [], [], {}
    for starts_at, ends_at, before, after, place, whose, free in rows:
        start, end = starts_at // 60, -(-ends_at // 60)
        if free is None:
            outside.append((start, end))
            continue
        spans.append((start - before, end + after))
        visits.append(Visited(start, end, place))
        if whose is not None and (whose, end - start) == group:
            seats[start] = free
    return Taken(spans, visits, outside, seats)


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
        first_day=offer.book_from,
        last_day=offer.book_until,
        per_day=terms.per_day,
        per_week=terms.per_week,
        minutes_per_day=terms.minutes_per_day,
        minutes_per_week=terms.minutes_per_week,
        travel=terms.travel,
        place=place_of(offer),
    )


def place_of(offer: Offer) -> str:
    """Where a coach has to be for an offer; empty: at her desk."""
    where = offer.exact_address or offer.meeting_point if offer.kind is OfferKind.IN_PERSON else ""
    return " ".join(where.casefold().split())


def calendar_of(session: Session, coach_id: UUID) -> Calendar:
    """The coach's calendar row; NotFound where she has none."""
    found = session.get(Calendar, coach_id)
    if found is None:
        raise NotFound("calendar")
    return found


def holidays_of(session: Session, coach: Coach) -> str | None:
    """The code of the statutory holidays of where she lives; None where none are known."""
    home = session.get_one(Place, coach.place_id)
    return holidays.code_of(home.country, home.region)


def coach_of(session: Session, user_id: UUID) -> Coach:
    """The coach that a person is; NotFound where she is none."""
    found: Coach | None = session.execute(select(Coach).where(col(Coach.user_id) == user_id)).scalar_one_or_none()
    if found is None:
        raise NotFound("coach")
    return found
