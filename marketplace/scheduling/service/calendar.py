"""A coach's calendar: opened, locked, and the visits that claim her minutes."""

from datetime import date, datetime, timedelta
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from marketplace.coaches.models import Coach, Offer
from marketplace.db import locked, new_id
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.jobs import publish
from marketplace.scheduling import queries
from marketplace.scheduling.hours import granules, span
from marketplace.scheduling.models import Calendar, Claim, Visit
from marketplace.scheduling.walltime import instant_of, start_of


def openings(
    session: Session, offer: Offer, *, first: date, days: int, viewer_zone: str | ZoneInfo, now: datetime
) -> list[queries.Opening]:
    """The openings of an offer on `days` local dates of the viewer, from `first` on."""
    name = str(viewer_zone)
    between = (instant_of(start_of(name, first)), instant_of(start_of(name, first + timedelta(days=days))))
    return queries.openings(session, offer, between=between, now=now)


def open_calendar(session: Session, coach_id: UUID, timezone: str) -> Calendar:
    """Give a coach her calendar, in an IANA zone; a second call only moves it, and what her page says, to that zone."""
    if timezone not in _zones():
        raise Invalid("timezone", field="timezone")
    calendar = session.get(Calendar, coach_id)
    if calendar is None:
        calendar = Calendar(coach_id=coach_id, timezone=timezone)
        session.add(calendar)
        session.flush()
    calendar.timezone = timezone
    session.get_one(Coach, coach_id).timezone = timezone
    return calendar


def move_zone(session: Session, coach_id: UUID, timezone: str) -> None:
    """Her hours are wall times of another IANA zone from now on; whatever else is told in it hears of it."""
    if lock(session, coach_id).timezone != timezone:
        open_calendar(session, coach_id, timezone)
        changed(session, coach_id, hours=True)
        publish(session, "coach.changed", coach_id=coach_id)


def lock(session: Session, coach_id: UUID) -> Calendar:
    """The coach's calendar row, locked until the transaction ends: whoever books or changes her time starts here."""
    calendar: Calendar | None = locked(session, select(Calendar).where(col(Calendar.coach_id) == coach_id))
    if calendar is not None:
        return calendar
    coach = session.get(Coach, coach_id)
    if coach is None:
        raise NotFound("coach")
    return open_calendar(session, coach_id, coach.timezone)


def claim(
    session: Session,
    coach_id: UUID,
    holder_id: UUID,
    starts_at: datetime,
    ends_at: datetime,
    buffer_before: int = 0,
    buffer_after: int = 0,
    place: str = "",
) -> Visit:
    """Take a stretch of her time, buffers in minutes included. Conflict `time-gone` where any of it is taken."""
    visit = Visit(
        place=place,
        coach_id=coach_id,
        holder_id=holder_id,
        starts_at=starts_at,
        ends_at=ends_at,
        buffer_before=buffer_before,
        buffer_after=buffer_after,
    )
    start, end = span(starts_at, ends_at)
    numbers = granules(start - buffer_before, end + buffer_after)
    rows = [{"coach_id": coach_id, "granule": number, "visit_id": visit.id} for number in numbers]
    try:
        with session.begin_nested():
            session.add(visit)
            session.flush()
            session.execute(insert(Claim), rows)
    except IntegrityError:
        raise Conflict("time-gone") from None
    changed(session, coach_id)
    return visit


def join(session: Session, visit: Visit) -> None:
    """Take one more seat of a group visit. Conflict `time-gone` where none is left."""
    if visit.seats_taken >= visit.seats:
        raise Conflict("time-gone")
    visit.seats_taken += 1
    changed(session, visit.coach_id)


def leave(session: Session, visit_id: UUID, *, holder_id: UUID) -> None:
    """Give one seat of a group visit back, in which others sit; `holder_id` is one of them."""
    visit = session.get_one(Visit, visit_id, populate_existing=True)
    visit.seats_taken, visit.holder_id = visit.seats_taken - 1, holder_id
    changed(session, visit.coach_id)


def free(session: Session, visit_id: UUID) -> None:
    """Give a visit's time back. Nothing may point at it any more. A visit that is gone already is left alone."""
    visit = session.get(Visit, visit_id)
    if visit is None:
        return
    coach_id = visit.coach_id
    session.execute(delete(Claim).where(col(Claim.visit_id) == visit_id))
    session.delete(visit)
    changed(session, coach_id)


def changed(session: Session, coach_id: UUID, *, hours: bool = False) -> None:
    """Count a change of her calendar, and tell that her `hours`, or what is taken of them, are others."""
    session.flush()
    calendar = session.get(Calendar, coach_id)
    if calendar is None:
        return
    calendar.version += 1
    if hours:
        calendar.hours_stamp = new_id()
    session.flush()
    publish(session, "hours.changed", coach_id=coach_id)


def zone_of(name: str) -> ZoneInfo:
    """The zone of an IANA name; Invalid `timezone` for any other."""
    if name not in _zones():
        raise Invalid("timezone", field="timezone")
    return ZoneInfo(name)


@cache
def _zones() -> frozenset[str]:
    """All IANA names of places, and UTC; looking for them walks through the disk for 15 ms."""
    return frozenset(name for name in available_timezones() if "/" in name or name == "UTC")
