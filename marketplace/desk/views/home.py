"""The desk's first page; for others what coaching here means, and how to apply."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.sessions import maybe_me, me
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.coaches import queries as coaches
from marketplace.coaches import service
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import queries
from marketplace.desk.forms import ProfilePage
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.profile import placed, profile_choices
from marketplace.desk.views.shared import by_day, shown
from marketplace.payments import queries as payments
from marketplace.scheduling.walltime import instant_of, minute_of, week_of
from marketplace.settings import Settings
from marketplace.web.app import reads, writes
from marketplace.web.auth import public, signed_in
from marketplace.web.forms import parse
from marketplace.web.indexing import indexed, keep_out

MOST_AHEAD = 12


@bp.get("/coach")
@reads
@public
@indexed
def home() -> ResponseReturnValue:
    """What waits for the coach; to others, what coaching here is and how to begin."""
    person = maybe_me()
    if person is None:
        return render_template("desk/for_coaches.html", fee=_fee())
    keep_out()
    coach = coaches.of_user(current_session(), person.id)
    if coach is None:
        return render_template("desk/apply.html", person=person, fee=_fee(), **profile_choices())
    return render_template("desk/home.html", coach=coach, **_desk(current_session(), coach))


@bp.post("/coach")
@writes(again=home)
@signed_in
def apply() -> ResponseReturnValue:
    """Become a coach."""
    profile = placed(parse(ProfilePage).profile())
    service.apply(current_session(), me().id, profile)
    flash(_("Welcome. Your desk is open; what comes next stands at the top."), "good")
    return redirect(url_for("desk.home"), 303)


def _desk(session: Session, coach: Coach) -> dict[str, Any]:
    now = clock.now()
    today = now.astimezone(ZoneInfo(coach.timezone)).date()
    seen, seen_before = queries.counts(session, coach.id, now.date())
    account = payments.payout_account(session, coach.id)
    days = by_day(queries.ahead(session, coach.id, now, MOST_AHEAD), coach)
    return {
        "now": now,
        "seen": seen,
        "seen_before": seen_before,
        "lacks": queries.lacking(session, coach),
        "has_payout_account": bool(account and account.stripe_account_id),
        "reviews": shown(queries.reviews_waiting(session, coach.id)),
        "today": [row for on, rows in days if on <= today for row in rows],
        "later": [(on, rows) for on, rows in days if on > today],
        "reported": bookings.reports_against(session, coach.id),
        "outside": len(queries.outside_hours(session, coach.id, now)),
        **_week(session, coach, now),
    }


def _week(session: Session, coach: Coach, now: datetime) -> dict[str, Any]:
    """This week in numbers: Monday to Sunday of her zone."""
    since, until = (instant_of(minute) for minute in week_of(coach.timezone, minute_of(now)))
    visits = queries.visits_between(session, coach.id, since, until)
    return {
        "sessions": len(visits),
        "minutes": sum(_minutes(visit) for visit in visits),
        "earned": queries.earned_between(session, coach, since, until),
    }


def _minutes(visit: Booking) -> int:
    return int((visit.ends_at - visit.starts_at).total_seconds()) // 60 if visit.starts_at and visit.ends_at else 0


def _fee() -> str:
    """Our share in per cent, as one writes it: "15" or "12.5"."""
    settings: Settings = current_app.extensions["settings"]
    return f"{settings.platform_fee_percent:g}"
