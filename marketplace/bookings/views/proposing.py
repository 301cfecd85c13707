"""Proposing another time, and answering: one page for both sides, where the mails lead."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings import proposals, queries, service
from marketplace.bookings.forms import AcceptancePage, ProposalPage
from marketplace.bookings.models import Booking, Proposal
from marketplace.bookings.policy import check_propose, may
from marketplace.bookings.proposals import MOST_TIMES
from marketplace.bookings.states import Actor
from marketplace.bookings.views import fresh
from marketplace.bookings.views.blueprint import bp
from marketplace.coaches.models import Offer
from marketplace.db import current_session
from marketplace.errors import NotFound
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.filters import day, when
from marketplace.web.forms import parse

DAYS_SHOWN = 28
DAYS_BEFORE = 14
"""How many of them lie before the session, as far as they are still to come."""


@bp.get("/bookings/<uuid:booking_id>/proposal")
@reads
@signed_in
def proposal(booking_id: UUID) -> ResponseReturnValue:
    """The proposal that waits for an answer; without one, or with `?new=1`, the form for another."""
    return _page(booking_id)


@bp.post("/bookings/<uuid:booking_id>/proposal")
@writes(again=proposal)
@signed_in
def propose(booking_id: UUID) -> ResponseReturnValue:
    """Ask the other side to choose one of up to three other times."""
    form = parse(ProposalPage)
    service.propose(current_session(), booking_id, by=me(), times=form.times, message=form.message)
    flash(_("Proposed. The session stays as it is until the other side chooses one of these times."), "good")
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)


def again(proposal_id: UUID) -> ResponseReturnValue:
    """The page of a proposal once more."""
    found = current_session().get(Proposal, proposal_id)
    if found is None:
        raise NotFound("proposal")
    return _page(found.booking_id)


@bp.post("/proposals/<uuid:proposal_id>/acceptance")
@writes(again=again, first=fresh.for_proposal)
@signed_in
def accept(proposal_id: UUID) -> ResponseReturnValue:
    """Move the session to one of the proposed times."""
    form = parse(AcceptancePage)
    booking = service.accept(current_session(), proposal_id, by=me(), starts_at=form.starts_at)
    flash(_("Moved. Both of you get a mail with the new time."), "good")
    return redirect(url_for("bookings.show", booking_id=booking.id), 303)


@bp.post("/proposals/<uuid:proposal_id>/refusal")
@writes(again=again)
@signed_in
def decline(proposal_id: UUID) -> ResponseReturnValue:
    """Stay with the time as it is."""
    found = service.decline(current_session(), proposal_id, by=me())
    flash(_("The session stays as it is. The other side gets a mail."), "good")
    return redirect(url_for("bookings.show", booking_id=found.booking_id), 303)


@bp.post("/proposals/<uuid:proposal_id>/withdrawal")
@writes(again=again)
@signed_in
def withdraw(proposal_id: UUID) -> ResponseReturnValue:
    """Take one's own proposal back."""
    found = service.withdraw(current_session(), proposal_id, by=me())
    flash(_("Taken back. The session stays as it is."), "good")
    return redirect(url_for("bookings.show", booking_id=found.booking_id), 303)


def _page(booking_id: UUID) -> str:
    session, now = current_session(), clock.now()
    booking = queries.visible(session, booking_id, me())
    actor = queries.party_in(session, booking, me())
    if actor is Actor.STAFF:
        raise NotFound("proposal")
    parties = queries.parties(session, booking)
    found = queries.open_proposal(session, booking_id)
    if found is not None and not found.can_be_answered(now):
        found = None
    may_propose = may(check_propose, booking.terms, is_confirmed=booking.is_confirmed, now=now)
    writing = may_propose and (found is None or "new" in request.args or request.endpoint == "bookings.propose")
    return render_template(
        "bookings/proposal.html",
        booking=booking,
        parties=parties,
        other_side=parties.coach.name if actor is Actor.RUNNER else parties.runner.name,
        actor=actor,
        now=now,
        proposal=found,
        mine=found is not None and proposals.side(actor, found.by) is proposals.PROPOSER,
        open_times=service.still_open(session, found, booking, now) if found and may_propose else [],
        days=_days(booking, parties.offer, now) if writing else {},
        writing=writing,
        may_propose=may_propose,
        most=MOST_TIMES,
    )


def _days(booking: Booking, offer: Offer, now: datetime) -> Mapping[str, list[tuple[str, str]]]:
    """The open times of the weeks around a session by day, as a select's groups."""
    days = dict[str, list[tuple[str, str]]]()
    first = max(now, (booking.starts_at or now) - timedelta(days=DAYS_BEFORE))
    between = first, first + timedelta(days=DAYS_SHOWN)
    for each in queries.openings_for(current_session(), booking, offer, between=between, now=now):
        at = each.starts_at
        days.setdefault(day(at), []).append((at.isoformat(), when(at)))
    return days
