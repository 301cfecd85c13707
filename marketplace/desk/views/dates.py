"""Days unlike their weekday: holidays, a race weekend, an evening more."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from pydantic import ValidationError

from marketplace import clock
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import queries, week
from marketplace.desk.forms import DatesForm
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.hours import row_sentence
from marketplace.desk.views.shared import my_coach, shown
from marketplace.errors import Invalid, NotFound
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service
from marketplace.scheduling.forms import ExceptionPageForm
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import FormRefused, parse

ROWS = 2
"""Stretches of hours that one day's form offers."""


@bp.get("/coach/hours/dates")
@reads
@role("coach")
def dates() -> ResponseReturnValue:
    """The other days to come, and the form for one more."""
    session, coach, now = current_session(), my_coach(), clock.now()
    found = calendars.exceptions(session, coach.id, _today(coach))
    other = [(on, week.kept({0: [(each.start, each.end) for each in windows]})[0]) for on, windows in found.items()]
    typed = _rows(g.typed) if g.get("typed") else ()
    return render_template(
        "desk/dates.html",
        coach=coach,
        now=now,
        others=other,
        rows=(*typed, *[week.Row()] * ROWS)[:ROWS],
        today=_today(coach),
        outside=shown(queries.outside_hours(session, coach.id, now)),
    )


@bp.post("/coach/hours/dates")
@writes(again=dates)
@role("coach")
def set_dates() -> ResponseReturnValue:
    """Close a day or give it other hours; every day of a stretch the same."""
    session, coach, form = current_session(), my_coach(), parse(DatesForm)
    if form.on < _today(coach):
        raise Invalid("date-past", field="on")
    rows = [row for row in _rows(request.form) if not row.is_empty] if form.kind == "hours" else []
    windows = [window.minutes() for window in _checked(form, rows).windows]
    for on in form.dates():
        service.set_exception(session, coach.id, on, windows)
    flash(ngettext("Saved for %(num)d day.", "Saved for %(num)d days.", len(form.dates())), "good")
    return redirect(url_for("desk.dates"), 303)


@bp.post("/coach/hours/dates/<on>/removal")
@writes(again=lambda on: dates())
@role("coach")
def remove_date(on: str) -> ResponseReturnValue:
    """Give a day the hours of its weekday again."""
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise NotFound("exception") from None
    service.set_exception(current_session(), my_coach().id, day, None)
    flash(_("That day has its usual hours again."), "good")
    return redirect(url_for("desk.dates"), 303)


def _checked(form: DatesForm, rows: list[week.Row]) -> ExceptionPageForm:
    """The hours of the day; FormRefused at `windows`."""
    if form.kind == "hours" and not rows:
        raise FormRefused({"windows": row_sentence()})
    if any(row.starts == row.ends != "00:00" for row in rows):
        raise FormRefused({"windows": _("These hours end when they begin.")})
    try:
        return ExceptionPageForm.model_validate({"on": form.on, "windows": [row._asdict() for row in rows]})
    except ValidationError:
        raise FormRefused({"windows": row_sentence()}) from None


def _rows(sent: Any) -> tuple[week.Row, ...]:
    return week.rows(sent.getlist("from"), sent.getlist("to"))


def _today(coach: Coach) -> date:
    return clock.now().astimezone(ZoneInfo(coach.timezone)).date()
