"""One date of the calendar: what is on it, its own hours, and the same hours on other dates."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import queries, week
from marketplace.desk.forms import CopyForm, DayForm
from marketplace.desk.queries import Day
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.dates import windows_of
from marketplace.desk.views.events import why_closed
from marketplace.desk.views.hours import row_sentence
from marketplace.desk.views.shared import check_seen, date_of, hours_page, my_coach, seen, today_of
from marketplace.desk.week import Row
from marketplace.errors import Invalid
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service
from marketplace.scheduling.hours import Window
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import FormRefused, parse
from marketplace.web.languages import language

ROWS = 3
"""Stretches of hours that the form has room for, at least."""
NEAR = 14
"""Days around a date to which its hours are copied."""


@bp.get("/coach/calendar/<on>")
@reads
@role("coach")
def day(on: str) -> ResponseReturnValue:
    """A date; with `?like=` its form is filled in with the hours of another one."""
    session, coach, shown = current_session(), my_coach(), date_of(on)
    here = _day(coach, shown)
    like = _day(coach, date_of(request.args["like"])) if request.args.get("like") else here
    windows = [(each.start, each.end) for each in _windows(coach, like)]
    rows = _rows(g.typed) if g.get("typed") else week.kept({0: windows})[0]
    kind = "usual" if not here.is_own else "hours" if here.windows else "closed"
    return hours_page(
        "desk/day.html",
        coach,
        day=here,
        said=why_closed(here),
        entries=queries.of_dates(session, coach, shown, shown)[shown],
        seen=seen(_own(coach, shown)),
        kind=kind if like is here else "hours" if like.windows else "closed",
        rows=(*rows, *[Row()] * max(1, ROWS - len(rows))),
        near=_near(coach, shown),
    )


@bp.post("/coach/calendar/<on>")
@writes(again=day)
@role("coach")
def save_day(on: str) -> ResponseReturnValue:
    """Close it, give it hours of its own, or those of its weekday again."""
    coach, shown, form = my_coach(), date_of(on), parse(DayForm)
    if shown < today_of(coach):
        raise Invalid("date-past", field="kind")
    rows = [row for row in _rows(request.form) if not row.is_empty] if form.kind == "hours" else []
    if form.kind == "hours" and not rows:
        raise FormRefused({"windows": row_sentence()})
    windows = None if form.kind == "usual" else [each.minutes() for each in windows_of(shown, rows).windows]
    service.lock(current_session(), coach.id)
    check_seen(_own(coach, shown), windows)
    service.set_exceptions(current_session(), coach.id, {shown: windows})
    flash(_("Saved."), "good")
    return redirect(url_for("desk.day", on=on), 303)


@bp.post("/coach/calendar/<on>/copies")
@writes(again=day)
@role("coach")
def copy_day(on: str) -> ResponseReturnValue:
    """Give other dates the hours that this one has."""
    session, coach, shown, form = current_session(), my_coach(), date_of(on), parse(CopyForm)
    if not form.dates:
        raise FormRefused({"dates": _("Choose at least one date.")})
    if min(form.dates) < today_of(coach):
        raise Invalid("date-past", field="dates")
    windows = _windows(coach, _day(coach, shown))
    service.set_exceptions(session, coach.id, dict.fromkeys(form.dates, windows))
    flash(ngettext("Copied to %(num)d date.", "Copied to %(num)d dates.", len(set(form.dates))), "good")
    return redirect(url_for("desk.day", on=on), 303)


@bp.get("/coach/calendar/<on>/copies")
@reads
@role("coach")
def no_copies(on: str) -> ResponseReturnValue:
    """Who comes back by the address of the form sees the date."""
    return redirect(url_for("desk.day", on=on))


def _day(coach: Coach, on: date) -> Day:
    return queries.dates(current_session(), coach, on, on, language=language())[0]


def _windows(coach: Coach, day: Day) -> Sequence[Window]:
    """Its hours as they were given: those of its own with what they have after midnight."""
    own = _own(coach, day.on)
    return day.windows if own is None else own


def _own(coach: Coach, on: date) -> Sequence[Window] | None:
    return calendars.exceptions(current_session(), coach.id, on).get(on)


def _near(coach: Coach, on: date) -> list[date]:
    """The dates around it that are not over."""
    first = max(today_of(coach), on - timedelta(days=on.weekday()))
    return [each for each in (first + timedelta(days=number) for number in range(NEAR)) if each != on]


def _rows(sent: Any) -> tuple[Row, ...]:
    return week.rows(sent.getlist("from"), sent.getlist("to"))
