"""What news of a payment does to a booking; inside the transaction that has the news."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.service import unpaid
from marketplace.bookings.service.time import check_not_hers, check_place, give_time_back, take_time
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.calendars import queries as elsewhere
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict
from marketplace.jobs import enqueue, publish
from marketplace.payments import queries as orders
from marketplace.payments import service as payments
from marketplace.promotions import service as promotions
from marketplace.scheduling import service as scheduling


def confirm_paid(session: Session, order_id: UUID) -> None:
    """Confirm what a paid order bought; a second telling changes nothing.

    What was held together is confirmed together. Paid after the hold was over: confirmed if the time is still free;
    else all the money goes back and the runner hears of other times. What she had given up stays so, and is paid back.
    """
    bookings = queries.locked_of_order(session, order_id) or _first_seen(session, order_id)
    held = [each for each in bookings if each.status == BookingStatus.HELD]
    expired = [each for each in bookings if each.status == BookingStatus.EXPIRED]
    for booking in held:
        _confirm(session, booking, "confirm")
    if held:
        _tell(session, held[0], "confirmed")
    if expired:
        _confirm_late(session, expired, order_id)


def confirm_at_once(session: Session, booking: Booking) -> None:
    """Confirm a hold that needs no payment of its own."""
    _confirm(session, booking, "confirm")
    _tell(session, booking, "confirmed")


def expire_unpaid(session: Session, order_id: UUID) -> None:
    """End the holds of an order that Stripe says will not be paid."""
    for booking_id in _bookings(session, order_id):
        unpaid.expire(session, booking_id)


def cancel_taken_back(session: Session, order_id: UUID, reason: str) -> None:
    """Cancel what is still to come of an order whose payment has gone back without us: nobody pays for it any more.

    `reason`: "dispute" where a bank took it, "at-stripe" where it was refunded on Stripe's own pages.
    """
    now = clock.now()
    for booking in queries.locked_of_order(session, order_id, with_credits=True):
        unpaid_now = payments.refunded_for(session, booking.id) >= booking.price
        if booking.is_confirmed and unpaid_now and (booking.starts_at is None or booking.starts_at > now):
            booking.make("cancel", by=Actor.SYSTEM, at=now, reason=reason)
            booking.calendar_sequence += 1
            give_time_back(session, booking)
            _tell(session, booking, "cancelled", by=Actor.SYSTEM.value, because=reason)
            publish(session, "booking.cancelled", booking_id=booking.id)


def _confirm(session: Session, booking: Booking, move: str) -> None:
    now = clock.now()
    booking.make(move, by=Actor.SYSTEM, at=now)
    booking.confirmed_at = now
    if booking.turnaround_hours is not None:
        booking.due_at = now + timedelta(hours=booking.turnaround_hours)
    if (wait := queries.wait_of_hold(session, booking.id)) is not None:
        wait.make("take", by=Actor.SYSTEM, at=now)
    session.flush()
    publish(session, "booking.confirmed", booking_id=booking.id)


def _confirm_late(session: Session, bookings: Sequence[Booking], order_id: UUID) -> None:
    """All of a series, or none: what was agreed to was all of it."""
    now, first = clock.now(), bookings[0]
    if any(event.move == "abandon" for event in queries.history(session, first.id)):
        _give_back(session, bookings, order_id, now, "given-up")
        return
    calendar = scheduling.lock(session, first.coach_id)
    offer = session.get_one(Offer, first.offer_id)
    try:
        with session.begin_nested():
            for booking in bookings:
                _retake(session, booking, offer, calendar.timezone, now)
    except Conflict:
        _give_back(session, bookings, order_id, now, "time-gone")
        return
    for booking in bookings:
        _confirm(session, booking, "confirm-late")
    _tell(session, first, "confirmed")


def _retake(session: Session, booking: Booking, offer: Offer, timezone: str, now: datetime) -> None:
    """Take the same time again, at the same price. Only what is taken counts: it was bookable when she chose it."""
    promotions.use_again(session, booking.id)
    if booking.starts_at is None:
        check_place(session, offer, timezone, now)
        return
    if booking.starts_at <= now:
        raise Conflict("visit-started")
    assert booking.ends_at  # noqa: S101  (what starts, ends)
    if elsewhere.is_busy(session, booking.coach_id, booking.starts_at, booking.ends_at):
        raise Conflict("time-gone")
    check_not_hers(session, offer, booking.starts_at, booking.runner_id)
    take_time(session, booking, offer, booking.starts_at)
    session.flush()


def _give_back(session: Session, bookings: Sequence[Booking], order_id: UUID, now: datetime, reason: str) -> None:
    for booking in bookings:
        if any(event.move == "give-back" for event in queries.history(session, booking.id)):
            return
        booking.make("give-back", by=Actor.SYSTEM, at=now, reason=reason)
        payments.refund(
            session,
            order_id,
            amount=booking.price,
            key=f"booking:{booking.id}:given-back",
            reason=reason,
            by="system",
            reference_id=booking.id,
        )
    _tell(session, bookings[0], "given-back", gave_up=reason == "given-up")


def _first_seen(session: Session, order_id: UUID) -> Sequence[Booking]:
    """What a free order bought that is paid while it is made, before its bookings know it."""
    return [queries.locked(session, booking_id) for booking_id in _bookings(session, order_id)]


def _tell(session: Session, booking: Booking, news: str, **facts: Any) -> None:
    key = f"bookings.tell:{booking.id}:{news}"
    enqueue(session, "bookings.tell", key=key, booking_id=booking.id, news=news, **facts)


def _bookings(session: Session, order_id: UUID) -> list[UUID]:
    return [line.reference_id for line in orders.lines(session, order_id) if line.kind == "booking"]
