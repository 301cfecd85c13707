"""One stretch of working hours put, moved or taken away: on one date, or on its weekday every week."""

from collections.abc import Mapping
from datetime import date, timedelta
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


def change_week(
    session: Session, coach_id: UUID, *, was: Stretch | None, to: Stretch | None, schedule: int = USUAL
) -> None:
    """Every week: hours that were on the weekday of `was` are those of `to`. None: there were none, there are none.

    They are hours of the offer's `schedule`, else of the one that is in force on that date.
    """
    lock(session, coach_id)
    on = next(each.on for each in (was, to) if each)
    number = schedule or queries.in_force(session, coach_id, on)
    week = queries.weekly(session, coach_id, number)
    if was:
        week[was.on.weekday()] = without(week.get(was.on.weekday(), []), was.window)
    if to:
        week[to.on.weekday()] = [*week.get(to.on.weekday(), []), to.window]
    set_week(session, coach_id, week, number)


def change_dates(
    session: Session, coach_id: UUID, *, was: Stretch | None, to: Stretch | None, schedule: int = USUAL
) -> None:
    """The same on those dates only, which get hours of their own."""
    lock(session, coach_id)
    dates = {on: _hours(session, coach_id, on, schedule) for on in {each.on for each in (was, to) if each}}
    if was:
        dates[was.on] = without(dates[was.on], was.window)
    if to:
        dates[to.on] = joined([*dates[to.on], to.window])
    set_exceptions(session, coach_id, {**_cut_short(session, coach_id, dates), **dates})


def _hours(session: Session, coach_id: UUID, on: date, schedule: int) -> list[Window]:
    terms = queries.calendar_terms(session, coach_id)
    return list(terms.hours_for(schedule).of(on)) if terms else []


def _cut_short(session: Session, coach_id: UUID, dates: Mapping[date, object]) -> dict[date, Windows]:
    """The dates before, whose own hours ran on into these, end at midnight: what ran on is of these dates now."""
    found: dict[date, Windows] = {}
    for on in dates:
        before = session.get(DateException, (coach_id, on - timedelta(days=1)))
        if before and any(end > DAY for _, end in before.windows):
            found[before.on_date] = [(start, min(end, DAY)) for start, end in before.windows]
    return found
