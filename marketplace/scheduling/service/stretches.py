"""One stretch of working hours put, moved or taken away: on one date, or on its weekday every week."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import partial
from typing import NamedTuple
from uuid import UUID

from sqlmodel import Session

from marketplace.scheduling import queries
from marketplace.scheduling.hours import Window, joined, without
from marketplace.scheduling.models import DateException
from marketplace.scheduling.service.calendar import lock
from marketplace.scheduling.service.hours import Windows, set_exceptions, set_week
from marketplace.scheduling.terms import USUAL
from marketplace.scheduling.walltime import DAY


class Stretch(NamedTuple):
    """Working hours of a local date, in wall minutes; an end past 1440 is on the next date."""

    on: date
    start: int
    end: int

    @property
    def window(self) -> Window:
        """Without its date."""
        return Window(self.start, self.end)

    @property
    def parts(self) -> list[tuple[date, Window]]:
        """On which dates it lies: one, or two where it runs over midnight."""
        parts = [(self.on, Window(self.start, min(self.end, DAY)))]
        return [*parts, (self.after, Window(0, self.end - DAY))] if self.end > DAY else parts

    @property
    def after(self) -> date:
        """The date after its own."""
        return self.on + timedelta(days=1)


def change_week(
    session: Session, coach_id: UUID, *, was: Stretch | None, to: Stretch | None, schedule: int = USUAL
) -> None:
    """Every week: hours that were on the weekday of `was` are those of `to`. None: there were none, there are none.

    They are hours of the offer's `schedule`, else of the one that is in force on that date.
    """
    lock(session, coach_id)
    first = next(each.on for each in (was, to) if each)
    number = schedule or queries.in_force(session, coach_id, first)
    week = queries.weekly(session, coach_id, number)
    for on, gone in was.parts if was else ():
        week[on.weekday()] = without(week.get(on.weekday(), []), gone)
    if to:
        week[to.on.weekday()] = [*week.get(to.on.weekday(), []), to.window]
    set_week(session, coach_id, week, number)


def change_dates(
    session: Session, coach_id: UUID, *, was: Stretch | None, to: Stretch | None, schedule: int = USUAL
) -> None:
    """The same on those dates only, which get hours of their own."""
    lock(session, coach_id)
    hours_of = partial(_hours, session, coach_id, schedule)
    dates = _cut_out(hours_of, was) if was else {}
    if to:
        dates[to.on] = joined([*dates.get(to.on, hours_of(to.on)), to.window])
    set_exceptions(session, coach_id, {**_cut_short(session, coach_id, dates), **dates})


def _cut_out(hours_of: Callable[[date], list[Window]], was: Stretch) -> dict[date, list[Window]]:
    """Its date without it; the date after too, where hours after midnight go, or stay without those before it."""
    left = without(hours_of(was.on), was.window)
    found = {was.on: [each for each in left if each.start < DAY]}
    if was.end > DAY or any(each.start >= DAY for each in left):
        found[was.after] = without(hours_of(was.after), Window(0, was.end - DAY))
    return found


def _hours(session: Session, coach_id: UUID, schedule: int, on: date) -> list[Window]:
    """The hours of a date, with what its own hours have after midnight."""
    terms = queries.calendar_terms(session, coach_id)
    if terms is None:
        return []
    hours = terms.hours_for(schedule)
    return joined([*hours.of(on), *hours.exceptions.get(on, ())])


def _cut_short(session: Session, coach_id: UUID, dates: Mapping[date, object]) -> dict[date, Windows]:
    """The dates before, whose own hours ran on into these, end at midnight: what ran on is of these dates now."""
    found: dict[date, Windows] = {}
    for on in dates:
        before = session.get(DateException, (coach_id, on - timedelta(days=1)))
        if before and any(end > DAY for _, end in before.windows):
            found[before.on_date] = [(start, min(end, DAY)) for start, end in before.windows]
    return found
