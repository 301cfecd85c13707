"""Openings of an offer, and a coach's own hours and other days, under /api/v1."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.coaches import queries as coaches
from marketplace.db import current_session
from marketplace.errors import Invalid, NotFound
from marketplace.scheduling import queries, service
from marketplace.scheduling.forms import ExceptionForm, HoursForm, wall_time
from marketplace.scheduling.hours import Window
from marketplace.scheduling.models import Calendar
from marketplace.scheduling.walltime import instant_of, start_of
from marketplace.scheduling.written import written
from marketplace.web import front
from marketplace.web.api import BEARER, Day, Strict, blueprint
from marketplace.web.app import reads, writes
from marketplace.web.auth import public, role
from marketplace.web.security import csrf

MOST_DAYS = 62
bp_api = blueprint("scheduling")
csrf.exempt(bp_api)


class CoachPath(BaseModel):
    """A coach by the last part of her address."""

    slug: str = Field(max_length=80)


class OpeningsQuery(Strict):
    """Which offer, and which local days of `timezone` (an IANA name); `to` is exclusive."""

    offer: UUID
    since: Day = Field(alias="from")
    to: Day
    timezone: str = Field(max_length=60)


class OpeningAnswer(BaseModel):
    """A time that can be booked, with the offset that `timezone` has then."""

    starts_at: datetime
    ends_at: datetime


class OpeningsAnswer(BaseModel):
    """The openings, in order."""

    timezone: str
    openings: list[OpeningAnswer]


class WeekdayWindow(BaseModel):
    """Working hours of a weekday (Monday is 0)."""

    weekday: int
    starts: str
    ends: str


class DayWindow(BaseModel):
    """Working hours of a date."""

    starts: str
    ends: str


class ExceptionAnswer(BaseModel):
    """A date with hours of its own; none: closed."""

    date: date
    windows: list[DayWindow]


class HoursAnswer(BaseModel):
    """A coach's weekly hours in her zone, her limits, and her other days to come."""

    timezone: str
    windows: list[WeekdayWindow]
    most_visits_per_day: int | None
    most_visits_per_week: int | None
    exceptions: list[ExceptionAnswer]


class DatePath(BaseModel):
    """A local date of the coach."""

    date: Day


@bp_api.get("/coaches/<string:slug>/openings", responses={200: OpeningsAnswer})
@reads
@public
def openings(path: CoachPath, query: OpeningsQuery) -> Response:
    """The times of an offer that can be booked. An offer without a fixed hour is refused (422)."""
    front.for_anybody()
    return Response(_openings(path.slug, query), mimetype="application/json")


@bp_api.get("/coach/hours", responses={200: HoursAnswer}, security=BEARER)
@reads
@role("coach")
def hours() -> dict[str, Any]:
    """The coach's weekly hours, limits and other days."""
    return _hours(queries.calendar_of(current_session(), _my_coach_id()))


@bp_api.put("/coach/hours", responses={200: HoursAnswer}, security=BEARER)
@writes()
@role("coach")
def set_hours(body: HoursForm) -> dict[str, Any]:
    """Replace the weekly hours. Visits that are booked stay as they are."""
    session, coach_id = current_session(), _my_coach_id()
    if body.timezone:
        service.move_zone(session, coach_id, body.timezone)
    given = body.model_fields_set
    calendar = service.lock(session, coach_id)
    day = body.most_visits_per_day if "most_visits_per_day" in given else calendar.most_visits_per_day
    week = body.most_visits_per_week if "most_visits_per_week" in given else calendar.most_visits_per_week
    limits = replace(service.Limits.of(calendar), per_day=day, per_week=week)
    service.set_hours(session, coach_id, body.by_weekday(), limits)
    return _hours(calendar)


@bp_api.get("/coach/exceptions/<string:date>", responses={200: ExceptionAnswer}, security=BEARER)
@reads
@role("coach")
def exception(path: DatePath) -> dict[str, Any]:
    """The hours of a date that has its own."""
    found = queries.exceptions(current_session(), _my_coach_id())
    if path.date not in found:
        raise NotFound("exception")
    return {"date": path.date.isoformat(), "windows": _windows(found[path.date])}


@bp_api.put("/coach/exceptions/<string:date>", responses={200: ExceptionAnswer}, security=BEARER)
@writes()
@role("coach")
def set_exception(path: DatePath, body: ExceptionForm) -> dict[str, Any]:
    """Give a date hours of its own; no window closes it."""
    windows = [window.minutes() for window in body.windows]
    service.set_exception(current_session(), _my_coach_id(), path.date, windows)
    return {"date": path.date.isoformat(), "windows": [window.model_dump() for window in body.windows]}


@bp_api.delete("/coach/exceptions/<string:date>", responses={204: None}, security=BEARER)
@writes()
@role("coach")
def remove_exception(path: DatePath) -> tuple[str, int]:
    """Give a date the hours of its weekday again."""
    service.set_exception(current_session(), _my_coach_id(), path.date, None)
    return "", 204


def _openings(slug: str, query: OpeningsQuery) -> str:
    days = (query.to - query.since).days
    if not 0 < days <= MOST_DAYS:
        raise Invalid("range-of-days", field="to", most=MOST_DAYS)
    zone = service.zone_of(query.timezone).key
    offer = coaches.sold(current_session(), slug, query.offer)
    if offer.minutes is None:
        raise Invalid("no-fixed-hour", field="offer")
    between = instant_of(start_of(zone, query.since)), instant_of(start_of(zone, query.to))
    found = queries.open_minutes(current_session(), offer, between=between, now=clock.now())
    return written(found, offer.minutes, zone)


def _my_coach_id() -> UUID:
    return queries.coach_of(current_session(), me().id).id


def _hours(calendar: Calendar) -> dict[str, Any]:
    session = current_session()
    week = queries.weekly(session, calendar.coach_id)
    others = queries.exceptions(session, calendar.coach_id, clock.now().date())
    return {
        "timezone": calendar.timezone,
        "windows": [{"weekday": day} | shown for day in sorted(week) for shown in _windows(week[day])],
        "most_visits_per_day": calendar.most_visits_per_day,
        "most_visits_per_week": calendar.most_visits_per_week,
        "exceptions": [{"date": on.isoformat(), "windows": _windows(found)} for on, found in others.items()],
    }


def _windows(windows: Iterable[Window]) -> list[dict[str, str]]:
    return [{"starts": wall_time(window.start), "ends": wall_time(window.end)} for window in windows]
