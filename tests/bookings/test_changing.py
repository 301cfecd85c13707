"""Confirming late, cancelling, moving, completing."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict, Forbidden, NotFound
from marketplace.jobs import publish
from marketplace.scheduling.models import Claim
from tests import make
from tests.bookings.world import TOO_NEAR, begin, complete_over, confirmed, hold, news, pay, refunds, times

pytestmark = pytest.mark.both_databases


@pytest.fixture
def coach_user(session: Session, coach: Coach) -> User:
    return session.get_one(User, coach.user_id)


def test_money_that_comes_late_confirms_while_the_time_is_free(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    service.expire(session, booking.id)
    pay(session, booking)
    assert booking.status is BookingStatus.CONFIRMED and booking.ended_at is None
    assert booking.starts_at not in times(session, offer)
    assert refunds(session) == []


def test_money_that_comes_too_late_goes_back_whole_and_once(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    service.expire(session, booking.id)
    winner = confirmed(session, offer, make.user(session), booking.starts_at)
    pay(session, booking)
    pay(session, booking)
    assert booking.status is BookingStatus.EXPIRED and winner.status is BookingStatus.CONFIRMED
    assert refunds(session) == [9500]
    assert news(session) == ["confirmed", "given-back"]


def test_a_hold_that_stripe_gave_up_expires(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    service.expire_unpaid(session, booking.order_id)
    assert booking.status is BookingStatus.EXPIRED


def test_in_time_all_comes_back_and_the_time_is_free(session: Session, offer: Offer, runner: User) -> None:
    booking = confirmed(session, offer, runner)
    assert service.refund_if_cancelled_now(booking, clock.now()).amount == 9500
    service.cancel(session, booking.id, by=runner, reason="a cold")
    assert booking.status is BookingStatus.CANCELLED and booking.ended_at
    assert refunds(session) == [9500]
    assert booking.starts_at in times(session, offer)
    last = queries.history(session, booking.id)[-1]
    assert (last.move, last.by, last.reason, last.by_user_id) == ("cancel", "runner", "a cold", runner.id)
    assert news(session) == ["confirmed", "cancelled"]


def test_after_the_deadline_nothing_comes_back(session: Session, offer: Offer, runner: User) -> None:
    booking = confirmed(session, offer, runner)
    booking.agree(TOO_NEAR)
    assert service.refund_if_cancelled_now(booking, clock.now()).amount == 0
    service.cancel(session, booking.id, by=runner)
    assert refunds(session) == []
    assert booking.starts_at in times(session, offer)


def test_the_coach_gives_all_back_whenever_she_cancels(
    session: Session, offer: Offer, runner: User, coach_user: User
) -> None:
    booking = confirmed(session, offer, runner)
    booking.agree(TOO_NEAR)
    service.cancel(session, booking.id, by=coach_user)
    assert refunds(session) == [9500]


def test_cancelled_twice_is_refunded_once(session: Session, offer: Offer, runner: User, coach_user: User) -> None:
    booking = confirmed(session, offer, runner)
    service.cancel(session, booking.id, by=runner)
    for person in (runner, coach_user):
        with pytest.raises(Conflict):
            service.cancel(session, booking.id, by=person)
    assert refunds(session) == [9500]


def test_what_has_begun_can_not_be_cancelled_by_the_runner(
    session: Session, offer: Offer, runner: User, coach_user: User
) -> None:
    booking = confirmed(session, offer, runner)
    begin(booking)
    with pytest.raises(Conflict, match="visit-started"):
        service.cancel(session, booking.id, by=runner)
    with pytest.raises(Conflict, match="visit-started"):
        service.reschedule(session, booking.id, by=runner, starts_at=times(session, offer)[0])
    service.cancel(session, booking.id, by=coach_user)


def test_a_stranger_finds_nothing_and_staff_may_cancel(session: Session, offer: Offer, runner: User) -> None:
    booking = confirmed(session, offer, runner)
    stranger, staff = make.user(session), make.user(session, is_staff=True)
    with pytest.raises(NotFound):
        service.cancel(session, booking.id, by=stranger)
    with pytest.raises(NotFound):
        queries.visible(session, booking.id, stranger)
    with pytest.raises(Forbidden):
        service.reschedule(session, booking.id, by=staff, starts_at=times(session, offer)[5])
    service.cancel(session, booking.id, by=staff)
    assert refunds(session) == [9500]


def test_a_clip_review_gives_all_back_until_it_is_opened(session: Session, coach: Coach, runner: User) -> None:
    review = make.offer(session, coach, OfferKind.CLIP_REVIEW)
    coach_user = session.get_one(User, coach.user_id)
    first, second, late = (confirmed(session, review, runner) for _ in range(3))
    service.cancel(session, first.id, by=runner)
    service.open_clip(session, second.id, by=runner)
    assert second.opened_at is None
    for each in (second, late):
        service.open_clip(session, each.id, by=coach_user)
    service.cancel(session, second.id, by=runner)
    assert refunds(session) == [9500]
    late.due_at = clock.now() - timedelta(seconds=1)
    service.cancel(session, late.id, by=runner)
    assert refunds(session) == [9500, 9500]


def test_a_moved_visit_takes_its_new_time_and_frees_the_old(session: Session, offer: Offer, runner: User) -> None:
    booking = confirmed(session, offer, runner)
    old, new = booking.starts_at, times(session, offer)[4]
    service.reschedule(session, booking.id, by=runner, starts_at=new)
    assert (booking.starts_at, booking.status) == (new, BookingStatus.CONFIRMED)
    assert booking.calendar_sequence == 1
    open_times = times(session, offer)
    assert old in open_times and new not in open_times
    assert session.scalar(select(func.count()).select_from(Claim)) == 6
    assert news(session) == ["confirmed", "rescheduled"]
    service.reschedule(session, booking.id, by=runner, starts_at=new)
    assert booking.calendar_sequence == 1


def test_a_visit_may_move_onto_part_of_its_own_time(session: Session, coach: Coach, runner: User) -> None:
    hour = make.offer(session, coach, minutes=60)
    booking = confirmed(session, hour, runner)
    start = booking.starts_at + timedelta(minutes=30)
    assert service.reschedule(session, booking.id, by=runner, starts_at=start).starts_at == start


def test_a_visit_moves_to_open_times_only(session: Session, offer: Offer, runner: User) -> None:
    booking = confirmed(session, offer, runner)
    taken = confirmed(session, offer, make.user(session), times(session, offer)[3])
    assert taken.starts_at
    with pytest.raises(Conflict, match="time-gone"):
        service.reschedule(session, booking.id, by=runner, starts_at=taken.starts_at)


def test_past_the_deadline_only_the_coach_may_move_it(
    session: Session, offer: Offer, runner: User, coach_user: User
) -> None:
    booking = confirmed(session, offer, runner)
    booking.agree(TOO_NEAR)
    new = times(session, offer)[4]
    with pytest.raises(Conflict, match="too-late-to-move"):
        service.reschedule(session, booking.id, by=runner, starts_at=new)
    service.reschedule(session, booking.id, by=coach_user, starts_at=new)


def test_moved_by_the_coach_it_may_be_cancelled_for_nothing(
    session: Session, offer: Offer, runner: User, coach_user: User
) -> None:
    booking = confirmed(session, offer, runner)
    booking.agree(TOO_NEAR)
    assert not service.refund_if_cancelled_now(booking, clock.now())
    service.reschedule(session, booking.id, by=coach_user, starts_at=times(session, offer)[4])
    assert service.refund_if_cancelled_now(booking, clock.now()) == booking.cost


def test_a_visit_keeps_its_length_when_it_moves(session: Session, offer: Offer, runner: User) -> None:
    booking = confirmed(session, offer, runner)
    new = times(session, offer)[4]
    offer.minutes = 60
    with pytest.raises(Conflict, match="offer-changed"):
        service.reschedule(session, booking.id, by=runner, starts_at=new)


def test_a_visit_that_is_over_completes_by_itself(session: Session, offer: Offer, runner: User) -> None:
    over, ahead = confirmed(session, offer, runner), confirmed(session, offer, runner)
    begin(over, minutes_ago=31)
    assert complete_over(session) == 1
    assert complete_over(session) == 0
    assert (over.status, ahead.status) == (BookingStatus.COMPLETED, BookingStatus.CONFIRMED)


def test_the_coach_completes_a_clip_review_by_delivering(session: Session, coach: Coach, runner: User) -> None:
    booking = confirmed(session, make.offer(session, coach, OfferKind.CLIP_REVIEW), runner)
    with pytest.raises(Forbidden):
        service.complete(session, booking.id, by=runner)
    service.complete(session, booking.id, by=session.get_one(User, coach.user_id))
    assert booking.status is BookingStatus.COMPLETED
    with pytest.raises(Conflict):
        service.complete(session, booking.id)


def test_lists_show_each_side_its_own(session: Session, offer: Offer, coach: Coach, runner: User) -> None:
    booking = confirmed(session, offer, runner)
    given_up = hold(session, offer, runner)
    service.expire(session, given_up.id)
    assert [each.booking.id for each in queries.of_runner(session, runner.id)] == [booking.id]
    person = session.get_one(User, coach.user_id)
    newest = queries.mine(session, person, after=None, limit=1)[0].booking
    assert newest.id == given_up.id
    rest = queries.mine(session, person, after=(newest.created_at, newest.id), limit=5)
    assert [each.booking.id for each in rest] == [booking.id]


def test_nobody_leaves_with_a_session_ahead(session: Session, offer: Offer, runner: User, coach_user: User) -> None:
    booking = confirmed(session, offer, runner)
    for person in (runner, coach_user):
        with pytest.raises(Conflict, match="sessions-to-come"):
            publish(session, "account.closing", user_id=person.id)
    service.cancel(session, booking.id, by=runner)
    service.check_nothing_ahead(session, runner.id)
    service.check_nothing_ahead(session, coach_user.id)
