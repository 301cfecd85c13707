"""The weekly hours: a form of rows that works by keyboard and without script."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import ValidationError

from marketplace import clock
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import queries, week
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach, shown, weekdays
from marketplace.desk.week import Week
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service
from marketplace.scheduling.forms import HoursForm
from marketplace.scheduling.models import Calendar
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import FormRefused, sentences

LIMITS = ("most_visits_per_day", "most_visits_per_week")


@bp.get("/coach/hours")
@reads
@role("coach")
def hours() -> ResponseReturnValue:
    """Her hours of every week and her limits."""
    return _page(week.typed(g.typed.getlist) if g.get("typed") else None)


@bp.post("/coach/hours")
@writes(again=hours)
@role("coach")
def save_hours() -> ResponseReturnValue:
    """Replace them. What is booked stays as it was agreed."""
    session, coach = current_session(), my_coach()
    form = _checked(week.typed(request.form.getlist))
    service.set_week(session, coach.id, form.by_weekday())
    limits = service.Limits.of(service.lock(session, coach.id))
    limits = replace(limits, per_day=form.most_visits_per_day, per_week=form.most_visits_per_week)
    service.set_limits(session, coach.id, limits)
    flash(_("Saved. From now on runners see these hours."), "good")
    return redirect(url_for("desk.hours"), 303)


@bp.post("/coach/hours/draft")
@reads
@role("coach")
def draft_hours() -> ResponseReturnValue:
    """The form once more, a row added, removed or a day copied; nothing is saved."""
    g.typed = request.form
    return _page(_drafted(week.typed(request.form.getlist)), is_draft=True)


@bp.get("/coach/hours/draft")
@reads
@role("coach")
def no_draft() -> ResponseReturnValue:
    """Drafts are not kept: whoever comes back by the address sees what is."""
    return redirect(url_for("desk.hours"))


def _page(typed: Week | None, *, is_draft: bool = False) -> ResponseReturnValue:
    session, coach, now = current_session(), my_coach(), clock.now()
    return render_template(
        "desk/hours.html",
        coach=coach,
        now=now,
        week=typed or _kept(coach),
        calendar=session.get(Calendar, coach.id),
        weekdays=weekdays(),
        is_draft=is_draft,
        outside=shown(queries.outside_hours(session, coach.id, now)),
    )


def _kept(coach: Coach) -> Week:
    weekly = calendars.weekly(current_session(), coach.id)
    return week.kept({day: [(each.start, each.end) for each in windows] for day, windows in weekly.items()})


def _drafted(typed: Week) -> Week:
    """What the pressed button asks for; anything else leaves the week as it is."""
    day = _weekday(request.form.get("add", ""))
    if day is not None:
        return week.with_row(typed, day)
    row = request.form.get("remove", "").partition("-")
    day = _weekday(row[0])
    if day is not None and row[2].isdecimal():
        return week.without_row(typed, day, int(row[2][:3]))
    day = _weekday(request.form.get("source", ""))
    targets = [target for text in request.form.getlist("target") if (target := _weekday(text)) is not None]
    return typed if day is None or "copy" not in request.form else week.copied(typed, day, targets)


def _weekday(text: str) -> int | None:
    return int(text) if text in map(str, week.DAYS) else None


def _checked(typed: Week) -> HoursForm:
    """The typed week and limits as a command; FormRefused with a sentence at each row that is wrong."""
    filled = list(week.filled(typed))
    windows = [{"weekday": day, "starts": row.starts, "ends": row.ends} for day, _number, row in filled]
    limits: dict[str, Any] = {name: request.form.get(name, "").strip() or None for name in LIMITS}
    errors = _at_rows(
        [(day, number) for day, number, row in filled if row.starts == row.ends != "00:00"],
        _("These hours end when they begin."),
    )
    long = ((day, number, row) for day, number, row in filled if row.overnight_minutes > week.MOST_OVERNIGHT)
    for day, number, row in long:
        errors |= _at_rows([(day, number)], _too_long(row))
    try:
        form = HoursForm.model_validate({"windows": windows} | limits)
    except ValidationError as error:
        found = sentences(error)
        bad = [filled[int(name.split(".")[1])][:2] for name in found if name.startswith("windows.")]
        errors |= {name: said for name, said in found.items() if not name.startswith("windows")}
        raise FormRefused(errors | _at_rows(bad, row_sentence())) from None
    if errors:
        raise FormRefused(errors)
    return form


def _at_rows(rows: Iterable[tuple[int, int]], sentence: str) -> dict[str, str]:
    """The sentence at each of those rows, with the name of its day: it also stands at the top of the form."""
    names = weekdays()
    return {f"hours-{day}-{number}": f"{names[day]}: {sentence}" for day, number in rows}


def _too_long(row: week.Row) -> str:
    return _(
        "%(starts)s to %(ends)s runs over midnight for %(hours)s hours. Did you mean the evening?",
        starts=row.starts, ends=row.ends, hours=f"{row.overnight_minutes / 60:.0f}",
    )  # fmt: skip


def row_sentence() -> str:
    """What a row of hours must look like."""
    return _("Give both times, such as 09:00 and 17:00, in steps of five minutes.")
