"""What time brings: visits that start or are over, and holds that are."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.bookings.models import Booking, BookingEvent
from marketplace.bookings.queries.absences import is_unsettled
from marketplace.bookings.queries.booked import history
from marketplace.bookings.reminders import TELLING
from marketplace.bookings.states import BookingStatus


def visits_ahead(session: Session, coach_id: UUID, now: datetime) -> Sequence[UUID]:
    """A coach's confirmed visits that are not over."""
    hers = select(col(Booking.id)).where(col(Booking.coach_id) == coach_id, col(Booking.ends_at) > now)
    return session.execute(hers.where(col(Booking.status) == BookingStatus.CONFIRMED)).scalars().all()


def overdue_holds(session: Session, now: datetime, limit: int) -> Sequence[tuple[UUID, UUID | None]]:
    """Holds that are over, with their orders, the longest over first."""
    over = select(col(Booking.id), col(Booking.order_id)).where(col(Booking.status) == BookingStatus.HELD)
    over = over.where(col(Booking.hold_expires_at) <= now).order_by(col(Booking.hold_expires_at)).limit(limit)
    return [(row[0], row[1]) for row in session.execute(over)]


def over(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Confirmed visits whose end has passed, but for those to which somebody is said not to have come."""
    ended = select(col(Booking.id)).where(col(Booking.status) == BookingStatus.CONFIRMED, ~is_unsettled())
    return session.execute(ended.where(col(Booking.ends_at) <= now).limit(limit)).scalars().all()


def starting(session: Session, *, after: datetime, until: datetime) -> list[tuple[UUID, datetime, datetime]]:
    """Confirmed visits that start in (after, until]: id, start, and when both were last told of it."""
    told = select(func.max(col(BookingEvent.at))).where(
        col(BookingEvent.booking_id) == col(Booking.id), col(BookingEvent.move).in_(TELLING)
    )
    last = func.coalesce(told.scalar_subquery(), col(Booking.created_at))
    soon = select(col(Booking.id), col(Booking.starts_at), last).where(col(Booking.status) == BookingStatus.CONFIRMED)
    soon = soon.where(col(Booking.starts_at) > after, col(Booking.starts_at) <= until)
    return [(row[0], row[1], row[2]) for row in session.execute(soon)]


def told_at(session: Session, booking: Booking) -> datetime:
    """When both were last told of a visit's time."""
    told = [event.at for event in history(session, booking.id) if event.move in TELLING]
    return max(told, default=booking.created_at)
