"""What several pages of the desk need: whose desk it is, and how a session is shown."""

from collections.abc import Iterable, Sequence
from datetime import date
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings.models import Booking
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import queries
from marketplace.desk.queries import Row
from marketplace.errors import Conflict, Forbidden, NotFound
from marketplace.knowledge import catalogue
from marketplace.matching.wording import issue_name
from marketplace.scheduling import service as scheduling
from marketplace.web.forms import YEARS, field_error


def my_coach() -> Coach:
    """The coach whose desk this is; Forbidden `coaches-only` for whoever has not applied yet."""
    coach = coaches.of_user(current_session(), me().id)
    if coach is None:
        raise Forbidden("coaches-only")
    return coach


def hours_page(template: str, coach: Coach, **values: Any) -> str:
    """A page about her hours: with what is booked outside of them, and the last change while it can be undone."""
    session, now = current_session(), clock.now()
    return render_template(
        template,
        coach=coach,
        now=now,
        today=today_of(coach),
        outside=shown(queries.outside_hours(session, coach.id, now)),
        undoable=scheduling.undoable(session, coach.id),
        back=request.full_path if request.method == "GET" else "",
        **values,
    )


def seen(kept: object) -> str:
    """The mark that a form carries of what it was first filled in with; of what is `kept` now, once she was told that
    this is something else."""
    return mark_of(kept) if field_error("") else request.form.get("seen") or mark_of(kept)


def check_seen(kept: object, typed: object) -> None:
    """Conflict `hours-changed` where what is kept is not what the form was filled in with, nor what was typed into it:
    another tab, or a program, has changed it meanwhile. Ask under the lock of the calendar."""
    if request.form.get("seen", mark_of(kept)) != mark_of(kept) and typed != kept:
        raise Conflict("hours-changed")


def mark_of(kept: object) -> str:
    """A short text that is another one for anything else that is kept."""
    return sha256(repr(kept).encode()).hexdigest()[:16]


def today_of(coach: Coach) -> date:
    """Her local date."""
    return clock.now().astimezone(ZoneInfo(coach.timezone)).date()


def date_of(text: str) -> date:
    """A date as an address says it; NotFound for anything else."""
    try:
        on = date.fromisoformat(text)
    except ValueError:
        raise NotFound("date") from None
    if on.year not in YEARS:
        raise NotFound("date")
    return on


def shown(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Rows as the templates take them."""
    return [_shown(row) for row in rows]


def by_day(rows: Sequence[Row], coach: Coach) -> list[tuple[date, list[dict[str, Any]]]]:
    """Visits by local day of the coach: (the date, its rows)."""
    zone = ZoneInfo(coach.timezone)
    days: dict[date, list[Row]] = {}
    for row in rows:
        if row.booking.starts_at:
            days.setdefault(row.booking.starts_at.astimezone(zone).date(), []).append(row)
    return [(on, shown(each)) for on, each in days.items()]


def weekdays() -> list[str]:
    """Monday to Sunday."""
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]


def _shown(row: Row) -> dict[str, Any]:
    booking, known = row.booking, catalogue.issue_ids()
    return {
        "booking": booking,
        "name": (row.runner.name.split() or ["?"])[0],
        "seed": row.runner.name,
        "clips": row.clips,
        "issues": [(each, issue_name(each)) for each in booking.issues if each in known],
        "alarm": _alarm(booking),
    }


def _alarm(booking: Booking) -> str | None:
    """What the pain screen says at a glance: "flags" before "pain"."""
    screen = booking.pain_screen or {}
    if screen.get("flags"):
        return "flags"
    return "pain" if screen.get("pain") else None
