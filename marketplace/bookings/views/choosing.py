"""From a coach's time to a hold: what is booked, at what terms, and what the coach should know."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import current_app, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import maybe_me, me
from marketplace.bookings import queries, service
from marketplace.bookings.forms import ChosenQuery, HoldForm, HoldPage, instant_in
from marketplace.bookings.models import Booking
from marketplace.bookings.policy import Terms
from marketplace.bookings.views import fresh
from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.views.cheaper import ways_to_pay
from marketplace.bookings.views.words import closed_because
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach, Offer
from marketplace.db import current_session, new_id
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.jobs import publish
from marketplace.knowledge import catalogue
from marketplace.payments import service as payments
from marketplace.scheduling import queries as calendars
from marketplace.web.app import reads, writes
from marketplace.web.auth import public, signed_in
from marketplace.web.errors import word
from marketplace.web.filters import when
from marketplace.web.forms import parse, parse_query
from marketplace.web.languages import language


@bp.get("/coaches/<slug>/book")
@reads
@public
def new(slug: str) -> ResponseReturnValue:
    """The booking page of one offer and time. A visitor is asked to sign in; her time stays in the address."""
    chosen = parse_query(ChosenQuery)
    offer = coaches.offer(current_session(), chosen.offer)
    coach = coaches.by_slug(current_session(), slug)
    if offer.coach_id != coach.id:
        raise NotFound("offer")
    page = _page(coach, offer, chosen.starts_at)
    publish(current_session(), "booking.begun", coach_id=coach.id)
    return page


def again() -> ResponseReturnValue:
    """The booking page once more, with what was typed."""
    try:
        offer = coaches.offer(current_session(), UUID(request.form.get("offer", "")))
    except ValueError:
        raise NotFound("offer") from None
    starts_at = instant_in(request.form.get("starts_at", ""))
    return _page(coaches.by_id(current_session(), offer.coach_id), offer, starts_at)


@bp.post("/bookings")
@writes(again=again, first=lambda: fresh.for_offer(request.form.get("offer")))
@signed_in
def hold() -> ResponseReturnValue:
    """Hold the chosen time and go on to pay. A free session is confirmed at once."""
    form = parse(HoldPage).command()
    if form.id is not None:  # back to the form after giving its hold up: it is a new one
        form.id = queries.living_id(current_session(), form.id, me().id)
    try:
        booking = hold_for(form)[0]
    except Conflict as refusal:
        if refusal.kind == "time-yours":
            return _to_hers(refusal)
        g.clashes = refusal.facts.get("clashes", [])
        raise
    endpoint = "bookings.payment" if booking.is_held else "bookings.show"
    return redirect(url_for(endpoint, booking_id=booking.id), 303)


@bp.post("/bookings/code")
@reads
@signed_in
def try_code() -> ResponseReturnValue:
    """The booking page with the price that the typed code leaves, and all that was typed. Nothing is held."""
    g.typed = request.form
    return again()


def _to_hers(refusal: Conflict) -> ResponseReturnValue:
    """To the booking that she has of that time: made in another window, or held for her from the waitlist."""
    flash(word(refusal), "note")
    return redirect(url_for("bookings.show", booking_id=refusal.facts["booking"]), 303)


def hold_for(form: HoldForm) -> Sequence[Booking]:
    """Hold what the signed-in person asks for: one booking, or all of a series."""
    session, repeat = current_session(), form.repeated()
    asked: dict[str, Any] = {
        "booking_id": form.id or new_id(),
        "offer_id": form.offer,
        "by": me(),
        "fee_percent": Decimal(current_app.extensions["settings"].platform_fee_percent),
        "shown": form.shown(),
        "intake": form.intake(),
    }
    if repeat is None:
        asked["starts_at"] = form.starts_at
        if form.use_credit:
            return [service.hold_with_credit(session, **asked)]
        return [service.hold_with_code(session, code=form.code, **asked)]
    return service.hold_series(session, repeat=repeat, **asked)


def _page(coach: Coach, offer: Offer, starts_at: datetime | None) -> str:
    session, now, someone = current_session(), clock.now(), maybe_me()
    if offer.withdrawn_at is not None or not coach.is_listed:
        raise NotFound("offer")
    if offer.minutes is not None and starts_at is None:
        raise Invalid("time-needed", field="starts_at")
    starts_at = None if offer.minutes is None else starts_at
    ends_at = starts_at + timedelta(minutes=offer.minutes or 0) if starts_at else None
    closed = calendars.why_closed(session, offer, starts_at, now) if starts_at else None
    overlaps: Any = ()
    if someone and starts_at and ends_at:
        overlaps = queries.overlapping(session, someone.id, starts_at, ends_at)
    return render_template(
        "bookings/new.html",
        coach=coach,
        offer=offer,
        starts_at=starts_at,
        ends_at=ends_at,
        closed=closed,
        other_times=queries.open_near(session, offer, starts_at, now) if starts_at and closed else [],
        seats_left=_seats_left(offer, starts_at),
        clashes=[_clash(each) for each in g.get("clashes", [])],
        terms=Terms(offer.policy, starts_at),
        now=now,
        overlaps=overlaps,
        payable=not offer.price or payments.can_be_paid(session, coach.id),
        booking_id=new_id(),
        back_here=_address(coach, offer, starts_at),
        **ways_to_pay(offer),
        **intake_choices(coach),
    )


def _address(coach: Coach, offer: Offer, starts_at: datetime | None) -> str:
    """Where this page is, to come back to it with all that was chosen."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    when = starts_at.isoformat() if starts_at else None
    return url_for("bookings.new", slug=coach.slug, offer=offer.id, starts_at=when)


def intake_choices(coach: Coach) -> dict[str, Any]:
    """What the intake offers to tick, in the reader's language: the coach's issues and those of the address."""
    spoken = language()
    hers = [special.issue for special in coaches.specialisms(current_session(), coach.id)]
    wanted = [issue for issue in request.args.getlist("issue") if issue in catalogue.issue_ids()]
    issues = [catalogue.issue(each) for each in dict.fromkeys([*wanted, *hers]) if each in catalogue.issue_ids()]
    return {
        "issues": [(issue.id, issue.name.in_language(spoken)) for issue in issues or catalogue.all_issues()],
        "issues_wanted": wanted,
    } | pain_choices()


def pain_choices() -> dict[str, Any]:
    """The signs of the pain screen, in the reader's language."""
    flags = [(flag.id, flag.line.in_language(language())) for flag in catalogue.all_red_flags()]
    return {"red_flags": flags}


def _seats_left(offer: Offer, starts_at: datetime | None) -> int:
    """How many can still book that start."""
    if starts_at is None:
        return offer.seats
    found = queries.seats_left(current_session(), offer, starts_at, starts_at + timedelta(minutes=1))
    return found.get(starts_at, offer.seats)


def _clash(clash: Mapping[str, Any]) -> dict[str, Any]:
    """A date that the series can't have, with what may be chosen instead: (value, text) pairs."""
    on = date.fromisoformat(clash["on"])
    others = [datetime.fromisoformat(each) for each in clash["others"]]
    choices = [(f"{on}|{each.isoformat()}", _("%(time)s instead", time=when(each))) for each in others]
    left_out = (f"{on}|", _("Leave this one out"))
    return {"on": on, "reason": closed_because(clash["reason"]), "choices": [*choices, left_out]}
