"""Schedules beside the usual week: other hours in a season of each year, or for some offers only."""

from typing import Any

from babel.dates import get_month_names
from flask import flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import week
from marketplace.desk.forms import ScheduleForm
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.hours import drafted_week, kept_week, save_week
from marketplace.desk.views.shared import hours_page, my_coach, seen, weekdays
from marketplace.desk.week import Week
from marketplace.errors import NotFound
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service
from marketplace.scheduling.models import Schedule
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.filters import day_of_year
from marketplace.web.forms import parse


@bp.get("/coach/hours/schedules")
@reads
@role("coach")
def schedules() -> ResponseReturnValue:
    """Her schedules, and the form for one more."""
    session, coach = current_session(), my_coach()
    offers = coaches.offers(session, coach.id)
    known = [
        (each, season_of(each), [offer.title for offer in offers if offer.schedule == each.number])
        for each in calendars.schedules(session, coach.id)
    ]
    return hours_page("desk/schedules.html", coach, schedules=known, months=_months())


@bp.post("/coach/hours/schedules")
@writes(again=schedules)
@role("coach")
def add_schedule() -> ResponseReturnValue:
    """Make one; its hours come next."""
    coach, form = my_coach(), parse(ScheduleForm)
    made = service.set_schedule(current_session(), coach.id, None, name=form.name, season=form.season)
    flash(_("“%(name)s” is made. Now give its hours: until then it has none.", name=made.name), "good")
    return redirect(url_for("desk.schedule", number=made.number), 303)


@bp.get("/coach/hours/schedules/<int(max=9999):number>")
@reads
@role("coach")
def schedule(number: int) -> ResponseReturnValue:
    """One schedule: its name, when it holds, its week of hours."""
    coach = my_coach()
    typed = week.typed(g.typed.getlist) if g.get("typed") and "week" in g.typed else None
    return _page(coach, _mine(coach, number), typed or kept_week(coach, number))


@bp.post("/coach/hours/schedules/<int(max=9999):number>")
@writes(again=schedule)
@role("coach")
def edit_schedule(number: int) -> ResponseReturnValue:
    """Rename it, or let it hold at another time."""
    coach, form = my_coach(), parse(ScheduleForm)
    service.set_schedule(current_session(), coach.id, number, name=form.name, season=form.season)
    flash(_("Saved."), "good")
    return redirect(url_for("desk.schedule", number=number), 303)


@bp.post("/coach/hours/schedules/<int(max=9999):number>/week")
@writes(again=schedule)
@role("coach")
def save_schedule(number: int) -> ResponseReturnValue:
    """Replace its hours."""
    save_week(my_coach(), number)
    flash(_("Saved. From now on runners see these hours."), "good")
    return redirect(url_for("desk.schedule", number=number), 303)


@bp.post("/coach/hours/schedules/<int(max=9999):number>/draft")
@reads
@role("coach")
def draft_schedule(number: int) -> ResponseReturnValue:
    """Its form once more, a row added, removed or a day copied; nothing is saved."""
    coach, drafted = my_coach(), drafted_week()
    g.typed = None
    return _page(coach, _mine(coach, number), drafted, is_draft=True)


@bp.get("/coach/hours/schedules/<int(max=9999):number>/week")
@bp.get("/coach/hours/schedules/<int(max=9999):number>/draft")
@reads
@role("coach")
def no_schedule_draft(number: int) -> ResponseReturnValue:
    """Who comes back by the address of a form that was sent sees what is kept."""
    return redirect(url_for("desk.schedule", number=number))


@bp.post("/coach/hours/schedules/<int(max=9999):number>/removal")
@writes()
@role("coach")
def remove_schedule(number: int) -> ResponseReturnValue:
    """Forget it; offers that named it have the usual hours again."""
    service.remove_schedule(current_session(), my_coach().id, number)
    flash(_("That schedule is gone. Your usual hours hold instead."), "good")
    return redirect(url_for("desk.schedules"), 303)


def season_of(known: Schedule) -> str | None:
    """ "May 1 – September 30"; None for a schedule that holds for offers."""
    if not known.first or not known.last:
        return None
    return f"{day_of_year(known.first)} – {day_of_year(known.last)}"


def _page(coach: Coach, known: Schedule, shown: Week, **values: Any) -> str:
    return hours_page(
        "desk/schedule.html",
        coach,
        schedule=known,
        week=shown,
        seen=seen(kept_week(coach, known.number)),
        weekdays=weekdays(),
        months=_months(),
        **values,
    )


def _mine(coach: Coach, number: int) -> Schedule:
    found = [each for each in calendars.schedules(current_session(), coach.id) if each.number == number]
    if not found:
        raise NotFound("schedule")
    return found[0]


def _months() -> list[tuple[int, str]]:
    return list(get_month_names("wide", "stand-alone", locale=get_locale() or "en").items())
