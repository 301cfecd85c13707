"""Cancelling, moving, and the coach's notes."""

from datetime import timedelta
from itertools import groupby
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings import queries, service
from marketplace.bookings.forms import CancellationPage, NotesPage, ReschedulingPage, instant_in
from marketplace.bookings.models import Booking
from marketplace.bookings.policy import check_reschedule
from marketplace.bookings.views import fresh
from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.views.booking import show
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict
from marketplace.money import Money
from marketplace.scheduling import service as scheduling
from marketplace.web.app import own_transaction, reads, shown_again, writes
from marketplace.web.auth import signed_in
from marketplace.web.forms import parse
from marketplace.web.languages import viewer_zone

DAYS_SHOWN = 14


@bp.post("/bookings/<uuid:booking_id>/cancellation")
@own_transaction
@signed_in
def cancel(booking_id: UUID) -> ResponseReturnValue:
    """Cancel a booking by its policy, or give up a hold."""
    form = parse(CancellationPage)
    try:
        booking = cancel_or_give_up(booking_id, form)
    except Conflict as refusal:
        return shown_again(show, refusal, booking_id=booking_id)
    if booking.confirmed_at is None:
        flash(_("You have let the time go. Nothing was charged."), "good")
    else:
        flash(_("Cancelled. Both of you get a mail."), "good")
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)


def cancel_or_give_up(booking_id: UUID, form: CancellationPage) -> Booking:
    """What "cancel" means for a hold (ask Stripe, then let go) and for a booking (by policy); the booking after it."""
    with transaction(write=False) as session:
        booking = queries.visible(session, booking_id, me())
        is_held, currency = booking.is_held, booking.currency
    if is_held:
        service.give_up(booking_id, by=me(), reason=form.reason)
        with transaction(write=False) as session:
            return queries.visible(session, booking_id, me())
    with transaction() as session:
        expected = None if form.refund is None else Money(form.refund, currency)
        return service.cancel(session, booking_id, by=me(), reason=form.reason, expected=expected)


@bp.get("/bookings/<uuid:booking_id>/rescheduling")
@reads
@signed_in
def other_times(booking_id: UUID) -> ResponseReturnValue:
    """The openings that a visit can be moved to, day by day in the viewer's zone, at first those of the weeks that it
    lies in; one chosen is asked about before."""
    session, now, zone = current_session(), clock.now(), viewer_zone()
    booking = queries.visible(session, booking_id, me())
    check_reschedule(booking.terms, by=queries.party_in(session, booking, me()), now=now)
    parties = queries.parties(session, booking)
    today = now.astimezone(zone).date()
    of_visit = (booking.starts_at.astimezone(zone).date() - today).days // DAYS_SHOWN if booking.starts_at else 0
    page = max(0, min(request.args.get("page", of_visit, type=int), 6))
    first = today + timedelta(days=page * DAYS_SHOWN)
    found = scheduling.openings(session, parties.offer, first=first, days=DAYS_SHOWN, viewer_zone=zone.key, now=now)
    days = [(on, list(each)) for on, each in groupby(found, lambda each: each.starts_at.astimezone(zone).date())]
    asked = request.args.get("starts_at", "")
    chosen = next((each.starts_at for each in found if each.starts_at.isoformat() == asked), None)
    gone = instant_in(request.form.get("starts_at", ""))
    return render_template(
        "bookings/rescheduling.html",
        nearest=queries.open_near(session, parties.offer, gone, now) if gone else [],
        booking=booking,
        parties=parties,
        days=days,
        page=page,
        now=now,
        chosen=chosen,
        chosen_terms=booking.terms.at(chosen) if chosen else None,
    )


@bp.post("/bookings/<uuid:booking_id>/rescheduling")
@writes(again=other_times, first=fresh.for_booking)
@signed_in
def reschedule(booking_id: UUID) -> ResponseReturnValue:
    """Move a visit to another opening."""
    form = parse(ReschedulingPage)
    service.reschedule(current_session(), booking_id, by=me(), starts_at=form.starts_at)
    flash(_("Moved. Both of you get a mail with the new time."), "good")
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)


@bp.post("/bookings/<uuid:booking_id>/notes")
@writes(again=show)
@signed_in
def note(booking_id: UUID) -> ResponseReturnValue:
    """Keep the coach's own notes."""
    service.take_notes(current_session(), booking_id, by=me(), notes=parse(NotesPage).notes)
    flash(_("Kept. Only you can read these notes."), "good")
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)
