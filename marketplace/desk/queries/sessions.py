"""A coach's sessions as her desk lists them: what waits, what comes, what was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.clips.models import Clip
from marketplace.coaches import queries as coaches
from marketplace.scheduling import queries as calendars
from marketplace.scheduling.hours import Hours, days, expand, merged, span
from marketplace.scheduling.walltime import local_date

PAGE = 20
CONFIRMED, CANCELLED = BookingStatus.CONFIRMED, BookingStatus.CANCELLED
OVER = (BookingStatus.COMPLETED, BookingStatus.MISSED)
WHEN = func.coalesce(col(Booking.starts_at), col(Booking.due_at), col(Booking.created_at))


@dataclass(frozen=True, slots=True)
class Row:
    """A booking with its runner and the number of clips she attached."""

    booking: Booking
    runner: User
    clips: int


def reviews_waiting(session: Session, coach_id: UUID) -> list[Row]:
    """Clip reviews that are paid and not answered, the one due first at the top."""
    waiting = _hers(coach_id).where(col(Booking.status) == CONFIRMED, col(Booking.starts_at).is_(None))
    return _rows(session, waiting.order_by(col(Booking.due_at), col(Booking.id)))


def ahead(session: Session, coach_id: UUID, now: datetime, limit: int) -> list[Row]:
    """Visits that are confirmed and not over, the next one first."""
    to_come = _hers(coach_id).where(col(Booking.status) == CONFIRMED, col(Booking.ends_at) > now)
    return _rows(session, to_come.order_by(col(Booking.starts_at), col(Booking.id)).limit(limit))


def listed(session: Session, coach_id: UUID, tab: str, now: datetime, page: int = 0) -> list[Row]:
    """One page of "coming" (the next first), "past" or "cancelled" (the latest first), and one row more if there is."""
    chosen = _hers(coach_id).where(_in_tab(tab, now))
    order = (WHEN, col(Booking.id)) if tab == "coming" else (WHEN.desc(), col(Booking.id).desc())
    return _rows(session, chosen.order_by(*order).offset(page * PAGE).limit(PAGE + 1))


def coming_count(session: Session, coach_id: UUID, now: datetime) -> int:
    """How many sessions are to come, clips to answer included."""
    counted = select(func.count()).where(col(Booking.coach_id) == coach_id, _in_tab("coming", now))
    return int(session.execute(counted).scalar_one())


def visits_between(session: Session, coach_id: UUID, since: datetime, until: datetime) -> list[Booking]:
    """Visits that start in [since, until), to come or done."""
    hers = select(Booking).where(col(Booking.coach_id) == coach_id)
    hers = hers.where(col(Booking.starts_at) >= since, col(Booking.starts_at) < until)
    return list(session.scalars(hers.where(col(Booking.status).in_((CONFIRMED, BookingStatus.COMPLETED)))))


def outside_hours(session: Session, coach_id: UUID, now: datetime) -> list[Row]:
    """Visits to come that her hours, as they are now, would no longer offer. They stay as they were agreed."""
    terms = calendars.calendar_terms(session, coach_id)
    if terms is None:
        return []
    rows = ahead(session, coach_id, now, 500)
    of = {each.id: each.schedule for each in coaches.offers(session, coach_id, withdrawn=True)} if rows else {}
    return [row for row in rows if not _inside(terms.hours_for(of.get(row.booking.offer_id, 0)), row.booking)]


def _hers(coach_id: UUID) -> Select[Booking, User]:
    joined = select(Booking, User).join(User, col(User.id) == col(Booking.runner_id))
    return joined.where(col(Booking.coach_id) == coach_id)


def _in_tab(tab: str, now: datetime) -> ColumnElement[bool]:
    status = col(Booking.status)
    to_come = or_(col(Booking.starts_at).is_(None), col(Booking.ends_at) > now)
    if tab == "coming":
        return (status == CONFIRMED) & to_come
    if tab == "cancelled":
        return status == CANCELLED
    return or_(status.in_(OVER), (status == CONFIRMED) & ~to_come)


def _rows(session: Session, statement: Select[Booking, User]) -> list[Row]:
    found = session.execute(statement).all()
    counted = _clips(session, [booking.id for booking, _ in found])
    return [Row(booking, runner, counted.get(booking.id, 0)) for booking, runner in found]


def _clips(session: Session, booking_ids: Sequence[UUID]) -> dict[UUID, int]:
    of = col(Clip.booking_id)
    rows = session.execute(select(of, func.count()).where(of.in_(booking_ids)).group_by(of))
    return {row[0]: row[1] for row in rows}


def _inside(hours: Hours, booking: Booking) -> bool:
    if booking.starts_at is None or booking.ends_at is None:
        return True  # a clip review has no hour
    start, end = span(booking.starts_at, booking.ends_at)
    on = local_date(hours.zone, start)
    around = days(on - timedelta(days=1), on + timedelta(days=1))
    work = merged(part for day in around for window in hours.of(day) for part in expand(hours.zone, day, window))
    return any(since <= start and end <= until for since, until in work)
