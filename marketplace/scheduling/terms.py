"""What all offers of a coach share: her hours, kept in this process for as long as they are the same, and her limits.

`hours_stamp` of her calendar is another one after each change of what is read here, and never the same twice: hours
that were read in a transaction which was rolled back have a stamp that nobody sees again.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, SQLModel, col

from marketplace import clock
from marketplace.memory import Memory
from marketplace.scheduling import holidays
from marketplace.scheduling.hours import Hours, Season, Weekly, Window
from marketplace.scheduling.models import Calendar, DateException, Schedule, TimeOff, WeeklyWindow

KNOWN_AHEAD = timedelta(days=800)
"""Holidays are told from so long ago to so far ahead of the day on which they are read: they are kept for a year."""
USUAL = 0
_LIMITS = ("most_visits_per_day", "most_visits_per_week", "most_minutes_per_day", "most_minutes_per_week")
_CALENDAR = ("coach_id", "hours_stamp", "timezone", "holidays", *_LIMITS, "travel_minutes")
_CALENDARS = select(*(col(getattr(Calendar, name)) for name in _CALENDAR))
_ONE = _CALENDARS.where(col(Calendar.coach_id) == bindparam("coach_id"))
_MANY = _CALENDARS.where(col(Calendar.coach_id).in_(bindparam("coach_id", expanding=True)))
_kept: Memory[Mapping[int, Hours]] = Memory(500)


@dataclass(frozen=True, slots=True)
class Terms:
    """The part of a coach's calendar that all of her offers share; `by_schedule` has her usual hours, with what holds
    in seasons, under 0. Minutes."""

    by_schedule: Mapping[int, Hours]
    per_day: int | None
    per_week: int | None
    minutes_per_day: int | None
    minutes_per_week: int | None
    travel: int

    @property
    def hours(self) -> Hours:
        """Those of the season."""
        return self.by_schedule[USUAL]

    def hours_for(self, schedule: int) -> Hours:
        """Those of an offer's schedule; a schedule that is gone leaves those of the season."""
        return self.by_schedule.get(schedule, self.hours)


def terms_of(session: Session, coach_ids: Sequence[UUID]) -> dict[UUID, Terms]:
    """By coach, for those who have a calendar."""
    one = len(coach_ids) == 1
    asked = {"coach_id": coach_ids[0] if one else coach_ids}
    rows = session.connection().execute(_ONE if one else _MANY, asked).all()
    year = clock.now().year
    hours = {row[0]: _kept.find((*row[:4], year)) for row in rows}
    unread = [row for row in rows if hours[row[0]] is None]
    if unread:
        read = _read(session, {row[0]: (row[2], row[3]) for row in unread})
        for row in unread:
            _kept.put((*row[:4], year), read[row[0]])
        hours |= read
    return {row[0]: Terms(hours[row[0]] or {}, *row[4:]) for row in rows}


def weekly(session: Session, coach_id: UUID, schedule: int = USUAL) -> dict[int, list[Window]]:
    """Her windows by weekday (Monday is 0), in order."""
    return {day: list(windows) for day, windows in _weeks(session, [coach_id])[coach_id].get(schedule, {}).items()}


def schedules(session: Session, coach_id: UUID) -> list[Schedule]:
    """Her schedules beside the usual week, in the order in which they were made."""
    mine = select(Schedule).where(col(Schedule.coach_id) == coach_id).order_by(col(Schedule.number))
    return list(session.execute(mine).scalars())


def in_force(session: Session, coach_id: UUID, on: date) -> int:
    """The number of the schedule whose hours hold on a local date for offers that name none; 0 for the usual week."""
    return holding(schedules(session, coach_id), on)


def holding(known: Iterable[Schedule], on: date) -> int:
    """The same of schedules in the order in which they were made."""
    for each in known:
        if each.first and each.last and Season(_day(each.first), _day(each.last), {}).holds(on):
            return each.number
    return USUAL


def time_off(session: Session, coach_id: UUID, since: date) -> list[TimeOff]:
    """When she is away, from a local date on, in order."""
    mine = select(TimeOff).where(col(TimeOff.coach_id) == coach_id, col(TimeOff.last) >= since)
    return list(session.execute(mine.order_by(col(TimeOff.first))).scalars())


def _read(session: Session, coaches: Mapping[UUID, tuple[str, str | None]]) -> dict[UUID, dict[int, Hours]]:
    """The hours of coaches, given by zone and the code of their holidays, by schedule."""
    ids, today = list(coaches), clock.now().date()
    weeks = _weeks(session, ids)
    dated: dict[UUID, dict[date, list[Window]]] = defaultdict(dict)
    for coach_id, on, windows in _rows(session, DateException, ids, "on_date", "windows"):
        dated[coach_id][on] = [Window(*window) for window in windows]
    away: dict[UUID, list[tuple[date, date]]] = defaultdict(list)
    for coach_id, first, last in _rows(session, TimeOff, ids, "first", "last"):
        away[coach_id].append((first, last))
    seasons: dict[UUID, list[Season]] = defaultdict(list)
    for coach_id, number, first, last in sorted(_rows(session, Schedule, ids, "number", "first", "last")):
        weeks[coach_id].setdefault(number, {})
        if first and last:
            seasons[coach_id].append(Season(_day(first), _day(last), weeks[coach_id].get(number, {})))
    found: dict[UUID, dict[int, Hours]] = {}
    for coach_id, (zone, code) in coaches.items():
        closed = frozenset(holidays.between(code, today - KNOWN_AHEAD, today + KNOWN_AHEAD)) if code else frozenset()
        days = (dated[coach_id], away[coach_id], closed)
        usual = Hours(zone, weeks[coach_id].get(USUAL, {}), days[0], seasons[coach_id], *days[1:])
        others = {number: week for number, week in weeks[coach_id].items() if number != USUAL}
        found[coach_id] = {USUAL: usual} | {
            number: Hours(zone, week, days[0], (), *days[1:]) for number, week in others.items()
        }
    return found


def _weeks(session: Session, coach_ids: Sequence[UUID]) -> dict[UUID, dict[int, Weekly]]:
    weeks: dict[UUID, dict[int, dict[int, list[Window]]]] = {each: {} for each in coach_ids}
    rows = _rows(session, WeeklyWindow, coach_ids, "schedule", "weekday", "starts", "ends")
    for coach_id, schedule, weekday, starts, ends in sorted(rows):
        weeks[coach_id].setdefault(schedule, {}).setdefault(weekday, []).append(Window(starts, ends))
    return {each: dict(found) for each, found in weeks.items()}


def _rows(session: Session, table: type[SQLModel], coach_ids: Sequence[UUID], *names: str) -> Iterable[Any]:
    columns = [col(getattr(table, name)) for name in ("coach_id", *names)]
    return [tuple(row) for row in session.execute(select(*columns).where(columns[0].in_(coach_ids)))]


def _day(text: str) -> tuple[int, int]:
    month, day = text.split("-")
    return int(month), int(day)
