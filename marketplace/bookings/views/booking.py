"""A booking's own page, for runner and coach alike, its calendar file, and the list of one's sessions."""

from uuid import UUID

from flask import Response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings import ics, mails, queries, service
from marketplace.bookings.policy import check_cancel, check_propose, check_report, check_reschedule, may
from marketplace.bookings.states import Actor
from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.views.complaining import why_not
from marketplace.bookings.views.history import told
from marketplace.bookings.views.paying import warnings_of
from marketplace.db import current_session
from marketplace.errors import NotFound
from marketplace.knowledge import catalogue
from marketplace.money import Money
from marketplace.payments import service as payments
from marketplace.web.app import reads
from marketplace.web.auth import signed_in
from marketplace.web.languages import absolute_url, language


@bp.get("/bookings")
@reads
@signed_in
def mine() -> ResponseReturnValue:
    """A runner's sessions: those to come first, then the others."""
    found = queries.of_runner(current_session(), me().id)
    ahead = [each for each in found if each.booking.holds_its_time]
    past = [each for each in found if not each.booking.holds_its_time]
    waits = queries.waits_of(current_session(), me().id)
    return render_template("bookings/mine.html", ahead=ahead[::-1], past=past, waits=waits)


@bp.get("/bookings/<uuid:booking_id>")
@reads
@signed_in
def show(booking_id: UUID) -> ResponseReturnValue:
    """The booking, as its runner, its coach or staff may see it."""
    session = current_session()
    booking = queries.visible(session, booking_id, me())
    actor = queries.party_in(session, booking, me())
    if actor is Actor.RUNNER and booking.is_held:
        return redirect(url_for("bookings.payment", booking_id=booking_id))
    now, parties, events = clock.now(), queries.parties(session, booking), queries.history(session, booking_id)
    proposal, absence = queries.open_proposal(session, booking_id), queries.absence_of(session, booking_id)
    waits = absence is not None and absence.is_unsettled
    return render_template(
        "bookings/show.html",
        booking=booking,
        parties=parties,
        history=told(events, parties),
        proposal=proposal if proposal and proposal.can_be_answered(now) else None,
        may_propose=actor is not Actor.STAFF
        and may(check_propose, booking.terms, is_confirmed=booking.is_confirmed, now=now),
        series=queries.together(session, booking),
        sitting=queries.sitting_in(session, booking.visit_id) if booking.visit_id else [],
        calendar_links=_calendar_links(parties) if booking.starts_at and booking.is_confirmed else [],
        actor=actor,
        now=now,
        refund=service.refund_if_cancelled_now(booking, now, actor),
        absence=absence,
        may_report=absence is None and may(check_report, booking.terms, is_confirmed=booking.is_confirmed, now=now),
        may_cancel=booking.is_confirmed and not waits and may(check_cancel, booking.terms, by=actor, now=now),
        may_move=booking.is_confirmed
        and actor is not Actor.STAFF
        and may(check_reschedule, booking.terms, by=actor, now=now),
        complaint=queries.complaint_of(session, booking_id),
        may_complain=actor is Actor.RUNNER and why_not(booking, actor) is None,
        was_let_go="abandon" in [event.move for event in events],
        was_rejected=payments.was_rejected(session, booking.order_id),
        given_back=Money(payments.refunded_for(session, booking_id), booking.currency),
        issues=[
            (each, catalogue.issue(each).name.in_language(language()))
            for each in booking.issues
            if each in catalogue.issue_ids()
        ],
        warnings=warnings_of(booking),
    )


@bp.get("/bookings/<uuid:booking_id>/calendar.ics")
@reads
@signed_in
def calendar(booking_id: UUID) -> ResponseReturnValue:
    """The visit as a file for a calendar."""
    return calendar_file(booking_id)


def calendar_file(booking_id: UUID) -> Response:
    """The .ics of a visit of the signed-in person; NotFound for what has no fixed time."""
    session = current_session()
    booking = queries.visible(session, booking_id, me())
    if booking.starts_at is None or booking.confirmed_at is None:
        raise NotFound("calendar")
    url = absolute_url("bookings.show", in_language=language(), booking_id=booking.id)
    text = ics.published(mails.entry(queries.parties(session, booking), url=url, reader=me()))
    answer = Response(text, content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer.headers["Content-Disposition"] = 'attachment; filename="runsight.ics"'
    return answer


def _calendar_links(parties: queries.Parties) -> list[tuple[str, str]]:
    url = absolute_url("bookings.show", in_language=language(), booking_id=parties.booking.id)
    return mails.calendar_links(mails.entry(parties, url=url))
