"""Why a start is closed, in the words that a coach needs: which session, which limit, until when. In her own zone."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from marketplace.coaches.models import Coach, Offer
from marketplace.desk import queries
from marketplace.desk.week import written
from marketplace.scheduling import holidays
from marketplace.scheduling.closed import Reason
from marketplace.scheduling.why import Closed, explained
from marketplace.web.filters import clock_time, day, when
from marketplace.web.languages import language


def answer(session: Session, coach: Coach, offer: Offer, at: datetime, now: datetime) -> dict[str, Any]:
    """Whether an offer can be booked at an instant: {"open", "reason": the rule that closes it or None, "text"}."""
    closed = explained(session, offer, at, now)
    if closed is None:
        return {"open": True, "reason": None, "text": _("Open: this time can be booked.")}
    return {"open": False, "reason": closed.reason.value, "text": said(session, coach, closed)}


def said(session: Session, coach: Coach, closed: Closed) -> str:
    """The rule in one or two sentences."""
    return _WORDS[closed.reason](session, coach, closed.facts)


def _full(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    return ngettext(
        "The one place of this group session is taken.",
        "All %(num)d places of this group session are taken.",
        facts["seats"],
    )


def _away(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    first, last, note = day(facts["first"]), day(facts["last"]), facts["note"]
    away = _("You are away that day, %(first)s.", first=first)
    if first != last:
        away = _("You are away from %(first)s to %(last)s.", first=first, last=last)
    noted = _("Your note: “%(note)s”.", note=note)
    return f"{away} {noted}" if note else away


def _holiday(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    name = holidays.of_year(facts["code"], facts["on"].year, language())[facts["on"]]
    return _("You are closed on statutory holidays, and that day is one: %(name)s.", name=name)


def _outside_hours(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    if not facts["windows"]:
        return _("You have no hours on %(day)s.", day=day(facts["on"]))
    hours = ", ".join(f"{written(start)} – {written(end)}" for start, end in facts["windows"])
    return _(
        "Your hours on %(day)s are %(hours)s, and all %(minutes)s minutes have to lie in them.",
        day=day(facts["on"]), hours=hours, minutes=facts["minutes"],
    )  # fmt: skip


def _off_grid(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    near = [clock_time(each, coach.timezone) for each in facts["near"] if each]
    every = _("Sessions start every %(interval)s minutes from the beginning of your hours.", interval=facts["interval"])
    if not near:
        return every
    nearest = _("The nearest is at %(first)s.", first=near[0])
    if len(near) == 2:
        nearest = _("The nearest are at %(first)s and %(second)s.", first=near[0], second=near[1])
    return f"{every} {nearest}"


def _outside_dates(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    first, last = (day(facts[name]) if facts[name] else None for name in ("first", "last"))
    if first and last:
        return _("This offer can be booked for dates from %(first)s to %(last)s only.", first=first, last=last)
    if first:
        return _("This offer can be booked for dates from %(first)s on.", first=first)
    return _("This offer can be booked for dates until %(last)s.", last=last)


def _too_far(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    return ngettext(
        "This offer can be booked %(num)d day ahead: now until %(when)s.",
        "This offer can be booked %(num)d days ahead: now until %(when)s.",
        facts["days"],
        when=when(facts["latest"], coach.timezone),
    )


def _too_soon(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    soonest = _("The next start that can be booked is %(when)s or later.", when=when(facts["soonest"], coach.timezone))
    ahead = _("This offer is never booked for the same day.")
    if facts["same_day"]:
        ahead = ngettext(
            "This offer is booked at least %(num)d hour before.",
            "This offer is booked at least %(num)d hours before.",
            facts["lead_hours"],
        )
    return f"{ahead} {soonest}"


def _taken(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    what, held = _what(session, coach, facts)
    if held:
        return _("It is held for somebody who has not paid yet, until %(until)s: %(what)s.", until=held, what=what)
    return _("It is taken: %(what)s.", what=what)


def _busy(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    return _("Another calendar of yours says that you are busy: %(what)s.", what=_what(session, coach, facts)[0])


def _buffer(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    what = _what(session, coach, facts)[0]
    if facts["before"]:
        return _("Too near to what comes after it, with the time kept free between: %(what)s.", what=what)
    return _("Too near to what comes before it, with the time kept free between: %(what)s.", what=what)


def _travel(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    return _(
        "There are not the %(minutes)s minutes that you keep for the way between places: %(what)s is elsewhere.",
        minutes=facts["travel"], what=_what(session, coach, facts)[0],
    )  # fmt: skip


def _too_long(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    most = min(each for each in (facts["minutes_per_day"], facts["minutes_per_week"]) if each is not None)
    return _(
        "A session takes %(minutes)s minutes, and your limit is %(most)s in all.", minutes=facts["minutes"], most=most
    )


def _day_full(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    visits, most, minutes, most_minutes = facts["day"]
    if most is not None and visits >= most:
        return ngettext(
            "Your limit for a day is reached: %(num)d session.",
            "Your limit for a day is reached: %(num)d sessions.",
            visits,
        )
    return _(
        "Of the %(most)s minutes a day that you take on, %(minutes)s are taken; %(more)s more do not fit.",
        most=most_minutes, minutes=minutes, more=facts["minutes"],
    )  # fmt: skip


def _week_full(session: Session, coach: Coach, facts: Mapping[str, Any]) -> str:
    visits, most, minutes, most_minutes = facts["week"]
    if most is not None and visits >= most:
        return ngettext(
            "Your limit for a week is reached: %(num)d session from Monday to Sunday.",
            "Your limit for a week is reached: %(num)d sessions from Monday to Sunday.",
            visits,
        )
    return _(
        "Of the %(most)s minutes a week that you take on, %(minutes)s are taken; %(more)s more do not fit.",
        most=most_minutes, minutes=minutes, more=facts["minutes"],
    )  # fmt: skip


def _what(session: Session, coach: Coach, facts: Mapping[str, Any]) -> tuple[str, str | None]:
    """What is in the way, with its times; and until when it is only held."""
    if (visit := facts.get("visit")) is None:
        busy = facts.get("busy")
        return (f"{busy.title or _('busy')}, {_span(coach, busy.starts_at, busy.ends_at)}" if busy else "…"), None
    seats = queries.of_visit(session, visit.id)
    times = _span(coach, visit.starts_at, visit.ends_at)
    if not seats:
        return times, None
    booking, runner = seats[0]
    until = booking.hold_expires_at if booking.is_held else None
    return f"{runner.name.split()[0]}, {booking.title}, {times}", clock_time(until, coach.timezone) if until else None


def _span(coach: Coach, starts_at: datetime, ends_at: datetime) -> str:
    return f"{when(starts_at, coach.timezone)} – {clock_time(ends_at, coach.timezone)}"


Words = Callable[[Session, Coach, Mapping[str, Any]], str]
_WORDS: dict[Reason, Words] = {
    Reason.PAST: lambda session, coach, facts: _("That time is past."),
    Reason.DATE_CLOSED: lambda session, coach, facts: _("You closed %(day)s.", day=day(facts["on"])),
    Reason.FULL: _full,
    Reason.TIME_OFF: _away,
    Reason.HOLIDAY: _holiday,
    Reason.OUTSIDE_HOURS: _outside_hours,
    Reason.OFF_GRID: _off_grid,
    Reason.OUTSIDE_DATES: _outside_dates,
    Reason.TOO_FAR: _too_far,
    Reason.TOO_SOON: _too_soon,
    Reason.TAKEN: _taken,
    Reason.BUSY: _busy,
    Reason.BUFFER: _buffer,
    Reason.TRAVEL: _travel,
    Reason.TOO_LONG: _too_long,
    Reason.DAY_FULL: _day_full,
    Reason.WEEK_FULL: _week_full,
}
