"""Cancelling, moving, and the coach's notes."""

from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings import queries, service
from marketplace.bookings.forms import CancellationPage, NotesPage, ReschedulingPage, instant_in
from marketplace.bookings.models import Booking
from marketplace.bookings.policy import check_reschedule
from marketplace.bookings.states import Actor
from marketplace.bookings.views import fresh
from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.views.booking import show
from marketplace.coaches.models import Offer
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict
from marketplace.money import Money
from marketplace.scheduling.queries import Opening
from marketplace.scheduling.walltime import instant_of, start_of
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
    lies in; one chosen is asked about before. A coach moves one who sits in a group visit, or with `?who=all` all."""
    session, now = current_session(), clock.now()
    booking = queries.visible(session, booking_id, me())
    actor = queries.party_in(session, booking, me())
    check_reschedule(booking.terms, by=actor, now=now)
    parties, page = queries.parties(session, booking), _page(booking)
    sitting = len(queries.sitting_in(session, booking.visit_id)) if booking.visit_id and actor is Actor.COACH else 1
    seats = sitting if request.values.get("who") == "all" else 1
    found = _openings(booking, parties.offer, page, seats)
    asked, gone = request.args.get("starts_at", ""), instant_in(request.form.get("starts_at", ""))
    chosen = next((each.starts_at for each in found if each.starts_at.isoformat() == asked), None)
    freed = queries.freed_by(session, booking, seats)
    return render_template(
        "bookings/rescheduling.html",
        nearest=queries.open_near(session, parties.offer, gone, now, freed) if gone else [],
        booking=booking,
        parties=parties,
        days=_by_day(found),
        page=page,
        now=now,
        sitting=sitting,
        seats=seats,
        chosen=chosen,
        chosen_terms=booking.terms.at(chosen) if chosen else None,
    )


def _page(booking: Booking) -> int:
    """Which of the pages of dates is asked for, else the one that the visit lies in."""
    zone = viewer_zone()
    today = clock.now().astimezone(zone).date()
    of_visit = (booking.starts_at.astimezone(zone).date() - today).days // DAYS_SHOWN if booking.starts_at else 0
    return max(0, min(request.args.get("page", of_visit, type=int), 6))


def _openings(booking: Booking, offer: Offer, page: int, seats: int) -> list[Opening]:
    """Where it can be moved on the dates of one page, in the viewer's zone."""
    now, zone = clock.now(), viewer_zone()
    first = now.astimezone(zone).date() + timedelta(days=page * DAYS_SHOWN)
    since, until = (instant_of(start_of(zone.key, on)) for on in (first, first + timedelta(days=DAYS_SHOWN)))
    return queries.openings_for(current_session(), booking, offer, between=(since, until), now=now, seats=seats)


def _by_day(found: list[Opening]) -> list[tuple[date, list[Opening]]]:
    zone = viewer_zone()
    return [(on, list(each)) for on, each in groupby(found, lambda each: each.starts_at.astimezone(zone).date())]


@bp.post("/bookings/<uuid:booking_id>/rescheduling")
@writes(again=other_times, first=fresh.for_booking)
@signed_in
def reschedule(booking_id: UUID) -> ResponseReturnValue:
    """Move a visit to another opening, or all who sit in it."""
    form, session = parse(ReschedulingPage), current_session()
    if form.who == "all":
        moved = len(service.reschedule_visit(session, booking_id, by=me(), starts_at=form.starts_at))
        said = ngettext("Moved, with %(num)d runner.", "Moved, with all %(num)d runners.", moved)
        flash(said + " " + _("Everybody gets a mail with the new time."), "good")
    else:
        service.reschedule(session, booking_id, by=me(), starts_at=form.starts_at)
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
