"""Deciding about a complaint, with both sides and their history in view."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.admin import queries
from marketplace.admin.forms import DecisionPage
from marketplace.admin.views.blueprint import bp
from marketplace.bookings import queries as bookings
from marketplace.bookings import service
from marketplace.bookings.models import Booking
from marketplace.bookings.views.history import told
from marketplace.db import current_session
from marketplace.errors import NotFound
from marketplace.money import Money
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/complaints/<uuid:booking_id>")
@reads
@role("staff")
def complaint(booking_id: UUID) -> ResponseReturnValue:
    """What both say, what happened, who they are, and the form to decide."""
    session, booking = current_session(), _booking(booking_id)
    found = bookings.complaint_of(session, booking_id)
    if found is None or booking.order_id is None:
        raise NotFound("complaint")
    parties = bookings.parties(session, booking)
    return render_template(
        "admin/complaint.html",
        booking=booking,
        complaint=found,
        parties=parties,
        history=told(bookings.history(session, booking_id), parties),
        order=queries.told(session, booking.order_id),
        left=Money(service.left_to_give(session, booking), booking.currency),
        is_own=me().id in (parties.runner.id, parties.coach_user.id),
    )


@bp.post("/complaints/<uuid:booking_id>/decision")
@writes(again=complaint)
@role("staff")
def decide(booking_id: UUID) -> ResponseReturnValue:
    """Give back nothing, a part, or all."""
    form = parse(DecisionPage)
    refund = form.refund(service.left_to_give(current_session(), _booking(booking_id)))
    service.decide_complaint(current_session(), booking_id, by=me(), refund=refund, words=form.words)
    flash(_("Decided. Both sides get a mail, and the money moves."), "good")
    return redirect(url_for("admin.home"), 303)


def _booking(booking_id: UUID) -> Booking:
    return bookings.visible(current_session(), booking_id, me())
