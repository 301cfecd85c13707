"""The coach's calendar: her week to look at and to change, and why a time can't be booked."""

from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach, Offer
from marketplace.db import current_session
from marketplace.desk import queries
from marketplace.desk.closed_words import answer
from marketplace.desk.queries import Day, Entry
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.events import drawn, why_closed
from marketplace.desk.views.shared import date_of, hours_page, my_coach, today_of
from marketplace.errors import Invalid, NotFound
from marketplace.web.app import reads
from marketplace.web.auth import role
from marketplace.web.languages import language

WEEK = timedelta(days=7)
MOST_DAYS = 42
NINE = 9 * 60
"""Minutes after midnight: from an hour before this on a week without hours is shown."""


@bp.get("/coach/calendar")
@reads
@role("coach")
def calendar() -> ResponseReturnValue:
    """The week of a date (`?week=`), as an offer has it (`?offer=`), and why it can't be booked at a time (`?at=`)."""
    session, coach, now = current_session(), my_coach(), clock.now()
    offers, start, at = offers_with_hours(coach), _start(coach), _wall_time(request.args.get("at", ""))
    offer = offer_of(coach, request.args.get("offer", "")) or (offers[0] if offers else None)
    monday = start - timedelta(days=start.weekday())
    local = now.astimezone(ZoneInfo(coach.timezone))
    week = _days(coach, monday, monday + WEEK, offer)
    return hours_page(
        "desk/calendar.html",
        coach,
        timedelta=timedelta,
        notes={day.on: why_closed(day) for day, _entries in week},
        offers=offers,
        offer=offer,
        start=start,
        monday=monday,
        week=week,
        scroll=max(0, min((each.start for day, _entries in week for each in day.windows), default=NINE) - 60),
        at=at or datetime.combine(max(start, local.date()), time(18)),
        answer=answer(session, coach, offer, instant_at(coach, at), now) if at and offer else None,
        offset=local.isoformat()[-6:],
    )


@bp.get("/coach/calendar/week")
@reads
@role("coach")
def calendar_week() -> ResponseReturnValue:
    """What the drawn calendar shows of the local dates from `?from=` to `?to=` (exclusive), as JSON."""
    coach = my_coach()
    first, end = date_of(request.args.get("from", "")), date_of(request.args.get("to", ""))
    if not 0 < (end - first).days <= MOST_DAYS:
        raise Invalid("range-of-days", field="to", most=MOST_DAYS)
    days = _days(coach, first, end, offer_of(coach, request.args.get("offer", "")))
    return {"events": drawn(coach, days, today_of(coach))}


@bp.get("/coach/calendar/closed")
@reads
@role("coach")
def calendar_closed() -> ResponseReturnValue:
    """Whether an offer can be booked at a local wall time (`?at=`), and if not why, as JSON."""
    coach, at = my_coach(), _wall_time(request.args.get("at", ""))
    offer = offer_of(coach, request.args.get("offer", ""))
    if offer is None or at is None:
        raise NotFound("offer")
    return answer(current_session(), coach, offer, instant_at(coach, at), clock.now())


def offers_with_hours(coach: Coach) -> list[Offer]:
    """What she sells that has a fixed hour."""
    return [each for each in coaches.offers(current_session(), coach.id) if each.minutes is not None]


def offer_of(coach: Coach, offer_id: str | UUID | None) -> Offer | None:
    """The one of those with this id."""
    return next((each for each in offers_with_hours(coach) if str(each.id) == str(offer_id)), None)


def instant_at(coach: Coach, wall_time: datetime) -> datetime:
    """A wall time of her zone as an instant: the first one, where the clocks repeat it."""
    return wall_time.replace(tzinfo=ZoneInfo(coach.timezone))


def _days(coach: Coach, first: date, end: date, offer: Offer | None) -> list[tuple[Day, list[Entry]]]:
    """Her dates from one to another (exclusive), each with what is taken of it."""
    session, last = current_session(), end - timedelta(days=1)
    schedule = offer.schedule if offer else 0
    days = queries.dates(session, coach, first, last, schedule=schedule, language=language())
    taken = queries.of_dates(session, coach, first, last)
    return [(each, taken[each.on]) for each in days]


def _start(coach: Coach) -> date:
    """The date that is asked for, else today."""
    try:
        return date_of(request.args.get("week", ""))
    except NotFound:
        return today_of(coach)


def _wall_time(text: str) -> datetime | None:
    """ "2026-11-30T18:00" as a local time; None for anything else."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo is None and 2000 <= at.year <= 2200 else None
