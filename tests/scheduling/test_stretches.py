"""One stretch of hours put, moved or taken away: on a date alone, or on its weekday every week."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from marketplace.coaches.models import Coach
from marketplace.scheduling import queries, service
from marketplace.scheduling.hours import Hours, Window, joined, without
from marketplace.scheduling.service import Stretch
from marketplace.scheduling.service.stretches import _cut_out
from tests import make

MONDAY = date(2027, 3, 1)
TUESDAY = MONDAY + timedelta(days=1)
windows = st.lists(st.tuples(st.integers(0, 286), st.integers(1, 60)), max_size=6).map(
    lambda pairs: [Window(start * 5, min((start + length) * 5, 1440)) for start, length in pairs]
)


@given(windows, st.tuples(st.integers(0, 286), st.integers(1, 200)))
def test_cutting_a_stretch_out_leaves_all_other_minutes(found: list[Window], cut: tuple[int, int]) -> None:
    gone = Window(cut[0] * 5, (cut[0] + cut[1]) * 5)
    minutes = {each for start, end in found for each in range(start, end, 5)} - set(range(*gone, 5))
    assert {each for start, end in without(found, gone) for each in range(start, end, 5)} == minutes
    assert without(found, gone) == joined(without(found, gone))


@pytest.fixture
def coach(session: Session) -> Coach:
    """She works 9 to 17 every day."""
    return make.coach(session)


def hours(session: Session, coach: Coach, on: date) -> list[tuple[int, int]]:
    terms = queries.calendar_terms(session, coach.id)
    assert terms
    return [tuple(each) for each in terms.hours.of(on)]


def test_hours_are_added_to_every_week(session: Session, coach: Coach) -> None:
    service.change_week(session, coach.id, was=None, to=Stretch(MONDAY, 1080, 1260))
    assert hours(session, coach, MONDAY + timedelta(days=70)) == [(540, 1020), (1080, 1260)]
    assert hours(session, coach, TUESDAY) == [(540, 1020)]


def test_hours_move_to_another_day_of_every_week(session: Session, coach: Coach) -> None:
    service.change_week(session, coach.id, was=Stretch(MONDAY, 540, 1020), to=Stretch(TUESDAY, 480, 600))
    assert hours(session, coach, MONDAY) == []
    assert hours(session, coach, TUESDAY) == [(480, 1020)]


def test_hours_of_one_date_leave_the_week_as_it_is(session: Session, coach: Coach) -> None:
    service.change_dates(session, coach.id, was=Stretch(MONDAY, 540, 1020), to=Stretch(TUESDAY, 1200, 1500))
    assert hours(session, coach, MONDAY) == []
    assert hours(session, coach, TUESDAY) == [(540, 1020), (1200, 1440)]
    assert hours(session, coach, TUESDAY + timedelta(days=1)) == [(0, 60), (540, 1020)]
    assert hours(session, coach, MONDAY + timedelta(days=7)) == [(540, 1020)]


def test_the_rest_of_a_night_can_be_taken_away_on_its_own_date(session: Session, coach: Coach) -> None:
    service.set_exception(session, coach.id, MONDAY, [(1200, 1500)])
    service.change_dates(session, coach.id, was=Stretch(TUESDAY, 0, 60), to=None)
    assert hours(session, coach, MONDAY) == [(1200, 1440)]
    assert hours(session, coach, TUESDAY) == [(540, 1020)]


def test_in_a_season_it_is_the_hours_of_the_season_that_change(session: Session, coach: Coach) -> None:
    made = service.set_schedule(session, coach.id, None, name="Spring", season=("02-15", "05-31"))
    service.change_week(session, coach.id, was=None, to=Stretch(MONDAY, 600, 660))
    assert queries.weekly(session, coach.id, made.number) == {0: [Window(600, 660)]}
    assert len(queries.weekly(session, coach.id)) == 7
    assert queries.in_force(session, coach.id, MONDAY) == made.number
    assert queries.in_force(session, coach.id, date(2027, 8, 1)) == 0


NIGHT = Stretch(MONDAY, 1320, 1560)  # 22:00 to 02:00


def test_hours_over_midnight_of_every_week_are_taken_away_whole(session: Session, coach: Coach) -> None:
    service.change_week(session, coach.id, was=None, to=NIGHT)
    assert hours(session, coach, TUESDAY) == [(0, 120), (540, 1020)]
    service.change_week(session, coach.id, was=NIGHT, to=None)
    assert hours(session, coach, MONDAY) == hours(session, coach, TUESDAY) == [(540, 1020)]


def test_a_night_of_every_week_is_taken_away_on_one_date(session: Session, coach: Coach) -> None:
    service.change_week(session, coach.id, was=None, to=NIGHT)
    service.change_dates(session, coach.id, was=NIGHT, to=None)
    assert hours(session, coach, MONDAY) == hours(session, coach, TUESDAY) == [(540, 1020)]
    assert hours(session, coach, MONDAY + timedelta(days=7)) == [(540, 1020), (1320, 1440)]
    assert hours(session, coach, TUESDAY + timedelta(days=7)) == [(0, 120), (540, 1020)]


def test_hours_added_to_a_date_leave_its_night_as_it_is(session: Session, coach: Coach) -> None:
    service.set_exception(session, coach.id, MONDAY, [(1320, 1560)])
    service.change_dates(session, coach.id, was=None, to=Stretch(MONDAY, 600, 660))
    assert hours(session, coach, MONDAY) == [(600, 660), (1320, 1440)]
    assert hours(session, coach, TUESDAY) == [(0, 120), (540, 1020)]
    assert TUESDAY not in queries.exceptions(session, coach.id)


def test_a_night_of_one_date_goes_whole_or_in_part(session: Session, coach: Coach) -> None:
    service.set_exception(session, coach.id, MONDAY, [(1320, 1560)])
    service.change_dates(session, coach.id, was=Stretch(MONDAY, 1320, 1440), to=None)
    assert hours(session, coach, MONDAY) == [] and hours(session, coach, TUESDAY) == [(0, 120), (540, 1020)]
    service.set_exceptions(session, coach.id, {MONDAY: [(1320, 1560)], TUESDAY: None})
    service.change_dates(session, coach.id, was=NIGHT, to=None)
    assert hours(session, coach, MONDAY) == [] and hours(session, coach, TUESDAY) == [(540, 1020)]


@given(windows, st.tuples(st.integers(0, 287), st.integers(1, 200)), st.booleans(), st.booleans())
def test_on_two_dates_exactly_the_minutes_taken_away_are_gone(
    own: list[Window], cut: tuple[int, int], over: bool, next_is_own: bool
) -> None:
    """Whatever of the night is of the date itself, of the date after, or of the week."""
    night = [Window(1380, 1500)] if over else []
    exceptions = {MONDAY: joined([*own, *night])} | ({TUESDAY: [Window(0, 90)]} if next_is_own else {})
    gone = Stretch(MONDAY, cut[0] * 5, (cut[0] + cut[1]) * 5)
    before = Hours("UTC", {1: [Window(0, 60)]}, exceptions)
    after = Hours("UTC", {1: [Window(0, 60)]}, exceptions | _cut_out(_by_date(before), gone))
    first = MONDAY.toordinal()
    kept = {each for start, end, *_ in before.parts(first, first + 1) for each in range(start, end, 5)}
    left = {each for since, until, *_ in after.parts(first, first + 1) for each in range(since, until, 5)}
    midnight = (MONDAY - date(1970, 1, 1)).days * 1440
    assert left == kept - set(range(midnight + gone.start, midnight + gone.end, 5))


def _by_date(hours: Hours) -> Callable[[date], list[Window]]:
    return lambda on: joined([*hours.of(on), *hours.exceptions.get(on, ())])
