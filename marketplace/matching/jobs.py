"""When the search table is looked at again: after whatever changes a coach, and now and then."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.bookings.models import Booking
from marketplace.db import transaction
from marketplace.jobs import enqueue, job, on
from marketplace.matching import counting, service

PATIENCE = timedelta(seconds=10)


@on("coach.changed")
@on("payouts.changed")
def show_at_once(session: Session, coach_id: UUID) -> None:
    """A coach who is approved, paused, or sells something else is found, or not, from now on."""
    service.refresh(session, coach_id)


@on("hours.changed")
def show_soon(session: Session, coach_id: UUID) -> None:
    """Her next opening may be another; whoever books should not wait for the search table."""
    enqueue(session, "matching.refresh_coach", coach_id=coach_id)


@on("booking.completed")
@on("rating.given")
def show_soon_of(session: Session, booking_id: UUID) -> None:
    """What a coach has done is part of her standing."""
    booking = session.get(Booking, booking_id)
    if booking is not None:
        show_soon(session, booking.coach_id)


@job("matching.refresh_coach")
def refresh_coach(session: Session, coach_id: str) -> None:
    """Look at one coach again."""
    service.refresh(session, UUID(coach_id))


@job("matching.refresh", transactional=False)
def refresh() -> None:
    """Look again at rows that time has overtaken, a few in a transaction, until none is left or others wait."""
    until = clock.now() + PATIENCE
    while clock.now() < until:
        with transaction() as session:
            if not service.refresh_stale(session, clock.now()):
                return


@on("booking.confirmed")
def count_booked(session: Session, booking_id: UUID) -> None:
    """What came of it all."""
    booking = session.get(Booking, booking_id)
    if booking is not None:
        counting.booked(session, booking.coach_id, clock.now().date())


@job("matching.forget_counts")
def forget_counts(session: Session) -> None:
    """Delete the counts of days long past."""
    counting.forget(session, clock.now().date())
