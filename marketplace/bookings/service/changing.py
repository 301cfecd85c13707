"""Cancelling and moving a confirmed booking, by the policy it was made under."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.policy import check_cancel, check_reschedule, refund_percent
from marketplace.bookings.policy import refund as refund_by_policy
from marketplace.bookings.service.ending import check_both_came, divide
from marketplace.bookings.service.time import check_not_hers, check_open, give_time_back, take_time
from marketplace.bookings.states import Actor
from marketplace.coaches.cancelling import UNTIL_START
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict, Forbidden
from marketplace.jobs import enqueue, publish
from marketplace.money import Money
from marketplace.scheduling import service as scheduling


def cancel(session: Session, booking_id: UUID, *, by: User, reason: str = "", expected: Money | None = None) -> Booking:
    """Cancel a confirmed booking; the refund follows from its policy. Cancelled twice is cancelled once (Conflict).

    `expected` is the refund as it was shown; Conflict `refund-changed` when it is another by now, and
    `absence-reported` while it is not settled whether both came. A hold is given up with `give_up` instead, which asks
    Stripe.
    """
    now = clock.now()
    booking = queries.locked(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    refund = refund_if_cancelled_now(booking, now, actor)
    if booking.is_confirmed:
        check_cancel(booking.terms, by=actor, now=now)
        check_both_came(session, booking)
        if expected not in (None, refund):
            raise Conflict("refund-changed", field="refund", amount=refund.amount, currency=refund.currency)
    percent = refund_percent(booking.terms, by=actor, now=now)
    booking.make("cancel", by=actor, at=now, person=by.id, reason=reason)
    booking.calendar_sequence += 1
    give_time_back(session, booking)
    divide(session, booking, percent, why="cancelled", by=actor)
    told: dict[str, Any] = {"booking_id": booking.id, "news": "cancelled", "by": actor.value, "refund": refund.amount}
    enqueue(session, "bookings.tell", key=f"bookings.tell:{booking.id}:cancelled", **told)
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
    return move_to(session, [booking], starts_at, actor=actor, by=by, now=now)[0]


def reschedule_visit(session: Session, booking_id: UUID, *, by: User, starts_at: datetime) -> Sequence[Booking]:
    """Move a group visit with all who sit in it, this booking among them, as `reschedule` moves one.

    Forbidden for anybody but its coach; Conflict `seat-unpaid` while somebody has not paid (her time can't move under
    her payment), and `seats-changed` when a seat was taken or left in that very moment.
    """
    now = clock.now()
    seated = queries.locked_of_visit(session, booking_id, by)
    booking = next(each for each in seated if each.id == booking_id)
    actor = queries.party_in(session, booking, by)
    if actor is not Actor.COACH:
        raise Forbidden("move-forbidden", move="reschedule", by=actor.value)
    if booking.is_confirmed:
        check_reschedule(booking.terms, by=actor, now=now)
        if booking.starts_at == starts_at:
            return seated
    if unpaid := [each.hold_expires_at for each in seated if each.is_held and each.hold_expires_at]:
        raise Conflict("seat-unpaid", until=max(unpaid).isoformat())
    scheduling.lock(session, booking.coach_id)
    if booking.visit_id and len(queries.sitting_in(session, booking.visit_id)) != len(seated):
        raise Conflict("seats-changed")
    return move_to(session, seated, starts_at, actor=actor, by=by, now=now)


def move_to(
    session: Session,
    bookings: Sequence[Booking],
    starts_at: datetime,
    *,
    actor: Actor,
    by: User,
    now: datetime,
    agreed: bool = False,
) -> Sequence[Booking]:
    """Move bookings of one visit that are locked; `agreed` when the other side has asked for it, so that no terms
    change."""
    for each in bookings:
        each.make("reschedule", by=actor, at=now, person=by.id, to=starts_at)
    scheduling.lock(session, bookings[0].coach_id)
    offer = session.get_one(Offer, bookings[0].offer_id)
    if offer.minutes != bookings[0].minutes:
        raise Conflict("offer-changed")
    for each in bookings:
        check_not_hers(session, offer, starts_at, each.runner_id)
    for each in bookings:
        give_time_back(session, each)
    check_open(session, offer, starts_at, now)
    for each in bookings:
        take_time(session, each, offer, starts_at, len(bookings))
        if actor is not Actor.RUNNER and not agreed:
            each.agree(UNTIL_START)
        _tell_moved(session, each, Actor.RUNNER if agreed else actor)  # what she has agreed to, she is not consoled for
    return bookings


def _tell_moved(session: Session, booking: Booking, by: Actor) -> None:
    booking.calendar_sequence += 1
    session.flush()
    key = f"bookings.tell:{booking.id}:rescheduled:{booking.calendar_sequence}"
    enqueue(session, "bookings.tell", key=key, booking_id=booking.id, news="rescheduled", by=by.value)
    publish(session, "booking.rescheduled", booking_id=booking.id)


def refund_if_cancelled_now(booking: Booking, now: datetime, by: Actor = Actor.RUNNER) -> Money:
    """What the runner would get back if `by` cancelled at `now`."""
    return refund_by_policy(booking.terms, booking.cost, by=by, now=now)
