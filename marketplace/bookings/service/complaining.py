"""Complaints: the runner says what went wrong, the coach answers, staff decide; the coach's pay waits for it."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.complaint_models import Complaint
from marketplace.bookings.complaints import check_complain
from marketplace.bookings.models import Booking
from marketplace.bookings.service.ending import check_both_came, complete, pay_coach
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.errors import Conflict, Forbidden, NotFound
from marketplace.jobs import enqueue, publish
from marketplace.payments import queries as orders
from marketplace.payments import service as payments


def complain(session: Session, booking_id: UUID, *, by: User, words: str) -> Complaint:
    """Say what went wrong with a session; its coach is not paid before that is decided. Said twice is said once.

    Staff say it for the runner. Forbidden for the coach, Conflict as `complaints.check_complain`, `complained` when it
    was decided before, and `absence-reported` while it is not settled whether both came: the money waits for that.
    """
    now = clock.now()
    booking = queries.locked(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    if actor is Actor.COACH:
        raise Forbidden("move-forbidden", move="complain", by=actor.value)
    if (known := queries.locked_complaint(session, booking_id)) is not None:
        if known.is_open:
            return known
        raise Conflict("complained")
    check_both_came(session, booking)
    if booking.is_confirmed and booking.ends_at is not None and booking.ends_at <= now:
        complete(session, booking_id)  # it is over; the worker only has not come to it
    check_complain(
        is_paid=left_to_give(session, booking) > 0, status=booking.status, over_at=over_at(booking), now=now, by=actor
    )
    return _open(session, booking, Complaint(booking_id=booking_id, words=words, made_at=now), actor, by.id)


def answer_complaint(session: Session, booking_id: UUID, *, by: User, words: str) -> Complaint:
    """The coach says how it was; again, as long as nothing is decided."""
    now = clock.now()
    booking, complaint = _both(session, booking_id, by)
    complaint.make("answer-complaint", by=queries.party_in(session, booking, by), at=now, person=by.id)
    complaint.answer, complaint.answered_at = words, now
    _tell(session, complaint, "answered", at=now)
    return complaint


def withdraw_complaint(session: Session, booking_id: UUID, *, by: User) -> Complaint:
    """The runner takes it back: the coach is paid."""
    booking, complaint = _both(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    complaint.make("withdraw-complaint", by=actor, at=clock.now(), person=by.id)
    _divide(session, booking, 0, by=actor)
    _tell(session, complaint, "withdrawn")
    return complaint


def decide_complaint(session: Session, booking_id: UUID, *, by: User, refund: int, words: str = "") -> Complaint:
    """Staff give `refund` (minor units, none to all) back to the runner; the coach is paid the rest.

    Forbidden for who is a side of it herself, Conflict `refund-too-much` beyond what she has not had back yet.
    """
    booking, complaint = _both(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    move = "uphold-complaint" if refund else "dismiss-complaint"
    complaint.make(move, by=actor, at=clock.now(), person=by.id, reason=words)
    left = left_to_give(session, booking)
    if refund > left:
        raise Conflict("refund-too-much", field="amount", left=left)
    complaint.refund, complaint.decision = refund, words
    _divide(session, booking, refund, by=actor, person=by.id)
    _tell(session, complaint, "decided")
    return complaint


def left_to_give(session: Session, booking: Booking) -> int:
    """What was paid for a booking and has not gone back, as money or as a visit of a package; in minor units."""
    if booking.order_id is None:
        return 0
    return orders.worths(session, booking.order_id).get(booking.id, 0) - payments.refunded_for(session, booking.id)


def over_at(booking: Booking) -> datetime | None:
    """When a session was over: its end, or its delivery, or when it was missed."""
    return booking.ended_at if booking.status == BookingStatus.MISSED else booking.ends_at or booking.ended_at


def _open(session: Session, booking: Booking, complaint: Complaint, actor: Actor, person: UUID | None) -> Complaint:
    session.add(complaint)
    complaint.make("complain", by=actor, at=complaint.made_at, person=person)
    payments.stop(session, booking.id, by=actor.value, reason="complaint")
    _tell(session, complaint, "opened")
    publish(session, "complaint.opened", booking_id=booking.id)
    return complaint


def _both(session: Session, booking_id: UUID, by: User) -> tuple[Booking, Complaint]:
    booking = queries.locked(session, booking_id, by)
    complaint = queries.locked_complaint(session, booking_id)
    if complaint is None:
        raise NotFound("complaint")
    return booking, complaint


def _divide(session: Session, booking: Booking, refund: int, *, by: Actor, person: UUID | None = None) -> None:
    """Give `refund` back; the rest is the coach's, and is sent to her now."""
    now = clock.now()
    if refund and booking.status == BookingStatus.COMPLETED:
        booking.make("refund", by=by, at=now, person=person)
    assert booking.order_id is not None  # noqa: S101  (something was paid)
    if refund:
        payments.refund(
            session,
            booking.order_id,
            amount=refund,
            key=f"booking:{booking.id}:complaint",
            reason="complaint",
            by=by.value,
            reference_id=booking.id,
        )
    pay_coach(session, booking, due_at=now)
    payments.let_go(session, booking.id, by=by.value)


def _tell(session: Session, complaint: Complaint, news: str, at: datetime | None = None) -> None:
    stamp = f":{at.isoformat()}" if at else ""
    key = f"bookings.tell_complaint:{complaint.id}:{news}{stamp}"
    enqueue(session, "bookings.tell_complaint", key=key, booking_id=complaint.booking_id, news=news, stamp=stamp)
