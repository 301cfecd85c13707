"""The weekly hours: a form of rows that works by keyboard and without script."""

from collections.abc import Iterable

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from pydantic import ValidationError

from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import week
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import check_seen, hours_page, my_coach, seen, weekdays
from marketplace.desk.views.words import overnight
from marketplace.desk.week import Week
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service
from marketplace.scheduling.forms import HoursForm
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import FormRefused, sentences


@bp.get("/coach/hours")
@reads
@role("coach")
def hours() -> ResponseReturnValue:
    """Her hours of every week; with `?start=` some to begin with, not saved yet."""
    if g.get("typed"):
        return _page(week.typed(g.typed.getlist))
    begun = request.args.getlist("start")
    return _page(week.begun(begun), is_draft=True) if begun else _page(kept_week(my_coach()))


@bp.post("/coach/hours")
@writes(again=hours)
@role("coach")
def save_hours() -> ResponseReturnValue:
    """Replace them. What is booked stays as it was agreed."""
    save_week(my_coach())
    flash(_("Saved. From now on runners see these hours."), "good")
    return redirect(url_for("desk.hours"), 303)


@bp.post("/coach/hours/draft")
@reads
@role("coach")
def draft_hours() -> ResponseReturnValue:
    """The form once more, a row added, removed or a day copied; nothing is saved."""
    return _page(drafted_week(), is_draft=True)


@bp.get("/coach/hours/draft")
@reads
@role("coach")
def no_draft() -> ResponseReturnValue:
    """Drafts are not kept: whoever comes back by the address sees what is."""
    return redirect(url_for("desk.hours"))


def _page(shown: Week, *, is_draft: bool = False) -> str:
    begun = request.args.getlist("start")
    return hours_page(
        "desk/hours.html",
        my_coach(),
        week=shown,
        seen=seen(kept_week(my_coach())),
        weekdays=weekdays(),
        is_draft=is_draft,
        beginnings=_beginnings(begun) if begun or not any(shown) else (),
    )


def _beginnings(begun: list[str]) -> list[tuple[str, str, bool]]:
    """(words, address, is taken) of the weeks to begin with; each adds to those that are taken, or goes."""
    names = {
        "evenings": _("Weekday evenings, 18 – 21"),
        "days": _("Weekdays, 9 – 17"),
        "saturday": _("Saturday mornings, 9 – 12"),
    }
    return [
        (
            said,
            url_for("desk.hours", start=[each for each in names if (each in begun) != (each == name)]),
            name in begun,
        )
        for name, said in names.items()
    ]


def kept_week(coach: Coach, schedule: int = calendars.USUAL) -> Week:
    """Her week, or that of a schedule, as it is kept."""
    weekly = calendars.weekly(current_session(), coach.id, schedule)
    return week.kept({day: [(each.start, each.end) for each in windows] for day, windows in weekly.items()})


def save_week(coach: Coach, schedule: int = calendars.USUAL) -> None:
    """Replace her week, or that of a schedule, by the one that was sent, unless it is no longer what she saw."""
    session, windows = current_session(), typed_hours()
    service.lock(session, coach.id)
    check_seen(kept_week(coach, schedule), week.without_empty(week.typed(request.form.getlist)))
    service.set_week(session, coach.id, windows, schedule)


def drafted_week() -> Week:
    """The week that was sent, as the pressed button asks for it; nothing is saved."""
    g.typed = request.form
    return _drafted(week.typed(request.form.getlist))


def typed_hours() -> dict[int, list[tuple[int, int]]]:
    """The week that was sent, checked; FormRefused with a sentence at each row that is wrong."""
    return _checked(week.typed(request.form.getlist)).by_weekday()


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
    """The typed week as a command; FormRefused with a sentence at each row that is wrong."""
    filled = list(week.filled(typed))
    windows = [{"weekday": day, "starts": row.starts, "ends": row.ends} for day, _number, row in filled]
    errors = _at_rows(
        [(day, number) for day, number, row in filled if row.starts == row.ends != "00:00"],
        _("These hours end when they begin."),
    )
    long = ((day, number, row) for day, number, row in filled if row.overnight_minutes > week.MOST_OVERNIGHT)
    for day, number, row in long:
        errors |= _at_rows([(day, number)], _too_long(row))
    try:
        form = HoursForm.model_validate({"windows": windows})
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
    return overnight(row.starts, row.ends, f"{row.overnight_minutes / 60:.0f}")


def row_sentence() -> str:
    """What a row of hours must look like."""
    return _("Give both times, such as 09:00 and 17:00, in steps of five minutes.")
