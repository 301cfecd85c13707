"""Cancelling and moving a confirmed booking, by the policy it was made under."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.policy import ALL, check_cancel, check_reschedule, refund_percent
from marketplace.bookings.service.cheaper import give_back
from marketplace.bookings.service.ending import pay_coach
from marketplace.bookings.service.time import check_open, give_time_back, take_time
from marketplace.bookings.states import Actor
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict
from marketplace.jobs import enqueue, publish
from marketplace.money import Money
from marketplace.payments import service as payments
from marketplace.scheduling import service as scheduling


def cancel(session: Session, booking_id: UUID, *, by: User, reason: str = "") -> Booking:
    """Cancel a confirmed booking; the refund follows from its policy. Cancelled twice is cancelled once (Conflict).

    A hold is given up with `give_up` instead, which asks Stripe.
    """
    now = clock.now()
    booking = queries.locked(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    if booking.is_confirmed:
        check_cancel(booking.terms, by=actor, now=now)
    refund = _refund(booking, actor, now)
    is_whole = refund_percent(booking.terms, by=actor, now=now) == ALL
    booking.make("cancel", by=actor, at=now, person=by.id, reason=reason)
    booking.calendar_sequence += 1
    give_time_back(session, booking)
    if is_whole and give_back(session, booking):
        refund = Money(0, booking.currency)  # it is a visit that goes back
    elif refund or not is_whole:
        _send_back(session, booking, refund, actor)
    enqueue(
        session,
        "bookings.tell",
        key=f"bookings.tell:{booking.id}:cancelled",
        booking_id=booking.id,
        news="cancelled",
        by=actor.value,
        refund=refund.amount,
    )
    publish(session, "booking.cancelled", booking_id=booking.id)
    return booking


def reschedule(session: Session, booking_id: UUID, *, by: User, starts_at: datetime) -> Booking:
    """Move a confirmed visit to another open time of the same offer; price and payment stay.

    Moved to where it is, it stays as it is. Moved by the coach, the runner may cancel it for nothing until it starts:
    she agreed to another time. Conflict as `policy.check_reschedule`, `offer-changed` when the offer has another
    length by now, and as `hold` for the new time.
    """
    now = clock.now()
    booking = queries.locked(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    if booking.is_confirmed:
        check_reschedule(booking.terms, by=actor, now=now)
        if booking.starts_at == starts_at:
            return booking
    return move_to(session, booking, starts_at, actor=actor, by=by, now=now)


def move_to(
    session: Session,
    booking: Booking,
    starts_at: datetime,
    *,
    actor: Actor,
    by: User,
    now: datetime,
    agreed: bool = False,
) -> Booking:
    """Move a booking that is locked; `agreed` when the other side has asked for it, so that no terms change."""
    booking.make("reschedule", by=actor, at=now, person=by.id, to=starts_at)
    scheduling.lock(session, booking.coach_id)
    offer = session.get_one(Offer, booking.offer_id)
    if offer.minutes != booking.minutes:
        raise Conflict("offer-changed")
    if actor is not Actor.RUNNER and not agreed:
        booking.cancel_hours = 0
    give_time_back(session, booking)
    check_open(session, offer, starts_at, now)
    take_time(session, booking, offer, starts_at)
    booking.calendar_sequence += 1
    session.flush()
    key = f"bookings.tell:{booking.id}:rescheduled:{booking.calendar_sequence}"
    by_whom = Actor.RUNNER if agreed else actor  # what she has agreed to, she is not consoled for
    enqueue(session, "bookings.tell", key=key, booking_id=booking.id, news="rescheduled", by=by_whom.value)
    publish(session, "booking.rescheduled", booking_id=booking.id)
    return booking


def refund_if_cancelled_now(booking: Booking, now: datetime, by: Actor = Actor.RUNNER) -> Money:
    """What the runner would get back if `by` cancelled at `now`."""
    return _refund(booking, by, now)


def _refund(booking: Booking, by: Actor, now: datetime) -> Money:
    return booking.cost.percent(refund_percent(booking.terms, by=by, now=now))


def _send_back(session: Session, booking: Booking, refund: Money, by: Actor) -> None:
    if booking.order_id is None:
        return
    if refund:
        payments.refund(
            session,
            booking.order_id,
            amount=refund.amount,
            key=f"booking:{booking.id}:cancelled",
            reason="cancelled",
            by=by.value,
            reference_id=booking.id,
        )
    else:
        pay_coach(session, booking, payments.keep)
