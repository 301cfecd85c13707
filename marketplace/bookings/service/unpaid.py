"""Holds that wait to be paid: made to last, given up, ended. A series is one hold: all of an order or none."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace import clock, log
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.service import changing
from marketplace.bookings.service.holding import check_payable, open_order
from marketplace.bookings.service.time import give_time_back
from marketplace.bookings.states import Actor
from marketplace.db import transaction
from marketplace.errors import Conflict, DomainError, Forbidden
from marketplace.payments import service as payments
from marketplace.promotions import service as promotions

NEEDED = timedelta(minutes=31)
"""What must be left of a hold when a Checkout Session is made."""

LONGEST = timedelta(hours=2)
"""A hold that is extended by paying late ends so long after it was made, at the latest."""


def extend_hold(session: Session, booking_id: UUID, *, by: User) -> Booking:
    """Make sure that a hold lives as long as the payment page that is about to open.

    Forbidden for others than the runner, Conflict `pain-screen-first`, or `hold-over` when it can't be paid any more,
    `payment-rejected` where what was paid is not what was agreed.
    """
    now = clock.now()
    together = queries.locked_together(session, booking_id, by)
    booking = next(each for each in together if each.id == booking_id)
    if booking.runner_id != by.id:
        raise Forbidden("runner-only")
    expires_at = booking.hold_expires_at
    if payments.was_rejected(session, booking.order_id):
        raise Conflict("payment-rejected")
    if not booking.is_held or expires_at is None or expires_at <= now:
        raise Conflict("hold-over", status=booking.status.value)
    if not booking.pain_is_screened:
        raise Conflict("pain-screen-first", field="pain")
    if expires_at - now < NEEDED:
        if now + payments.TO_PAY > booking.created_at + LONGEST:
            raise Conflict("hold-over", status=booking.status.value)
        for each in together:
            each.hold_expires_at = now + payments.TO_PAY
    return booking


def begin_payment(session: Session, booking_id: UUID, *, by: User, fee_percent: Decimal) -> Booking:
    """The same for who says yes: what was held for her unasked gets its order, and is confirmed if it costs nothing.

    Conflict `coach-unpaid` too: the coach could be paid when it was held, and can't be any more.
    """
    booking = extend_hold(session, booking_id, by=by)
    check_payable(session, booking.coach_id, booking.price)
    if booking.order_id is None:
        open_order(session, [booking], fee_percent)
    return booking


def give_up(booking_id: UUID, *, by: User, reason: str = "") -> None:
    """The runner lets a hold go, all of a series. Asks Stripe first, in transactions of its own.

    Had she just paid, the booking is cancelled by its policy instead.
    """
    with transaction(write=False) as session:
        booking = queries.visible(session, booking_id, by)
        if booking.runner_id != by.id:
            raise Forbidden("runner-only")
        order_id = booking.order_id
    unpaid = order_id is None or payments.abandon(order_id)
    with transaction() as session:
        for booking in queries.locked_together(session, booking_id, by):
            if unpaid and booking.is_held:
                _end(session, booking, "abandon", Actor.RUNNER, person=by.id, reason=reason)
            elif booking.is_confirmed:
                changing.cancel(session, booking.id, by=by, reason=reason)


def expire(session: Session, booking_id: UUID) -> None:
    """End a hold that was not paid, all of a series, and free its time. Nothing to do for any other booking."""
    for booking in queries.locked_together(session, booking_id):
        if booking.is_held:
            _end(session, booking, "expire", Actor.SYSTEM)


def sweep(limit: int = 50) -> int:
    """End the holds that are over, unless Stripe says that one was paid. Its own transactions; how many ended."""
    with transaction(write=False) as session:
        due = queries.overdue_holds(session, clock.now(), limit)
    ended = 0
    for booking_id, order_id in due:
        try:
            if order_id is None or payments.abandon(order_id):
                with transaction() as session:
                    expire(session, booking_id)
                ended += 1
        except DomainError as error:  # Stripe is away: the time stays held until it answers
            log.warning("hold can't be ended", booking=str(booking_id), kind=error.kind)
    return ended


def _end(session: Session, booking: Booking, move: str, by: Actor, **who: Any) -> None:
    """End a hold. Whoever it was found for from the waitlist has let it pass, so that the next one is asked."""
    now = clock.now()
    booking.make(move, by=by, at=now, **who)
    if (wait := queries.wait_of_hold(session, booking.id)) is not None:
        wait.make("pass", by=Actor.SYSTEM, at=now)
    give_time_back(session, booking)
    promotions.free(session, booking.id)
