"""When a coach works: weekly hours, schedules beside them, other days, time off, and how much she takes on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, update
from sqlmodel import Session, col

from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Invalid, NotFound
from marketplace.scheduling import holidays, queries
from marketplace.scheduling.hours import GRANULE, merged
from marketplace.scheduling.models import Calendar, DateException, Schedule, TimeOff, WeeklyWindow
from marketplace.scheduling.service.calendar import changed, lock
from marketplace.scheduling.service.undoing import keep
from marketplace.scheduling.terms import USUAL
from marketplace.scheduling.walltime import DAY

MOST_SCHEDULES = 12
MOST_DAYS_OFF = 731

Windows = Sequence[tuple[int, int]]
"""Local wall time, minutes [start, end) after midnight; an end past 1440 is on the next date."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How many visits and minutes of them she takes in a day and in a week of her own zone (None: no limit), minutes
    kept free between visits at different places, and the code of the holidays on which she is closed."""

    per_day: int | None = None
    per_week: int | None = None
    minutes_per_day: int | None = None
    minutes_per_week: int | None = None
    travel_minutes: int = 0
    holidays: str | None = None

    @classmethod
    def of(cls, calendar: Calendar) -> "Limits":
        """As they are."""
        return cls(
            calendar.most_visits_per_day,
            calendar.most_visits_per_week,
            calendar.most_minutes_per_day,
            calendar.most_minutes_per_week,
            calendar.travel_minutes,
            calendar.holidays,
        )


def set_week(session: Session, coach_id: UUID, windows: Mapping[int, Windows], schedule: int = USUAL) -> None:
    """Replace her weekly hours, by weekday (Monday is 0); those of a schedule by its number.

    Invalid `windows` for what is off the 5-minute grid, NotFound for a schedule that is not there.
    """
    lock(session, coach_id)
    if schedule != USUAL and session.get(Schedule, (coach_id, schedule)) is None:
        raise NotFound("schedule")
    keep(session, coach_id)
    _put_week(session, coach_id, windows, schedule)
    changed(session, coach_id, hours=True)


def set_hours(session: Session, coach_id: UUID, windows: Mapping[int, Windows], limits: Limits) -> None:
    """Replace her usual weekly hours and her limits, as one change. Invalid as `set_week` and `set_limits`."""
    calendar = lock(session, coach_id)
    keep(session, coach_id)
    _put_week(session, coach_id, windows, USUAL)
    _put_limits(calendar, limits)
    changed(session, coach_id, hours=True)


def _put_week(session: Session, coach_id: UUID, windows: Mapping[int, Windows], schedule: int) -> None:
    by_day: dict[int, list[tuple[int, int]]] = {}
    for weekday, found in windows.items():
        for start, end in found:
            _check(start, end, 2 * DAY)
            by_day.setdefault(weekday % 7, []).append((start, min(end, DAY)))
            if end > DAY:
                by_day.setdefault((weekday + 1) % 7, []).append((0, end - DAY))
    mine = (col(WeeklyWindow.coach_id) == coach_id, col(WeeklyWindow.schedule) == schedule)
    session.execute(delete(WeeklyWindow).where(*mine))
    for weekday, found in by_day.items():
        for start, end in merged(found):
            window = WeeklyWindow(coach_id=coach_id, schedule=schedule, weekday=weekday, starts=start, ends=end)
            session.add(window)


def set_schedule(
    session: Session, coach_id: UUID, number: int | None, *, name: str, season: tuple[str, str] | None
) -> Schedule:
    """Make a schedule beside the usual week (number None), or rename it and give it another season, as the first and
    last day of each year ("MM-DD"); without one it holds for offers that name it.

    Invalid `season` for a day that no year has, Invalid `schedules` for more than MOST_SCHEDULES, NotFound.
    """
    lock(session, coach_id)
    keep(session, coach_id)
    known = {each.number: each for each in queries.schedules(session, coach_id)}
    if number is None and len(known) >= MOST_SCHEDULES:
        raise Invalid("schedules", field="name", most=MOST_SCHEDULES)
    if number is not None and number not in known:
        raise NotFound("schedule")
    made = (
        known[number] if number is not None else Schedule(coach_id=coach_id, number=max(known, default=0) + 1, name="")
    )
    made.name = name
    made.first, made.last = [_day_of_year(text) for text in season] if season else (None, None)
    session.add(made)
    changed(session, coach_id, hours=True)
    return made


def remove_schedule(session: Session, coach_id: UUID, number: int) -> None:
    """Forget a schedule with its hours; offers that named it have those of the season again. NotFound."""
    lock(session, coach_id)
    found = session.get(Schedule, (coach_id, number))
    if found is None:
        raise NotFound("schedule")
    keep(session, coach_id)
    mine = (col(WeeklyWindow.coach_id) == coach_id, col(WeeklyWindow.schedule) == number)
    session.execute(delete(WeeklyWindow).where(*mine))
    session.execute(
        update(Offer).where(col(Offer.coach_id) == coach_id, col(Offer.schedule) == number).values(schedule=USUAL)
    )
    session.delete(found)
    changed(session, coach_id, hours=True)


def take_time_off(session: Session, coach_id: UUID, first: date, last: date, note: str = "") -> TimeOff:
    """Close local dates, both counted. Invalid `dates-order`, `dates-many` past two years."""
    lock(session, coach_id)
    if last < first:
        raise Invalid("dates-order", field="until")
    if (last - first).days > MOST_DAYS_OFF:
        raise Invalid("dates-many", field="until", most=MOST_DAYS_OFF)
    keep(session, coach_id)
    away = TimeOff(coach_id=coach_id, first=first, last=last, note=note)
    session.add(away)
    changed(session, coach_id, hours=True)
    return away


def end_time_off(session: Session, coach_id: UUID, time_off_id: UUID) -> TimeOff:
    """Open those dates again; what was closed. NotFound for another coach's."""
    lock(session, coach_id)
    found: TimeOff | None = session.get(TimeOff, time_off_id)
    if found is None or found.coach_id != coach_id:
        raise NotFound("time-off")
    keep(session, coach_id)
    session.delete(found)
    changed(session, coach_id, hours=True)
    return found


def set_exception(session: Session, coach_id: UUID, on: date, windows: Windows | None) -> None:
    """Give one local date hours of its own (none: closed), or with None those of the week again: NotFound where it has
    none of its own."""
    lock(session, coach_id)
    if windows is None and session.get(DateException, (coach_id, on)) is None:
        raise NotFound("exception")
    set_exceptions(session, coach_id, {on: windows})


def set_exceptions(session: Session, coach_id: UUID, dates: Mapping[date, Windows | None]) -> None:
    """The same for several local dates at once, as one change.

    An end past 1440 runs on into the next date, whatever that date's own hours are.
    """
    lock(session, coach_id)
    keep(session, coach_id)
    for on, windows in dates.items():
        row = session.get(DateException, (coach_id, on))
        if windows is not None:
            for start, end in windows:
                _check(start, end, 2 * DAY)
            row = row or DateException(coach_id=coach_id, on_date=on, windows=[])
            row.windows = [[start, end] for start, end in merged(windows)]
            session.add(row)
        elif row is not None:
            session.delete(row)
    changed(session, coach_id, hours=True)


def set_limits(session: Session, coach_id: UUID, limits: Limits) -> None:
    """How much she takes on, and when she is closed besides. Invalid `holidays` for a region that has none known."""
    calendar = lock(session, coach_id)
    keep(session, coach_id)
    _put_limits(calendar, limits)
    changed(session, coach_id)


def follow_home(session: Session, coach: Coach) -> None:
    """Who is closed on statutory holidays is so on those of where she lives now."""
    calendar, code = queries.calendar_of(session, coach.id), queries.holidays_of(session, coach)
    if calendar.holidays not in (None, code):
        calendar.holidays = code
        changed(session, coach.id)


def _put_limits(calendar: Calendar, limits: Limits) -> None:
    if limits.holidays is not None and not holidays.is_known(limits.holidays):
        raise Invalid("holidays", field="holidays")
    calendar.most_visits_per_day, calendar.most_visits_per_week = limits.per_day, limits.per_week
    calendar.most_minutes_per_day, calendar.most_minutes_per_week = limits.minutes_per_day, limits.minutes_per_week
    calendar.travel_minutes, calendar.holidays = limits.travel_minutes, limits.holidays


def _day_of_year(text: str) -> str:
    try:
        return f"{date.fromisoformat(f'2024-{text}'):%m-%d}"
    except ValueError:
        raise Invalid("season", field="season") from None


def _check(start: int, end: int, latest: int) -> None:
    if start % GRANULE or end % GRANULE:
        raise Invalid("off-five-minutes", field="windows")
    if not 0 <= start < DAY or not start < end <= latest:
        raise Invalid("window-order", field="windows")
