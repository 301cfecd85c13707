"""Hours kept, time claimed and given back, against a real database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import delete, func, select
from sqlmodel import Session

from marketplace import clock
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.jobs import on, publish
from marketplace.scheduling import queries, service
from marketplace.scheduling.hours import Window
from marketplace.scheduling.models import Calendar, Claim, Visit, WeeklyWindow
from marketplace.scheduling.walltime import instant_of
from tests import make

pytestmark = pytest.mark.both_databases
told: list[UUID] = []


@on("hours.changed")
def listen(session: Session, coach_id: UUID) -> None:
    told.append(coach_id)


@pytest.fixture
def coach(session: Session) -> Coach:
    told.clear()
    return make.coach(session)


@pytest.fixture
def offer(session: Session, coach: Coach) -> Offer:
    return make.offer(session, coach, buffer_before=10, buffer_after=5)


def starts(session: Session, offer: Offer, days: int = 5) -> list[datetime]:
    now = clock.now()
    found = service.openings(
        session, offer, first=now.date() + timedelta(days=2), days=days, viewer_zone="America/Toronto", now=now
    )
    return [each.starts_at for each in found]


def test_a_day_of_eight_hours_has_sixteen_half_hours(session: Session, offer: Offer) -> None:
    assert len(starts(session, offer, days=1)) == 16


def test_a_claim_takes_its_granules_with_the_buffers_and_freeing_gives_them_back(
    session: Session, offer: Offer
) -> None:
    start = starts(session, offer)[3]
    visit = service.claim(session, offer.coach_id, uuid4(), start, start + timedelta(minutes=30), 10, 5)
    assert session.scalar(select(func.count()).select_from(Claim)) == 9
    assert start not in starts(session, offer)
    assert queries.why_closed(session, offer, start, clock.now()) is queries.Reason.TAKEN
    service.free(session, visit.id)
    service.free(session, visit.id)
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    assert session.scalar(select(func.count()).select_from(Visit)) == 0
    assert start in starts(session, offer)


@pytest.mark.parametrize("shift", [-30, -5, 0, 5, 30])
def test_what_touches_a_claim_by_five_minutes_is_gone(session: Session, offer: Offer, shift: int) -> None:
    start = starts(session, offer)[3]
    length = timedelta(minutes=30)
    service.claim(session, offer.coach_id, uuid4(), start, start + length, 5, 0)
    other = start + timedelta(minutes=shift)
    if shift == 30:
        service.claim(session, offer.coach_id, uuid4(), other, other + length)
        return
    with pytest.raises(Conflict, match="time-gone"):
        service.claim(session, offer.coach_id, uuid4(), other, other + length)
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_two_coaches_share_no_granule(session: Session, offer: Offer) -> None:
    other = make.offer(session, make.coach(session))
    start = starts(session, offer)[0]
    for each in (offer, other):
        service.claim(session, each.coach_id, uuid4(), start, start + timedelta(minutes=30))


def test_a_night_shift_is_kept_as_two_windows_that_touch(session: Session, coach: Coach) -> None:
    service.set_week(session, coach.id, {6: [(1320, 1560)], 0: [(60, 180), (600, 660)]})
    assert queries.weekly(session, coach.id) == {
        0: [Window(0, 180), Window(600, 660)],
        6: [Window(1320, 1440)],
    }


@pytest.mark.parametrize("window", [(541, 600), (600, 600), (600, 540), (-5, 60), (1440, 1500)])
def test_odd_hours_are_refused(session: Session, coach: Coach, window: tuple[int, int]) -> None:
    with pytest.raises(Invalid):
        service.set_week(session, coach.id, {0: [window]})


def test_an_exception_closes_a_date_until_it_is_taken_away(session: Session, offer: Offer) -> None:
    start = starts(session, offer, days=1)[0]
    on_date = start.date()
    service.set_exception(session, offer.coach_id, on_date, [])
    assert starts(session, offer, days=1) == []
    service.set_exception(session, offer.coach_id, on_date, [(600, 630)])
    assert len(starts(session, offer, days=1)) == 1
    service.set_exception(session, offer.coach_id, on_date, None)
    assert starts(session, offer, days=1)[0] == start
    with pytest.raises(NotFound):
        service.set_exception(session, offer.coach_id, date(2030, 1, 1), None)


def test_limits_close_a_full_day(session: Session, offer: Offer) -> None:
    service.set_limits(session, offer.coach_id, service.Limits(per_day=1))
    start = starts(session, offer, days=1)[0]
    service.claim(session, offer.coach_id, uuid4(), start, start + timedelta(minutes=30))
    assert starts(session, offer, days=1) == []
    assert starts(session, offer, days=2)


def test_others_hear_of_what_is_taken(session: Session, offer: Offer) -> None:
    start = starts(session, offer, days=1)[0]
    told.clear()
    service.claim(session, offer.coach_id, uuid4(), start, start + timedelta(minutes=30))
    assert told == [offer.coach_id]


def test_a_start_can_be_booked_until_its_lead_time_or_the_day_before(session: Session, coach: Coach) -> None:
    now = datetime(2026, 11, 2, 12, tzinfo=UTC)
    soon = make.offer(session, coach, lead_hours=3)
    found = queries.starts(session, soon, now, 3)
    assert found and all(at - until == 180 for at, until in found)
    later = make.offer(session, coach, no_same_day=True)
    midnight = timedelta(hours=5)  # of Toronto, in UTC
    for each in queries.starts(session, later, now, 3):
        at, until = (instant_of(minute) for minute in each)
        assert until == at.replace(hour=0, minute=0) + midnight
        assert queries.why_closed(session, later, at, until - timedelta(minutes=1)) is None
        assert queries.why_closed(session, later, at, until) is queries.Reason.TOO_SOON


def test_a_calendar_is_made_when_first_locked(session: Session) -> None:
    coach = make.coach(session)
    session.execute(delete(WeeklyWindow))
    session.execute(delete(Calendar))
    session.expunge_all()
    assert service.lock(session, coach.id).timezone == "America/Toronto"
    with pytest.raises(NotFound):
        service.lock(session, uuid4())


def test_a_zone_chosen_for_the_hours_outlives_other_changes_of_the_coach(session: Session, coach: Coach) -> None:
    service.open_calendar(session, coach.id, "America/Vancouver")
    publish(session, "coach.changed", coach_id=coach.id)
    assert (service.lock(session, coach.id).timezone, coach.timezone) == ("America/Vancouver", "America/Vancouver")


def test_schedules_hold_in_their_season_or_for_the_offers_that_name_them(session: Session, coach: Coach) -> None:
    offer = make.offer(session, coach)
    made = service.set_schedule(session, coach.id, None, name="Track", season=None)
    service.set_week(session, coach.id, {0: [(600, 660)]}, made.number)
    usual = starts(session, offer)
    offer.schedule = made.number
    session.flush()
    assert starts(session, offer) != usual and len(starts(session, offer, days=7)) < 8
    service.set_schedule(session, coach.id, made.number, name="All year", season=("01-01", "12-31"))
    offer.schedule = 0
    session.flush()
    assert starts(session, offer, days=7) != usual
    service.remove_schedule(session, coach.id, made.number)
    assert starts(session, offer) == usual
    with pytest.raises(NotFound):
        service.remove_schedule(session, coach.id, made.number)
    with pytest.raises(Invalid):
        service.set_schedule(session, coach.id, None, name="Odd", season=("02-30", "03-01"))


def test_time_off_closes_dates_until_it_is_taken_back(session: Session, offer: Offer) -> None:
    usual = starts(session, offer, days=7)
    today = usual[0].date()
    away = service.take_time_off(session, offer.coach_id, today, today + timedelta(days=30), "Alps")
    assert starts(session, offer, days=7) == []
    service.end_time_off(session, offer.coach_id, away.id)
    assert starts(session, offer, days=7) == usual
    with pytest.raises(NotFound):
        service.end_time_off(session, offer.coach_id, away.id)
    with pytest.raises(Invalid):
        service.take_time_off(session, offer.coach_id, today, today - timedelta(days=1))


def test_holidays_of_a_region_close_its_dates(session: Session, coach: Coach) -> None:
    offer = make.offer(session, coach)
    now = datetime(2026, 12, 20, tzinfo=UTC)
    christmas = datetime(2026, 12, 25, 15, tzinfo=UTC)
    assert queries.why_closed(session, offer, christmas, now) is None
    service.set_limits(session, coach.id, service.Limits(holidays="CA-ON"))
    assert queries.why_closed(session, offer, christmas, now) is queries.Reason.HOLIDAY
    with pytest.raises(Invalid):
        service.set_limits(session, coach.id, service.Limits(holidays="CA-XX"))


def test_holidays_are_those_of_where_the_coach_lives_now(session: Session, coach: Coach) -> None:
    def move(place_id: int, **where: str) -> str | None:
        coach.place_id = make.place(session, id=place_id, **where).id
        session.flush()
        publish(session, "coach.changed", coach_id=coach.id)
        return queries.calendar_of(session, coach.id).holidays

    assert move(1, name="Gatineau", region="QC") is None, "she is open on holidays"
    service.set_limits(session, coach.id, service.Limits(holidays="CA-QC", per_day=3))
    assert move(2, name="Halifax", region="NS") == "CA-NS"
    assert move(3, name="Nuuk", region="SM", country="GL") is None, "none are known there"
    assert queries.calendar_of(session, coach.id).most_visits_per_day == 3


def test_hours_that_were_rolled_back_are_not_remembered(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            offer = make.offer(session, make.coach(session))
            coach_id = offer.coach_id
        before = {}
        with pytest.raises(ZeroDivisionError), transaction() as session:
            before = queries.calendar_terms(session, coach_id).hours.weekly
            service.set_week(session, coach_id, {0: [(600, 660)]})
            assert queries.calendar_terms(session, coach_id).hours.weekly == {0: [Window(600, 660)]}
            raise ZeroDivisionError
        with transaction(write=False) as session:
            assert queries.calendar_terms(session, coach_id).hours.weekly == before
