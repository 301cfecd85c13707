"""How a booking is done: the visit is over, or the clip review delivered; then the coach is paid a day later."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.service.returning import give_back
from marketplace.bookings.states import Actor
from marketplace.coaches.cancelling import ALL
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.jobs import do_each, publish
from marketplace.payments import service as payments


def complete(session: Session, booking_id: UUID, by: User | None = None) -> Booking:
    """Complete a confirmed booking: the coach by delivering, the system (None) when its time is over.

    Conflict `absence-reported` while it is not settled whether both came.
    """
    booking = queries.locked(session, booking_id, by)
    check_both_came(session, booking)
    actor = Actor.SYSTEM if by is None else queries.party_in(session, booking, by)
    booking.make("complete", by=actor, at=clock.now(), person=by.id if by else None)
    pay_coach(session, booking)
    publish(session, "booking.completed", booking_id=booking.id)
    return booking


def complete_over(limit: int = 100) -> int:
    """Complete the visits whose end has passed, each in a transaction of its own; how many."""
    with transaction(write=False) as session:
        over = queries.over(session, clock.now(), limit)
    return do_each(over, complete)


def open_clip(session: Session, booking_id: UUID, *, by: User) -> Booking:
    """Note that the coach has opened the clip of a clip review: from now on cancelling gives nothing back."""
    booking = queries.locked(session, booking_id, by)
    is_coach = queries.party_in(session, booking, by) is Actor.COACH
    if is_coach and booking.is_confirmed and booking.opened_at is None:
        booking.opened_at = clock.now()
    return booking


def promise_anew(session: Session, booking_id: UUID) -> Booking:
    """Count the promise of a paid clip review from now: its first clip has just come, so the coach can begin."""
    booking = queries.locked(session, booking_id)
    if booking.is_confirmed and booking.turnaround_hours is not None and booking.opened_at is None:
        booking.due_at = clock.now() + timedelta(hours=booking.turnaround_hours)
    return booking


def check_nothing_ahead(session: Session, user_id: UUID) -> None:
    """Conflict `sessions-to-come` while a person has a hold or a confirmed booking, on either side."""
    if count := queries.ahead(session, user_id):
        raise Conflict("sessions-to-come", count=count)


def check_both_came(session: Session, booking: Booking) -> None:
    """Conflict `absence-reported` while a report that one side did not come is not settled."""
    absence = queries.absence_of(session, booking.id)
    if absence is not None and absence.is_unsettled:
        raise Conflict("absence-reported")


def divide(
    session: Session, booking: Booking, percent: int, *, why: str, by: Actor, due_at: datetime | None = None
) -> None:
    """Send `percent` of the price to the runner, once for each `why`; the rest is the coach's and the platform's.

    All of it frees the code that she used, and what a visit of a package paid goes back as that visit where it can.
    `due_at`: when the coach's part is sent, if not as `pay_coach` says.
    """
    if booking.order_id is None or (percent == ALL and give_back(session, booking)):
        return
    back = booking.cost.percent(percent)
    if back:
        payments.refund(
            session,
            booking.order_id,
            amount=back.amount,
            key=f"booking:{booking.id}:{why}",
            reason=why,
            by=by.value,
            reference_id=booking.id,
        )
    if percent < ALL:
        pay_coach(session, booking, kept=ALL - percent, due_at=due_at)


def pay_coach(session: Session, booking: Booking, *, kept: int = ALL, due_at: datetime | None = None) -> None:
    """What is held for the booking becomes the coach's and the platform's, in the proportion of the whole price.

    `kept`: the per cent of it that do not go back to the runner. The coach's part is sent a day later, or at `due_at`.
    """
    if booking.order_id is None:
        return
    now = clock.now()
    payments.complete(session, booking.order_id, booking.id, kept=kept)
    due_at = due_at or max(now, booking.ends_at or now) + payments.COOLING
    payments.release(session, booking.order_id, reference_id=booking.id, due_at=due_at)
