"""The waitlist of a full week: first come, first served."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import service as accounts
from marketplace.accounts.models import User
from marketplace.accounts.service.account import SHARES
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking, Wait
from marketplace.bookings.service import unpaid
from marketplace.bookings.states import BookingStatus
from marketplace.bookings.waits import WaitStatus, monday_of, span_of
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.jobs import TASKS, Job
from marketplace.scheduling import service as scheduling
from tests import make
from tests.bookings.world import FEE, NO_PAIN, hold, pay, times

pytestmark = pytest.mark.both_databases


@pytest.fixture
def coach(session: Session) -> Coach:
    """Works one hour on Wednesdays, so that one long visit fills her week."""
    one = make.coach(session)
    scheduling.set_week(session, one.id, {2: [(600, 660)]})
    return one


@pytest.fixture
def offer(session: Session, coach: Coach) -> Offer:
    return make.offer(session, coach, minutes=60, interval_minutes=60)


@pytest.fixture
def start(session: Session, offer: Offer) -> datetime:
    return times(session, offer, days=14)[0]


@pytest.fixture
def taken(session: Session, offer: Offer, start: datetime) -> Booking:
    return hold(session, offer, make.user(session), start)


@pytest.fixture
def week(start: datetime) -> date:
    return monday_of(start.date())


@pytest.fixture
def wait(session: Session, offer: Offer, taken: Booking, week: date) -> Callable[..., Wait]:
    """Somebody goes on the list of the full week."""
    return lambda by=None: service.wait(session, offer.id, by=by or make.user(session), week_on=week)


def hold_of(session: Session, place: Wait) -> Booking:
    assert place.booking_id
    return session.get_one(Booking, place.booking_id)


def ask(session: Session, offer: Offer) -> bool:
    return service.offer_freed(session, offer.coach_id)


def test_the_first_on_the_list_gets_the_freed_time_held(
    session: Session, offer: Offer, taken: Booking, start: datetime, wait: Callable[..., Wait]
) -> None:
    first, second = wait(), wait()
    assert not ask(session, offer)
    service.expire(session, taken.id)
    assert any(job.name == "bookings.offer_freed" for job in session.scalars(select(Job)))
    assert ask(session, offer) and not ask(session, offer)
    booking = hold_of(session, first)
    assert (booking.runner_id, booking.starts_at, booking.status) == (first.runner_id, start, BookingStatus.HELD)
    assert (first.status, second.status) == (WaitStatus.OFFERED, WaitStatus.WAITING)
    assert booking.hold_expires_at and booking.hold_expires_at - clock.now() <= timedelta(minutes=35)
    with pytest.raises(Conflict, match="time-gone"):
        hold(session, offer, make.user(session), start)
    mailed = [job.payload for job in session.scalars(select(Job)) if job.payload.get("news") == "freed"]
    assert [each["booking_id"] for each in mailed] == [str(booking.id)]


def test_let_go_or_lapsed_it_goes_to_the_next_and_never_back(
    session: Session, offer: Offer, taken: Booking, wait: Callable[..., Wait]
) -> None:
    places = [wait() for _ in range(3)]
    service.expire(session, taken.id)
    for number, place in enumerate(places):
        assert ask(session, offer)
        assert [each.status is WaitStatus.OFFERED for each in places] == [each is place for each in places]
        service.expire(session, hold_of(session, place).id)
        assert place.status is WaitStatus.PASSED and number < 3
    assert not ask(session, offer)


def test_she_takes_it_by_paying(session: Session, offer: Offer, taken: Booking, wait: Callable[..., Wait]) -> None:
    place = wait()
    service.expire(session, taken.id)
    ask(session, offer)
    booking, runner = hold_of(session, place), session.get_one(User, place.runner_id)
    assert booking.order_id is None
    service.answer_pain_screen(session, booking.id, by=runner, answers=NO_PAIN)
    service.begin_payment(session, booking.id, by=runner, fee_percent=FEE)
    pay(session, booking)
    assert booking.is_confirmed and place.status is WaitStatus.TAKEN
    unpaid.expire(session, booking.id)
    assert place.status is WaitStatus.TAKEN


def test_what_is_free_is_booked_only_when_she_says_so(
    session: Session, offer: Offer, taken: Booking, wait: Callable[..., Wait]
) -> None:
    place = wait()
    offer.price = 0
    service.expire(session, taken.id)
    ask(session, offer)
    booking, runner = hold_of(session, place), session.get_one(User, place.runner_id)
    assert booking.is_held
    service.answer_pain_screen(session, booking.id, by=runner, answers=NO_PAIN)
    service.begin_payment(session, booking.id, by=runner, fee_percent=FEE)
    assert booking.is_confirmed and place.status is WaitStatus.TAKEN


def test_twice_on_a_list_is_once_and_off_by_one_step(session: Session, offer: Offer, wait: Callable[..., Wait]) -> None:
    runner = make.user(session)
    place = wait(by=runner)
    assert wait(by=runner) is place
    with pytest.raises(NotFound):
        service.leave(session, place.id, by=make.user(session))
    for _ in range(2):
        service.leave(session, place.id, by=runner)
    assert place.status is WaitStatus.LEFT and not queries.waits_of(session, runner.id)
    ahead = wait()
    again = wait(by=runner)
    assert again is not place and again.asked_at >= ahead.asked_at


def test_who_has_found_a_time_herself_is_not_asked_until_she_gives_it_up(
    session: Session, offer: Offer, coach: Coach, taken: Booking, start: datetime, wait: Callable[..., Wait]
) -> None:
    runner = make.user(session)
    first, second = wait(by=runner), wait()
    service.expire(session, taken.id)
    found = hold(session, offer, runner, start)
    scheduling.set_week(session, coach.id, {2: [(600, 660)], 3: [(600, 660)], 4: [(600, 660)]})
    assert ask(session, offer) and not ask(session, offer)
    assert (first.status, second.status) == (WaitStatus.WAITING, WaitStatus.OFFERED)
    service.expire(session, found.id)
    assert ask(session, offer) and first.status is WaitStatus.OFFERED


def test_who_has_that_week_already_may_wait_for_a_second_time(
    session: Session, offer: Offer, coach: Coach, start: datetime, week: date
) -> None:
    runner = make.user(session)
    hold(session, offer, runner, start)
    place = service.wait(session, offer.id, by=runner, week_on=week)
    scheduling.set_week(session, coach.id, {2: [(600, 660)], 3: [(600, 660)]})
    assert ask(session, offer) and place.status is WaitStatus.OFFERED


def test_who_left_is_not_asked(session: Session, offer: Offer, taken: Booking, wait: Callable[..., Wait]) -> None:
    first, second = wait(), wait()
    service.leave(session, first.id, by=session.get_one(User, first.runner_id))
    service.expire(session, taken.id)
    ask(session, offer)
    assert second.status is WaitStatus.OFFERED and first.booking_id is None


def test_who_keeps_too_many_times_unpaid_keeps_her_place_and_the_next_is_asked(
    session: Session, offer: Offer, coach: Coach, taken: Booking, wait: Callable[..., Wait]
) -> None:
    greedy = make.user(session)
    first, second = wait(by=greedy), wait()
    review = make.offer(session, make.coach(session), OfferKind.CLIP_REVIEW, weekly_places=50)
    for _ in range(service.MOST_HOLDS):
        hold(session, review, greedy)
    service.expire(session, taken.id)
    assert ask(session, offer)
    assert (first.status, second.status) == (WaitStatus.WAITING, WaitStatus.OFFERED)


def test_a_list_is_for_full_weeks_that_can_be_booked(
    session: Session, offer: Offer, coach: Coach, week: date, taken: Booking
) -> None:
    runner = make.user(session)
    with pytest.raises(Conflict, match="week-has-times"):
        service.wait(session, offer.id, by=runner, week_on=week + timedelta(days=14))
    for wrong in (week - timedelta(days=21), week + timedelta(days=120)):
        with pytest.raises(Invalid, match="week-to-wait-for"):
            service.wait(session, offer.id, by=runner, week_on=wrong)
    with pytest.raises(Forbidden, match="address-not-verified"):
        service.wait(session, offer.id, by=make.user(session, verified_at=None), week_on=week)
    with pytest.raises(Forbidden, match="own-offer"):
        service.wait(session, offer.id, by=session.get_one(User, coach.user_id), week_on=week)
    review = make.offer(session, coach, OfferKind.CLIP_REVIEW)
    with pytest.raises(Invalid, match="no-fixed-hour"):
        service.wait(session, review.id, by=runner, week_on=week)
    assert not session.scalars(select(Wait)).all()


def test_waiting_ends_with_the_week(session: Session, wait: Callable[..., Wait]) -> None:
    place, other = wait(), wait()
    assert service.close_past(session) == 0
    place.week_on -= timedelta(weeks=6)
    assert service.close_past(session) == 1
    assert (place.status, other.status) == (WaitStatus.CLOSED, WaitStatus.WAITING)


def test_only_a_change_that_somebody_waits_for_is_looked_at(session: Session, offer: Offer, taken: Booking) -> None:
    scheduling.changed(session, offer.coach_id)
    assert not session.scalars(select(Job).where(col(Job.name) == "bookings.offer_freed")).all()


def test_a_week_is_that_of_the_coach() -> None:
    since, until = span_of("America/Toronto", date(2026, 10, 26))
    assert (until - since) == timedelta(days=7, hours=1)
    assert since.isoformat() == "2026-10-26T04:00:00+00:00"


def test_who_leaves_the_site_waits_for_nothing_and_takes_her_data_along(
    session: Session, wait: Callable[..., Wait]
) -> None:
    runner = make.user(session)
    place = wait(by=runner)
    assert [each["id"] for each in SHARES["waitlist"](session, runner.id)] == [str(place.id)]
    assert SHARES["proposals"](session, runner.id) == []
    accounts.close(session, runner.id)
    assert not service.offer_freed(session, place.coach_id), "nothing is held for her any more"
    (asked,) = session.scalars(select(Job).where(col(Job.name) == "bookings.leave_waitlists"))
    TASKS[asked.name].run(session, **asked.payload)
    assert place.status is WaitStatus.LEFT
