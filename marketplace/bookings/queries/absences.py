"""Reports that a side did not come, and clip reviews that are late, read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from marketplace.bookings.absence_models import Absence
from marketplace.bookings.absences import UNSETTLED, AbsenceStatus
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.coaches.models import Coach


def absence_of(session: Session, booking_id: UUID) -> Absence | None:
    """The report of a booking that was not taken back, read afresh."""
    standing = (col(Absence.booking_id) == booking_id) & (col(Absence.status) != AbsenceStatus.RETRACTED)
    found = session.execute(select(Absence).where(standing), execution_options={"populate_existing": True})
    return found.scalar_one_or_none()


def reports_of(session: Session, booking_id: UUID) -> Sequence[Absence]:
    """All reports of a booking, those too that were taken back, in order."""
    told = select(Absence).where(col(Absence.booking_id) == booking_id).order_by(col(Absence.reported_at))
    return session.execute(told).scalars().all()


def absences_by(session: Session, user_id: UUID) -> Sequence[Absence]:
    """All reports that a person has made, in order."""
    hers = select(Absence).where(col(Absence.reported_by) == user_id).order_by(col(Absence.reported_at))
    return session.execute(hers).scalars().all()


def reports_against(session: Session, coach_id: UUID) -> Sequence[Booking]:
    """A coach's bookings to which she is said not to have come, while she may still answer."""
    hers = select(Booking).join(Absence, col(Absence.booking_id) == col(Booking.id))
    hers = hers.where(col(Booking.coach_id) == coach_id, col(Absence.absent) == Actor.COACH)
    open_ones = hers.where(col(Absence.status) == AbsenceStatus.OPEN).order_by(col(Absence.object_until))
    return session.execute(open_ones).scalars().all()


def contested(session: Session, limit: int) -> list[tuple[Absence, Booking, Coach]]:
    """Reports to which the other side objects, the longest waiting first: staff decide."""
    rows = select(Absence, Booking, Coach).join(Booking, col(Booking.id) == col(Absence.booking_id))
    rows = rows.join(Coach, col(Coach.id) == col(Booking.coach_id))
    rows = rows.where(col(Absence.status) == AbsenceStatus.CONTESTED).order_by(col(Absence.reported_at)).limit(limit)
    return [(row[0], row[1], row[2]) for row in session.execute(rows)]


def unopposed(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Bookings with a report to which nobody has objected in time."""
    waiting = select(col(Absence.booking_id)).where(col(Absence.status) == AbsenceStatus.OPEN)
    return session.execute(waiting.where(col(Absence.object_until) < now).limit(limit)).scalars().all()


def is_unsettled() -> ColumnElement[bool]:
    """Of a booking in a statement: whether it is not settled yet that both came."""
    report = select(col(Absence.id)).where(col(Absence.booking_id) == col(Booking.id))
    return report.where(col(Absence.status).in_(UNSETTLED)).exists()


def late_untold(session: Session, now: datetime, limit: int = 200) -> list[tuple[UUID, datetime]]:
    """Paid clip reviews whose promise has passed and whose runner has not been told since: id and promise."""
    told = select(col(BookingEvent.id)).where(col(BookingEvent.booking_id) == col(Booking.id))
    told = told.where(col(BookingEvent.move) == "tell-late", col(BookingEvent.at) >= col(Booking.due_at))
    late = select(col(Booking.id), col(Booking.due_at)).where(
        col(Booking.status) == BookingStatus.CONFIRMED,
        col(Booking.starts_at).is_(None),
        col(Booking.due_at) < now,
        col(Booking.price) > 0,
        ~told.exists(),
    )
    return [(row[0], row[1]) for row in session.execute(late.order_by(col(Booking.due_at)).limit(limit))]
