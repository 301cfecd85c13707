"""When a coach is away, and the statutory holidays on which she is closed."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.db import current_session
from marketplace.desk.forms import AwayForm
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import hours_page, my_coach, today_of
from marketplace.errors import Invalid
from marketplace.places.models import Place
from marketplace.scheduling import holidays, service
from marketplace.scheduling import queries as calendars
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse
from marketplace.web.languages import language

SHOWN_AHEAD = timedelta(days=365)


@bp.get("/coach/hours/away")
@reads
@role("coach")
def away() -> ResponseReturnValue:
    """Her time off to come, the form for more, and the holidays of where she lives."""
    session, coach = current_session(), my_coach()
    today, home, code = today_of(coach), session.get_one(Place, coach.place_id), calendars.holidays_of(session, coach)
    return hours_page(
        "desk/away.html",
        coach,
        away=calendars.time_off(session, coach.id, today),
        home=home,
        code=code,
        is_closed=calendars.calendar_of(session, coach.id).holidays is not None,
        holidays=holidays.between(code, today, today + SHOWN_AHEAD, language()) if code else {},
    )


@bp.post("/coach/hours/away")
@writes(again=away)
@role("coach")
def take_time_off() -> ResponseReturnValue:
    """Close her dates from one to another."""
    coach, form = my_coach(), parse(AwayForm)
    last = form.until or form.first
    if last < today_of(coach):
        raise Invalid("date-past", field="until" if form.until else "first")
    service.take_time_off(current_session(), coach.id, form.first, last, form.note)
    flash(_("Saved. Nobody can book you on those days."), "good")
    return redirect(url_for("desk.away"), 303)


@bp.post("/coach/hours/away/<uuid:time_off_id>/end")
@writes()
@role("coach")
def end_time_off(time_off_id: UUID) -> ResponseReturnValue:
    """Open those dates again."""
    service.end_time_off(current_session(), my_coach().id, time_off_id)
    flash(_("Those days have their usual hours again."), "good")
    return redirect(url_for("desk.away"), 303)


@bp.post("/coach/hours/holidays")
@writes(again=away)
@role("coach")
def set_holidays() -> ResponseReturnValue:
    """Be closed on the statutory holidays of where she lives, or not."""
    session, coach = current_session(), my_coach()
    code = calendars.holidays_of(session, coach) if request.form.get("closed") else None
    service.set_limits(session, coach.id, replace(service.Limits.of(service.lock(session, coach.id)), holidays=code))
    said = _("You are closed on statutory holidays.") if code else _("Statutory holidays are days like others.")
    flash(_("Saved.") + " " + said, "good")
    return redirect(url_for("desk.away"), 303)


@bp.get("/coach/hours/holidays")
@reads
@role("coach")
def no_holidays() -> ResponseReturnValue:
    """Who comes back by the address of the form sees the page that it is on."""
    return redirect(url_for("desk.away"))
