"""Seats of group visits, and open times near one that is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Offer
from marketplace.scheduling import queries as calendars
from marketplace.scheduling.models import Visit

NEAR = timedelta(days=10)
MOST_NEAR = 8
FURTHEST = timedelta(days=90)


def joinable(session: Session, offer: Offer, starts_at: datetime) -> Visit | None:
    """The group visit of an offer at that start which still has a seat, read afresh.

    To sit down, hold the lock of the calendar; one of the visit's own would wait for whoever leaves a seat of it.
    """
    there = select(Visit).where(col(Visit.coach_id) == offer.coach_id, col(Visit.offer_id) == offer.id)
    there = there.where(col(Visit.starts_at) == starts_at)
    there = there.where(col(Visit.ends_at) == starts_at + timedelta(minutes=offer.minutes or 0))
    found = session.execute(there, execution_options={"populate_existing": True}).scalar_one_or_none()
    return found if found is not None and found.seats_taken < found.seats else None


def free_seat(session: Session, visit_id: UUID) -> int:
    """The lowest number of a visit's seats that nobody has."""
    seats = select(col(Booking.seat)).where(col(Booking.visit_id) == visit_id)
    taken = set(session.execute(seats).scalars())
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def sitting_in(session: Session, visit_id: UUID) -> Sequence[UUID]:
    """The bookings that have a seat of a visit, by seat."""
    there = select(col(Booking.id)).where(col(Booking.visit_id) == visit_id)
    return session.execute(there.order_by(col(Booking.seat))).scalars().all()


def seats_left(session: Session, offer: Offer, since: datetime, until: datetime) -> dict[datetime, int]:
    """Of an offer's group visits that start in [since, until): how many seats are left. Other starts have them all."""
    if offer.seats == 1:
        return {}
    columns = (col(Visit.starts_at), col(Visit.seats), col(Visit.seats_taken))
    there = select(*columns).where(col(Visit.coach_id) == offer.coach_id, col(Visit.offer_id) == offer.id)
    there = there.where(columns[0] >= since, columns[0] < until)
    return {starts_at: seats - taken for starts_at, seats, taken in session.execute(there)}


def same_visit(session: Session, offer_id: UUID, starts_at: datetime, runner_id: UUID) -> UUID | None:
    """The runner's booking of an offer at that very start, held or confirmed."""
    hers = select(col(Booking.id)).where(col(Booking.runner_id) == runner_id, col(Booking.offer_id) == offer_id)
    hers = hers.where(
        col(Booking.status).in_((BookingStatus.HELD, BookingStatus.CONFIRMED)), col(Booking.starts_at) == starts_at
    )
    return session.execute(hers.limit(1)).scalar_one_or_none()


def open_near(session: Session, offer: Offer, starts_at: datetime, now: datetime) -> list[datetime]:
    """The open times nearest to one that can't be had, in order."""
    around = max(now, min(starts_at, now + FURTHEST))
    between = around - NEAR, around + NEAR
    found = [each.starts_at for each in calendars.openings(session, offer, between=between, now=now)]
    nearest = sorted((each for each in found if each != starts_at), key=lambda each: abs(each - starts_at))
    return sorted(nearest[:MOST_NEAR])
