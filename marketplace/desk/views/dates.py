"""Days unlike their weekday: holidays, a race weekend, an evening more."""

from datetime import date
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from pydantic import ValidationError

from marketplace.db import current_session
from marketplace.desk import week
from marketplace.desk.forms import DatesForm
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.hours import row_sentence
from marketplace.desk.views.shared import date_of, hours_page, my_coach, today_of
from marketplace.errors import Invalid
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
    coach = my_coach()
    found = calendars.exceptions(current_session(), coach.id, today_of(coach))
    other = [(on, week.kept({0: [(each.start, each.end) for each in windows]})[0]) for on, windows in found.items()]
    typed = _rows(g.typed) if g.get("typed") else ()
    return hours_page("desk/dates.html", coach, others=other, rows=(*typed, *[week.Row()] * ROWS)[:ROWS])


@bp.post("/coach/hours/dates")
@writes(again=dates)
@role("coach")
def set_dates() -> ResponseReturnValue:
    """Close a day or give it other hours; every day of a stretch the same."""
    session, coach, form = current_session(), my_coach(), parse(DatesForm)
    if form.on < today_of(coach):
        raise Invalid("date-past", field="on")
    rows = [row for row in _rows(request.form) if not row.is_empty] if form.kind == "hours" else []
    windows = [window.minutes() for window in _checked(form, rows).windows]
    service.set_exceptions(session, coach.id, dict.fromkeys(form.dates(), windows))
    flash(ngettext("Saved for %(num)d day.", "Saved for %(num)d days.", len(form.dates())), "good")
    return redirect(url_for("desk.dates"), 303)


@bp.post("/coach/hours/dates/<on>/removal")
@writes(again=lambda on: dates())
@role("coach")
def remove_date(on: str) -> ResponseReturnValue:
    """Give a day the hours of its weekday again."""
    service.set_exception(current_session(), my_coach().id, date_of(on), None)
    flash(_("That day has its usual hours again."), "good")
    return redirect(url_for("desk.dates"), 303)


def _checked(form: DatesForm, rows: list[week.Row]) -> ExceptionPageForm:
    """The hours of the day; FormRefused at `windows`."""
    if form.kind == "hours" and not rows:
        raise FormRefused({"windows": row_sentence()})
    return windows_of(form.on, rows)


def windows_of(on: date, rows: list[week.Row]) -> ExceptionPageForm:
    """Rows of hours as those of a date; FormRefused at `windows`."""
    if any(row.starts == row.ends != "00:00" for row in rows):
        raise FormRefused({"windows": _("These hours end when they begin.")})
    try:
        return ExceptionPageForm.model_validate({"on": on, "windows": [row._asdict() for row in rows]})
    except ValidationError:
        raise FormRefused({"windows": row_sentence()}) from None


def _rows(sent: Any) -> tuple[week.Row, ...]:
    return week.rows(sent.getlist("from"), sent.getlist("to"))
