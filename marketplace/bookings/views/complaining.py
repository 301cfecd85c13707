"""Complaints: one page for runner, coach and staff, where the mails lead, and the verbs of the first two."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings import queries, service
from marketplace.bookings.complaints import TO_COMPLAIN, check_complain
from marketplace.bookings.forms import AnswerPage, ComplaintPage
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.bookings.views.blueprint import bp
from marketplace.db import current_session
from marketplace.errors import Conflict
from marketplace.money import Money
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.errors import word, words
from marketplace.web.forms import parse

words(
    {
        "nothing-paid": lambda **facts: _(
            "Nothing was paid for this session, or all of it has gone back; there is nothing more to give back."
        ),
        "not-over-yet": lambda **facts: _(
            "This session is not over. Until it begins you can cancel or move it on its page."
        ),
        "complaint-too-late": lambda **facts: _(
            "It is more than a day since this session, and the coach has been paid. Write to us: we still look at it."
        ),
        "complained": lambda **facts: _("We have decided about this session already. Write to us if something is new."),
    }
)


@bp.get("/bookings/<uuid:booking_id>/complaint")
@reads
@signed_in
def complaint(booking_id: UUID) -> ResponseReturnValue:
    """What was said and decided; for the runner the form to complain, for the coach the one to answer."""
    session = current_session()
    booking = queries.visible(session, booking_id, me())
    actor = queries.party_in(session, booking, me())
    found = queries.complaint_of(session, booking_id)
    refusal = None if found else why_not(booking, actor)
    over_at = service.over_at(booking)
    return render_template(
        "bookings/complaint.html",
        booking=booking,
        parties=queries.parties(session, booking),
        actor=actor,
        complaint=found,
        refusal=refusal and word(refusal),
        until=over_at and over_at + TO_COMPLAIN,
        refund=Money(found.refund if found else 0, booking.currency),
    )


@bp.post("/bookings/<uuid:booking_id>/complaint")
@writes(again=complaint)
@signed_in
def complain(booking_id: UUID) -> ResponseReturnValue:
    """Say what went wrong."""
    service.complain(current_session(), booking_id, by=me(), words=parse(ComplaintPage).words)
    flash(_("We have it. The coach is not paid for this session until we have decided."), "good")
    return redirect(url_for("bookings.complaint", booking_id=booking_id), 303)


@bp.post("/bookings/<uuid:booking_id>/complaint/answer")
@writes(again=complaint)
@signed_in
def answer_complaint(booking_id: UUID) -> ResponseReturnValue:
    """The coach's side."""
    service.answer_complaint(current_session(), booking_id, by=me(), words=parse(AnswerPage).words)
    flash(_("Thank you. We decide with both sides in view."), "good")
    return redirect(url_for("bookings.complaint", booking_id=booking_id), 303)


@bp.post("/bookings/<uuid:booking_id>/complaint/withdrawal")
@writes(again=complaint)
@signed_in
def withdraw_complaint(booking_id: UUID) -> ResponseReturnValue:
    """Take it back."""
    service.withdraw_complaint(current_session(), booking_id, by=me())
    flash(_("Taken back. The coach is paid."), "good")
    return redirect(url_for("bookings.complaint", booking_id=booking_id), 303)


def why_not(booking: Booking, actor: Actor) -> Conflict | None:
    """Why nobody in that part can complain of a booking now; None where one can."""
    now = clock.now()
    is_over = booking.is_confirmed and booking.ends_at is not None and booking.ends_at <= now
    status = BookingStatus.COMPLETED if is_over else booking.status
    over_at = service.over_at(booking)
    session = current_session()
    try:
        service.check_both_came(session, booking)
        check_complain(
            is_paid=service.left_to_give(session, booking) > 0,
            status=status,
            over_at=over_at,
            now=now,
            by=actor,
        )
    except Conflict as refusal:
        return refusal
    return None
