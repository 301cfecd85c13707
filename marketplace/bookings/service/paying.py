"""What news of a payment does to a booking; inside the transaction that has the news."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.service import holding
from marketplace.bookings.service.time import check_place, take_time
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.calendars import queries as elsewhere
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict
from marketplace.jobs import enqueue, publish
from marketplace.payments import queries as orders
from marketplace.payments import service as payments
from marketplace.scheduling import service as scheduling


def confirm_paid(session: Session, order_id: UUID) -> None:
    """Confirm what a paid order bought; a second telling changes nothing.

    Paid after the hold was over: confirmed if the time is still free. Else all the money goes back and the runner
    hears of other times. What the runner gave up stays given up: all the money goes back.
    """
    for booking_id in _bookings(session, order_id):
        booking = queries.locked(session, booking_id)
        if booking.status == BookingStatus.HELD:
            _confirm(session, booking, "confirm")
        elif booking.status == BookingStatus.EXPIRED:
            _confirm_late(session, booking, order_id)


def expire_unpaid(session: Session, order_id: UUID) -> None:
    """End the holds of an order that Stripe says will not be paid."""
    for booking_id in _bookings(session, order_id):
        holding.expire(session, booking_id)


def _confirm(session: Session, booking: Booking, move: str) -> None:
    now = clock.now()
    booking.make(move, by=Actor.SYSTEM, at=now)
    booking.confirmed_at = now
    if booking.turnaround_hours is not None:
        booking.due_at = now + timedelta(hours=booking.turnaround_hours)
    session.flush()
    _tell(session, booking, "confirmed")
    publish(session, "booking.confirmed", booking_id=booking.id)


def _confirm_late(session: Session, booking: Booking, order_id: UUID) -> None:
    now = clock.now()
    if any(event.move == "abandon" for event in queries.history(session, booking.id)):
        _give_back(session, booking, order_id, now, "given-up")
        return
    calendar = scheduling.lock(session, booking.coach_id)
    offer = session.get_one(Offer, booking.offer_id)
    try:
        _retake(session, booking, offer, calendar.timezone, now)
    except Conflict:
        _give_back(session, booking, order_id, now, "time-gone")
        return
    _confirm(session, booking, "confirm-late")


def _retake(session: Session, booking: Booking, offer: Offer, timezone: str, now: datetime) -> None:
    """Take the same time again. Only what is taken counts: it was bookable when she chose it."""
    if booking.starts_at is None:
        check_place(session, offer, timezone, now)
        return
    if booking.starts_at <= now:
        raise Conflict("visit-started")
    assert booking.ends_at  # noqa: S101  (what starts, ends)
    if elsewhere.is_busy(session, booking.coach_id, booking.starts_at, booking.ends_at):
        raise Conflict("time-gone")
    take_time(session, booking, offer, booking.starts_at)


def _give_back(session: Session, booking: Booking, order_id: UUID, now: datetime, reason: str) -> None:
    given_back = any(event.move == "give-back" for event in queries.history(session, booking.id))
    if given_back:
        return
    booking.make("give-back", by=Actor.SYSTEM, at=now, reason=reason)
    key = f"booking:{booking.id}:given-back"
    payments.refund(session, order_id, amount=booking.price, key=key, reason=reason, by="system")
    _tell(session, booking, "given-back", gave_up=reason == "given-up")


def _tell(session: Session, booking: Booking, news: str, **facts: Any) -> None:
    key = f"bookings.tell:{booking.id}:{news}"
    enqueue(session, "bookings.tell", key=key, booking_id=booking.id, news=news, **facts)


def _bookings(session: Session, order_id: UUID) -> list[UUID]:
    return [line.reference_id for line in orders.lines(session, order_id) if line.kind == "booking"]
