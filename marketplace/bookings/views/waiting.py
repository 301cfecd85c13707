"""The waitlist: asking to be told when a time of a full week frees, and leaving the list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import maybe_me, me
from marketplace.bookings import queries, service
from marketplace.bookings.forms import WaitPage
from marketplace.bookings.models import Wait
from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.waits import monday_of, span_of
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach, Offer
from marketplace.db import current_session
from marketplace.errors import Conflict, Invalid
from marketplace.scheduling import queries as calendars
from marketplace.web.app import writes
from marketplace.web.auth import signed_in
from marketplace.web.errors import word
from marketplace.web.forms import parse


@dataclass(frozen=True, slots=True)
class FullWeek:
    """A week of an offer without an open time, by its Monday; `wait` where the reader is on its list."""

    monday: date
    sunday: date
    wait: Wait | None


@bp.app_template_global()
def full_weeks(offer_id: UUID, since: datetime, until: datetime) -> Sequence[FullWeek]:
    """The weeks, in the coach's zone, of which some of [since, until) is part and which have no open time of an offer.

    A week that lies past the offer's booking window is not full but not open yet.
    """
    session, now, someone = current_session(), clock.now(), maybe_me()
    offer = session.get_one(Offer, offer_id)
    zone = session.get_one(Coach, offer.coach_id).timezone
    until = min(until, now + timedelta(days=offer.window_days))
    monday, weeks = monday_of(since.astimezone(ZoneInfo(zone)).date()), []
    while span_of(zone, monday)[0] < until:
        weeks.append(monday)
        monday += timedelta(days=7)
    if offer.minutes is None or not weeks:
        return []
    between = span_of(zone, weeks[0])[0], span_of(zone, weeks[-1])[1]
    found = calendars.openings(session, offer, between=between, now=now)
    free = {monday_of(each.starts_at.astimezone(ZoneInfo(zone)).date()) for each in found}
    hers = queries.awaited_weeks(session, someone.id, offer_id) if someone else {}
    return [FullWeek(each, each + timedelta(days=6), hers.get(each)) for each in weeks if each not in free]


@bp.post("/waits")
@writes()
@signed_in
def wait() -> ResponseReturnValue:
    """Put oneself on the list of a full week; twice is once."""
    form, session = parse(WaitPage), current_session()
    try:
        with session.begin_nested():
            service.wait(session, form.offer, by=me(), week_on=form.week_on)
        flash(
            _("You are on the list. When a time frees, it is held for you for 35 minutes and you get a mail."), "good"
        )
    except (Conflict, Invalid) as refusal:
        flash(word(refusal), "warn")
    offer = coaches.offer(session, form.offer)
    slug = coaches.by_id(session, offer.coach_id).slug
    since: dict[str, Any] = {"from": max(form.week_on, clock.now().date()).isoformat()}
    return redirect(url_for("matching.openings", slug=slug, offer_id=offer.id, **since), 303)


@bp.post("/waits/<uuid:wait_id>/leaving")
@writes()
@signed_in
def leave(wait_id: UUID) -> ResponseReturnValue:
    """Off the list, by one button."""
    service.leave(current_session(), wait_id, by=me())
    flash(_("You are off that list."), "good")
    return redirect(url_for("bookings.mine"), 303)
