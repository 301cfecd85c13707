"""Seats of group visits, and open times near one that is gone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.bookings.queries.booked import locked, visible
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict
from marketplace.scheduling import queries as calendars
from marketplace.scheduling.models import Visit
from marketplace.scheduling.queries import Opening

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


def locked_of_visit(session: Session, booking_id: UUID, party: User) -> Sequence[Booking]:
    """All who sit in the visit of a booking, this one among them, locked and read afresh, by seat; for those who have
    part in it. Conflict `seats-changed` where it moved in that moment."""
    visit_id = visible(session, booking_id, party).visit_id
    if visit_id is None:
        return [locked(session, booking_id)]
    there = (
        select(Booking)
        .where(col(Booking.visit_id) == visit_id)
        .order_by(col(Booking.id))
        .with_for_update(key_share=True)
    )
    found = session.execute(there, execution_options={"populate_existing": True}).scalars().all()
    if booking_id not in {each.id for each in found}:
        raise Conflict("seats-changed")
    return sorted(found, key=lambda each: each.seat or 0)


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


def freed_by(session: Session, booking: Booking, seats: int = 1) -> UUID | None:
    """The visit that there will be no more once a booking is moved, with so many who sit in its visit: it stands in
    the way of nothing then. None where others stay."""
    if booking.visit_id is None:
        return None
    return booking.visit_id if len(sitting_in(session, booking.visit_id)) <= seats else None


def openings_for(
    session: Session,
    booking: Booking,
    offer: Offer,
    *,
    between: tuple[datetime, datetime],
    now: datetime,
    seats: int = 1,
) -> list[Opening]:
    """Where a booking can be moved in [between), with so many who sit in its visit."""
    without = freed_by(session, booking, seats)
    found = calendars.openings(session, offer, between=between, now=now, without=without)
    left = seats_left(session, offer, *between) if seats > 1 else {}
    return [each for each in found if each.starts_at != booking.starts_at and left.get(each.starts_at, seats) >= seats]


def open_near(
    session: Session, offer: Offer, starts_at: datetime, now: datetime, without: UUID | None = None
) -> list[datetime]:
    """The open times nearest to one that can't be had, in order, as they are `without` one visit."""
    around = max(now, min(starts_at, now + FURTHEST))
    between = around - NEAR, around + NEAR
    found = [each.starts_at for each in calendars.openings(session, offer, between=between, now=now, without=without)]
    nearest = sorted((each for each in found if each != starts_at), key=lambda each: abs(each - starts_at))
    return sorted(nearest[:MOST_NEAR])
