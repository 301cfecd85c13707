"""Holding a time, and holds that come to nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking
from marketplace.bookings.service import Shown
from marketplace.bookings.service.time import give_time_back
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.money import Money
from marketplace.payments import queries as orders
from marketplace.payments.models import Payment, PayoutAccount
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Claim, Visit
from tests import make
from tests.bookings.world import FEE, confirmed, hold, news, pay, refunds, status_of, times

pytestmark = pytest.mark.both_databases


@pytest.fixture
def review(session: Session, coach: Coach) -> Offer:
    return make.offer(session, coach, OfferKind.CLIP_REVIEW, weekly_places=2)


def test_a_hold_takes_the_time_and_waits_to_be_paid(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner, shown=Shown(Money(9500, "CAD")))
    assert booking.status is BookingStatus.HELD and booking.holds_its_time
    assert booking.starts_at not in times(session, offer)
    assert booking.ends_at - booking.starts_at == timedelta(minutes=30)
    assert booking.hold_expires_at - clock.now() > timedelta(minutes=34)
    assert [(line.kind, line.reference_id) for line in orders.lines(session, booking.order_id)] == [
        ("booking", booking.id)
    ]
    assert [(event.move, event.by) for event in queries.history(session, booking.id)] == [("hold", "runner")]


def test_the_same_form_twice_is_one_hold(session: Session, offer: Offer, runner: User) -> None:
    number, start = uuid4(), times(session, offer)[0]
    first = hold(session, offer, runner, start, booking_id=number)
    assert hold(session, offer, runner, start, booking_id=number) is first
    assert session.scalar(select(func.count()).select_from(Booking)) == 1
    with pytest.raises(Conflict, match="id-taken"):
        hold(session, offer, runner, start + timedelta(minutes=30), booking_id=number)
    with pytest.raises(Conflict, match="id-taken"):
        hold(session, offer, make.user(session), start, booking_id=number)


def test_the_form_of_what_is_over_makes_no_booking_look_alive(session: Session, offer: Offer, runner: User) -> None:
    number, start = uuid4(), times(session, offer)[0]
    service.expire(session, hold(session, offer, runner, start, booking_id=number).id)
    with pytest.raises(Conflict, match="id-taken"):
        hold(session, offer, runner, start, booking_id=number)
    fresh = queries.living_id(session, number, runner.id)
    assert fresh != number and fresh == queries.living_id(session, number, runner.id)
    assert queries.living_id(session, number, make.user(session).id) == number
    again = hold(session, offer, runner, start, booking_id=fresh)
    assert again.is_held and queries.living_id(session, number, runner.id) == fresh
    pay(session, again)
    assert hold(session, offer, runner, start, booking_id=fresh) is again


def test_what_was_given_up_and_then_paid_is_given_back(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    service.expire(session, booking.id)
    session.flush()
    late = hold(session, offer, runner, booking.starts_at)
    late.make("abandon", by=Actor.RUNNER, at=clock.now(), person=runner.id)
    give_time_back(session, late)
    session.get_one(Payment, orders.payment_of(session, late.order_id).id).make(session, "expire", by="system")
    pay(session, late)
    assert late.status is BookingStatus.EXPIRED
    assert refunds(session) == [9500] and news(session) == ["given-back"]
    assert [event.move for event in queries.history(session, late.id)] == ["hold", "abandon", "give-back"]
    assert late.starts_at in times(session, offer), "the time stays free"


def test_a_time_is_held_once(session: Session, offer: Offer, runner: User) -> None:
    start = times(session, offer)[0]
    hold(session, offer, runner, start)
    with pytest.raises(Conflict, match="time-gone"):
        hold(session, offer, make.user(session), start)
    assert session.scalar(select(func.count()).select_from(Visit)) == 1


def test_another_offer_of_the_coach_can_not_overlap(session: Session, offer: Offer, runner: User) -> None:
    start = times(session, offer)[2]
    hold(session, offer, runner, start)
    hour = make.offer(session, session.get_one(Coach, offer.coach_id), minutes=60)
    with pytest.raises(Conflict, match="time-gone"):
        hold(session, hour, make.user(session), start - timedelta(minutes=30))


@pytest.mark.parametrize(
    ("shift", "kind"),
    [
        (timedelta(days=-30), "time-past"),
        (timedelta(minutes=5), "time-off-grid"),
        (timedelta(seconds=1), "time-off-grid"),
        (timedelta(hours=-5), "time-outside-hours"),
        (timedelta(days=100), "time-too-far"),
        (timedelta(days=36500), "time-"),
    ],
)
def test_a_time_that_never_was_bookable_is_a_mistake(
    session: Session, offer: Offer, runner: User, shift: timedelta, kind: str
) -> None:
    start = times(session, offer)[0] + shift
    with pytest.raises(Invalid, match=kind):
        hold(session, offer, runner, start)
    assert session.scalar(select(func.count()).select_from(Booking)) == 0


def test_a_time_that_the_coach_has_closed_is_gone_with_others_near(
    session: Session, offer: Offer, runner: User
) -> None:
    start = times(session, offer)[0]
    scheduling.set_exception(session, offer.coach_id, start.date(), [])
    with pytest.raises(Conflict, match="time-gone") as refusal:
        hold(session, offer, runner, start)
    assert refusal.value.facts["reason"] == "date-closed" and refusal.value.facts["others"]


def test_hours_that_have_just_been_changed_are_nobodys_mistake(session: Session, offer: Offer, runner: User) -> None:
    start = times(session, offer)[0]
    scheduling.set_week(session, offer.coach_id, {start.weekday(): [(1200, 1260)]})
    with pytest.raises(Conflict, match="time-gone"):
        hold(session, offer, runner, start)


def test_lead_time_counts_when_booking_too(session: Session, offer: Offer, runner: User) -> None:
    start = times(session, offer)[0]
    offer.lead_hours = 24 * 20
    with pytest.raises(Conflict, match="time-gone"):
        hold(session, offer, runner, start)


def test_a_price_other_than_shown_is_refused(session: Session, offer: Offer, runner: User) -> None:
    for price in (Money(9400, "CAD"), Money(9500, "USD")):
        with pytest.raises(Conflict, match="price-changed"):
            hold(session, offer, runner, shown=Shown(price))


def test_who_may_not_book_hears_why(session: Session, coach: Coach, offer: Offer) -> None:
    with pytest.raises(Forbidden, match="address-not-verified"):
        hold(session, offer, make.user(session, verified_at=None))
    with pytest.raises(Forbidden, match="own-offer"):
        hold(session, offer, session.get_one(User, coach.user_id))


def test_what_is_not_sold_is_not_held(session: Session, offer: Offer, runner: User) -> None:
    unpaid = make.offer(session, make.coach(session, payable=False))
    with pytest.raises(Conflict, match="coach-unpaid"):
        hold(session, unpaid, runner)
    paused = make.offer(session, make.coach(session, paused_at=clock.now()))
    with pytest.raises(Conflict, match="coach-away"):
        hold(session, paused, runner)
    start = times(session, offer)[0]
    offer.withdrawn_at = clock.now()
    with pytest.raises(NotFound):
        hold(session, offer, runner, start)
    with pytest.raises(NotFound):
        service.hold(session, booking_id=uuid4(), offer_id=uuid4(), starts_at=start, by=runner, fee_percent=FEE)


def test_a_free_session_is_confirmed_at_once(session: Session, coach: Coach, runner: User) -> None:
    booking = hold(session, make.offer(session, coach, price=0), runner)
    assert booking.status is BookingStatus.CONFIRMED


def test_a_clip_review_takes_a_place_of_the_week_and_no_time(
    session: Session, review: Offer, offer: Offer, runner: User
) -> None:
    before = times(session, offer)
    first = hold(session, review, runner)
    assert first.starts_at is None and first.visit_id is None
    second = confirmed(session, review, runner)
    assert second.due_at - second.confirmed_at == timedelta(hours=72)
    assert times(session, offer) == before
    with pytest.raises(Conflict, match="no-place-this-week"):
        hold(session, review, runner)
    service.expire(session, first.id)
    hold(session, review, runner)


def test_a_fixed_hour_belongs_to_visits_only(session: Session, review: Offer, offer: Offer, runner: User) -> None:
    with pytest.raises(Invalid, match="no-fixed-hour"):
        hold(session, review, runner, times(session, offer)[0])
    with pytest.raises(Invalid, match="time-needed"):
        service.hold(session, booking_id=uuid4(), offer_id=offer.id, starts_at=None, by=runner, fee_percent=FEE)


def test_an_expired_hold_frees_its_time(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    start = booking.starts_at
    service.expire(session, booking.id)
    service.expire(session, booking.id)
    assert booking.status is BookingStatus.EXPIRED and booking.starts_at == start
    assert start in times(session, offer)
    assert session.scalar(select(func.count()).select_from(Claim)) == 0
    hold(session, offer, make.user(session), start)


def test_a_hold_lives_as_long_as_its_payment_page(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    until = booking.hold_expires_at
    assert service.extend_hold(session, booking.id, by=runner).hold_expires_at == until
    booking.hold_expires_at = clock.now() + timedelta(minutes=10)
    assert service.extend_hold(session, booking.id, by=runner).hold_expires_at >= until
    booking.hold_expires_at = clock.now() + timedelta(minutes=10)
    booking.created_at = clock.now() - timedelta(hours=3)
    session.flush()
    with pytest.raises(Conflict, match="hold-over"):
        service.extend_hold(session, booking.id, by=runner)


def test_pain_is_asked_before_money(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner, intake=service.Intake())
    with pytest.raises(Conflict, match="pain-screen-first"):
        service.extend_hold(session, booking.id, by=runner)
    service.answer_pain_screen(session, booking.id, by=runner, answers={"pain": False, "flags": [], "note": ""})
    service.extend_hold(session, booking.id, by=runner)
    with pytest.raises(NotFound):
        service.answer_pain_screen(session, booking.id, by=make.user(session), answers={})


def test_another_booking_at_that_time_is_seen(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    start, end = booking.starts_at, booking.ends_at
    half = timedelta(minutes=15)
    assert queries.overlapping(session, runner.id, start + half, end + half) == [booking]
    assert queries.overlapping(session, runner.id, end, end + half) == []
    assert queries.overlapping(session, runner.id, start, end, but=booking.id) == []
    assert queries.overlapping(session, make.user(session).id, start, end) == []


def test_giving_up_frees_the_time_and_the_sweep_ends_what_is_over(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            offer, runner = make.offer(session, make.coach(session)), make.user(session)
            first, second = hold(session, offer, runner), hold(session, offer, runner)
            second.hold_expires_at = clock.now() - timedelta(seconds=1)
        service.give_up(first.id, by=runner)
        assert service.sweep() == 1
        assert service.sweep() == 0
        with transaction(write=False) as session:
            assert times(session, offer)[0] == first.starts_at
            assert [event.move for event in queries.history(session, first.id)] == ["hold", "abandon"]
            assert [event.move for event in queries.history(session, second.id)] == ["hold", "expire"]
    assert (status_of(app, first.id), status_of(app, second.id)) == ("expired", "expired")


def test_a_stranger_can_not_give_it_up(app: Flask) -> None:
    with app.app_context():
        with transaction() as session:
            booking = hold(session, make.offer(session, make.coach(session)), make.user(session))
            stranger = make.user(session)
        with pytest.raises(NotFound):
            service.give_up(booking.id, by=stranger)


def test_paying_a_hold_twice_confirms_once(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    pay(session, booking)
    pay(session, booking)
    assert [event.move for event in queries.history(session, booking.id)] == ["hold", "confirm"]


def test_nobody_keeps_a_week_of_times_unpaid(session: Session, offer: Offer, runner: User) -> None:
    open_times = times(session, offer)
    for at in open_times[: service.MOST_HOLDS]:
        last = hold(session, offer, runner, at)
    with pytest.raises(Conflict, match="too-many-holds"):
        hold(session, offer, runner, open_times[service.MOST_HOLDS])
    pay(session, last)
    assert hold(session, offer, runner, open_times[service.MOST_HOLDS]).status is BookingStatus.HELD


def test_a_hold_is_not_paid_once_its_coach_can_no_longer_be(session: Session, offer: Offer, runner: User) -> None:
    booking = hold(session, offer, runner)
    session.get_one(PayoutAccount, offer.coach_id).payouts_enabled = False
    with pytest.raises(Conflict, match="coach-unpaid"):
        service.begin_payment(session, booking.id, by=runner, fee_percent=FEE)
    session.get_one(PayoutAccount, offer.coach_id).payouts_enabled = True
    assert service.begin_payment(session, booking.id, by=runner, fee_percent=FEE).is_held
    free = make.offer(session, make.coach(session, payable=False), price=0)
    assert hold(session, free, runner).is_confirmed
