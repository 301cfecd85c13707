"""Group visits: runners book seats of one visit."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.series import Repeat
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict
from marketplace.scheduling.models import Claim, Visit
from tests import make
from tests.bookings.world import FEE, confirmed, hold, pay, refunds, times

pytestmark = pytest.mark.both_databases


@pytest.fixture
def clinic(session: Session) -> Offer:
    return make.offer(session, make.coach(session), seats=3)


def visits(session: Session) -> list[Visit]:
    return list(session.scalars(select(Visit)))


def test_runners_sit_in_one_visit_until_it_is_full(session: Session, clinic: Offer) -> None:
    start = times(session, clinic)[4]
    sitting = [hold(session, clinic, make.user(session), start) for _ in range(3)]
    assert [each.seat for each in sitting] == [1, 2, 3]
    (visit,) = visits(session)
    assert {each.visit_id for each in sitting} == {visit.id}
    assert (visit.seats, visit.seats_taken, visit.holder_id) == (3, 3, sitting[0].id)
    assert session.scalar(select(func.count()).select_from(Claim)) == 6
    with pytest.raises(Conflict, match="time-gone") as refusal:
        hold(session, clinic, make.user(session), start)
    assert refusal.value.facts["others"]


def test_nobody_sits_twice_in_one_visit(session: Session, clinic: Offer) -> None:
    runner, (start, later) = make.user(session), times(session, clinic)[:2]
    hers = hold(session, clinic, runner, start)
    with pytest.raises(Conflict, match="time-yours") as refusal:
        hold(session, clinic, runner, start)
    assert refusal.value.facts["booking"] == str(hers.id)
    other = confirmed(session, clinic, runner, later)
    with pytest.raises(Conflict, match="time-yours"):
        service.reschedule(session, other.id, by=runner, starts_at=start)
    assert other.starts_at == later and [each.seats_taken for each in visits(session)] == [1, 1]
    day = later.astimezone(ZoneInfo("America/Toronto")).date()
    doubled = Repeat(start + timedelta(days=7), 1, 2, {day + timedelta(days=14): start + timedelta(days=7)})
    with pytest.raises(Conflict, match="series-clash") as refusal:
        service.hold_series(session, booking_id=uuid4(), offer_id=clinic.id, repeat=doubled, by=runner, fee_percent=FEE)
    assert [each["reason"] for each in refusal.value.facts["clashes"]] == ["yours"]


def test_paid_late_nobody_sits_twice(session: Session, clinic: Offer) -> None:
    runner, start = make.user(session), times(session, clinic)[0]
    first = hold(session, clinic, runner, start)
    service.expire(session, first.id)
    second = confirmed(session, clinic, runner, start)
    pay(session, first)
    assert (first.status, second.status) == (BookingStatus.EXPIRED, BookingStatus.CONFIRMED)
    assert refunds(session) == [first.price]


def test_a_seat_given_up_is_the_next_ones_and_the_last_frees_the_minutes(session: Session, clinic: Offer) -> None:
    start = times(session, clinic)[4]
    first, second, third = (hold(session, clinic, make.user(session), start) for _ in range(3))
    service.expire(session, first.id)
    (visit,) = visits(session)
    assert (visit.seats_taken, visit.holder_id) == (2, second.id)
    fourth = hold(session, clinic, make.user(session), start)
    assert fourth.seat == 1 and visit.seats_taken == 3
    for each in (second, third):
        service.expire(session, each.id)
    assert len(visits(session)) == 1
    service.expire(session, fourth.id)
    assert not visits(session) and session.scalar(select(func.count()).select_from(Claim)) == 0
    assert start in times(session, clinic)


def test_seats_left_are_told(session: Session, clinic: Offer) -> None:
    start = times(session, clinic)[4]
    hold(session, clinic, make.user(session), start)
    left = queries.seats_left(session, clinic, start, start + timedelta(days=1))
    assert left == {start: 2}
    assert start in times(session, clinic)
    assert start not in times(session, make.offer(session, session.get_one(Coach, clinic.coach_id), seats=3))


def test_who_sits_down_finds_what_is_booked_as_it_is(session: Session, clinic: Offer) -> None:
    """An offer that is for one by now keeps the seats of its visits; one that is longer by now takes nobody in."""
    start = times(session, clinic)[4]
    hold(session, clinic, make.user(session), start)
    clinic.seats = 1
    assert start in times(session, clinic) and hold(session, clinic, make.user(session), start).seat == 2
    clinic.minutes = 60
    assert start not in times(session, clinic)
    with pytest.raises(Conflict, match="time-gone"):
        hold(session, clinic, make.user(session), start)


def test_another_offer_can_not_join(session: Session, clinic: Offer) -> None:
    start = times(session, clinic)[4]
    hold(session, clinic, make.user(session), start)
    other = Offer(**clinic.model_dump(exclude={"id"}))
    session.add(other)
    session.flush()
    with pytest.raises(Conflict, match="time-gone"):
        hold(session, other, make.user(session), start)


def test_who_moves_takes_her_seat_along_and_leaves_the_others(session: Session, clinic: Offer) -> None:
    start, later = times(session, clinic)[4], times(session, clinic)[8]
    runners: list[User] = [make.user(session) for _ in range(3)]
    stays, moves = (confirmed(session, clinic, runner, start) for runner in runners[:2])
    waits = confirmed(session, clinic, runners[2], later)
    service.reschedule(session, moves.id, by=runners[1], starts_at=later)
    assert moves.visit_id == waits.visit_id and moves.seat == 2
    taken = {visit.starts_at: visit.seats_taken for visit in visits(session)}
    assert taken == {start: 1, later: 2}
    service.cancel(session, stays.id, by=runners[0])
    assert [visit.starts_at for visit in visits(session)] == [later]


def test_a_seat_is_confirmed_late_while_there_is_one(session: Session, clinic: Offer) -> None:
    from tests.bookings.world import pay

    start = times(session, clinic)[4]
    late = hold(session, clinic, make.user(session), start)
    stays = hold(session, clinic, make.user(session), start)
    service.expire(session, late.id)
    pay(session, late)
    assert late.is_confirmed and late.visit_id == stays.visit_id
