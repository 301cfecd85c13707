"""Giving a tip: an order of its own, without a share for the site, sent to the coach a day later."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.db import new_id
from marketplace.errors import Conflict, Forbidden
from marketplace.jobs import enqueue
from marketplace.payments import service as payments
from marketplace.tips import queries
from marketplace.tips.models import Tip


def may_tip(session: Session, booking_id: UUID, *, by: User) -> Booking:
    """The booking, if this person may give a tip for it now.

    NotFound to strangers, Forbidden `runners-tip`, Conflict `tip-not-yet`, `tipped-already`, `tip-impossible` while
    the coach can't be paid.
    """
    booking = bookings.visible(session, booking_id, by)
    if bookings.party_in(session, booking, by) is not Actor.RUNNER:
        raise Forbidden("runners-tip")
    if booking.status is not BookingStatus.COMPLETED:
        raise Conflict("tip-not-yet")
    known = queries.of_booking(session, booking_id)
    if known is not None and known.is_paid:
        raise Conflict("tipped-already")
    if not payments.can_be_paid(session, booking.coach_id):
        raise Conflict("tip-impossible")
    return booking


def open_tip(session: Session, booking_id: UUID, *, by: User, amount: int) -> Tip:
    """A tip of `amount` (minor units of the booking's currency), to be paid within half an hour.

    The same amount again is the same tip. Refusals as `may_tip`; Conflict `tip-waits` where one of another amount
    waits to be paid: that one is let go first.
    """
    bookings.locked(session, booking_id, by)
    booking = may_tip(session, booking_id, by=by)
    if (known := queries.of_booking(session, booking_id)) is not None:
        if known.amount != amount:
            raise Conflict("tip-waits")
        return known
    now, tip_id = clock.now(), new_id()
    order = payments.open_order(
        session,
        payer_id=by.id,
        coach_id=booking.coach_id,
        lines=[payments.Line("tip", tip_id, booking.title, amount)],
        currency=booking.currency,
        expires_at=now + payments.TO_PAY,
        fee_percent=Decimal(0),
    )
    tip = Tip(
        id=tip_id,
        booking_id=booking_id,
        order_id=order.id,
        amount=amount,
        currency=booking.currency,
        created_at=now,
    )
    session.add(tip)
    session.flush()
    return tip


def take_paid(session: Session, order_id: UUID) -> None:
    """A tip is paid: it is the coach's, and on its way a day later. One beside another that was paid goes back."""
    tip = queries.of_order(session, order_id)
    if tip is None or tip.is_paid:
        return
    other = queries.of_booking(session, tip.booking_id)
    if other is not None and other.id != tip.id:
        key = f"tip:{tip.id}:twice"
        payments.refund(session, order_id, amount=tip.amount, key=key, reason="paid-twice", by="system")
        return
    now = clock.now()
    tip.make(session, "pay", by="system")
    tip.paid_at = now
    payments.complete(session, order_id, tip.id)
    payments.release(session, order_id, reference_id=tip.id, due_at=now + payments.COOLING)
    enqueue(session, "tips.tell", key=f"tips.tell:{tip.id}", tip_id=tip.id)


def lapse(session: Session, order_id: UUID) -> None:
    """A tip was not paid in time or as agreed, or let go; another can be given."""
    tip = queries.of_order(session, order_id)
    if tip is not None and tip.status == "waiting":
        tip.make(session, "lapse", by="system")
        session.flush()
