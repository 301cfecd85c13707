"""Complaints, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace import db
from marketplace.accounts.models import User
from marketplace.bookings.absence_models import Absence
from marketplace.bookings.absences import AbsenceStatus
from marketplace.bookings.complaint_models import Complaint
from marketplace.bookings.complaints import ComplaintStatus
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.coaches.models import Coach


@dataclass(frozen=True, slots=True)
class Complained:
    """A complaint with what a list shows of it."""

    complaint: Complaint
    booking: Booking
    coach: Coach
    runner: User


def complaint_of(session: Session, booking_id: UUID) -> Complaint | None:
    """The complaint about a booking."""
    return session.execute(select(Complaint).where(col(Complaint.booking_id) == booking_id)).scalar_one_or_none()


def locked_complaint(session: Session, booking_id: UUID) -> Complaint | None:
    """The same, locked and read afresh."""
    found: Complaint | None = db.locked(session, select(Complaint).where(col(Complaint.booking_id) == booking_id))
    return found


def open_complaints(session: Session) -> list[Complained]:
    """What waits for a decision, the longest waiting first."""
    rows = select(Complaint, Booking, Coach, User).join(Booking, col(Booking.id) == col(Complaint.booking_id))
    rows = rows.join(Coach, col(Coach.id) == col(Booking.coach_id)).join(User, col(User.id) == col(Booking.runner_id))
    rows = rows.where(col(Complaint.status) == ComplaintStatus.OPEN).order_by(col(Complaint.made_at))
    return [Complained(*row) for row in session.execute(rows)]


def complaints_of(session: Session, runner_id: UUID) -> Sequence[Complaint]:
    """All that a runner has complained of."""
    hers = select(Complaint).join(Booking, col(Booking.id) == col(Complaint.booking_id))
    return session.execute(hers.where(col(Booking.runner_id) == runner_id)).scalars().all()


@dataclass(frozen=True, slots=True)
class Record:
    """What a person has done here so far, as who decides wants to know it; `missed`: by her, not by the other."""

    bookings: int
    completed: int
    missed: int
    complaints: int
    upheld: int


def record(session: Session, *, runner_id: UUID | None = None, coach_id: UUID | None = None) -> Record:
    """The record of a runner, or of a coach: paid bookings of theirs, and complaints about those."""
    whose = col(Booking.runner_id) == runner_id if runner_id else col(Booking.coach_id) == coach_id
    hers = select(col(Booking.status), func.count()).where(whose, col(Booking.confirmed_at).is_not(None))
    booked = {status.value: int(count) for status, count in session.execute(hers.group_by(col(Booking.status)))}
    absent = Actor.RUNNER if runner_id else Actor.COACH
    missed = select(func.count()).join_from(Absence, Booking, col(Booking.id) == col(Absence.booking_id))
    missed = missed.where(whose, col(Absence.absent) == absent, col(Absence.status) == AbsenceStatus.COUNTED)
    said = select(col(Complaint.status), func.count()).join(Booking, col(Booking.id) == col(Complaint.booking_id))
    told = {
        status.value: int(count) for status, count in session.execute(said.where(whose).group_by(col(Complaint.status)))
    }
    return Record(
        bookings=sum(booked.values()),
        completed=booked.get("completed", 0),
        missed=session.execute(missed).scalar_one(),
        complaints=sum(told.values()),
        upheld=told.get("upheld", 0),
    )
