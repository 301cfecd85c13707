"""Codes on bookings: the price, who bears it, how often; and the books."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.coaches.cancelling import Policy
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Conflict, DomainError, Invalid, NotFound
from marketplace.payments import ledger
from marketplace.payments import queries as orders
from marketplace.payments import service as payments
from marketplace.payments.models import Transfer
from marketplace.promotions import service
from marketplace.promotions.models import PromotionUse
from marketplace.promotions.service import Draft
from tests import make
from tests.bookings.world import FEE, NO_PAIN, pay, refunds, times
from tests.packages.world import World, check


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def code(world: World, *, ours: bool = False, **changes: Any) -> None:
    draft = Draft(**({"code": "SPRING"} | changes))
    service.create(world.session, None if ours else world.coach.id, draft)


def book(world: World, **changes: Any) -> Booking:
    offer = changes.pop("offer", world.offer)
    asked: dict[str, Any] = {"booking_id": uuid4(), "offer_id": offer.id, "by": world.runner, "fee_percent": FEE}
    asked |= {"starts_at": times(world.session, offer)[0] if offer.minutes else None}
    asked |= {"intake": bookings.Intake(pain_screen=NO_PAIN), "code": "spring"}
    return bookings.hold_with_code(world.session, **asked | changes)


def money(world: World, booking: Booking) -> tuple[int, int, int]:
    """What is paid, our share of it, and what we add."""
    assert booking.order_id
    payment = orders.payment_of(world.session, booking.order_id)
    return payment.amount, payment.fee, payment.added


def refused(kind: str, error: type[DomainError] = Conflict):
    return pytest.raises(error, match=kind)


def test_a_coachs_code_lowers_her_price_and_our_share_with_it(world: World, session: Session) -> None:
    code(world, percent=10)
    booking = book(world)
    assert (booking.price, booking.discount) == (8550, 950)
    assert money(world, booking) == (8550, 1282, 0)
    check(session)


def test_a_code_of_ours_leaves_the_coach_her_full_share(world: World, session: Session) -> None:
    code(world, ours=True, percent=10)
    booking = book(world)
    assert money(world, booking) == (8550, 1425 - 950, 0)
    pay(session, booking)
    world.finish(booking)
    assert world.balance(ledger.coach(world.coach.id)) == 9500 - 1425
    check(session)


def test_what_our_share_does_not_cover_we_add(world: World, session: Session) -> None:
    code(world, ours=True, amount=3000, currency="CAD")
    booking = book(world)
    assert money(world, booking) == (6500, 0, 1575)
    pay(session, booking)
    world.finish(booking)
    assert world.balance(ledger.coach(world.coach.id)) == 8075
    assert world.balance(ledger.PROMOTIONS) == -1575
    assert [each.amount for each in session.scalars(select(Transfer))] == [8075]
    check(session)
    asked = {"key": "complaint", "reason": "complaint", "by": "staff"}
    payments.refund(session, booking.order_id, amount=6500, **asked)
    assert [each.status for each in session.scalars(select(Transfer))] == ["cancelled"]
    assert world.balance(ledger.PROMOTIONS) == 0
    check(session)


@pytest.mark.parametrize("ours", [True, False])
def test_a_code_for_all_of_it_skips_stripe(world: World, session: Session, ours: bool) -> None:
    code(world, ours=ours, percent=100)
    booking = book(world)
    assert (booking.status, booking.price, booking.discount) == ("confirmed", 0, 9500)
    world.finish(booking)
    assert world.balance(ledger.coach(world.coach.id)) == (8075 if ours else 0)
    assert [each.amount for each in session.scalars(select(Transfer))] == ([8075] if ours else [])
    check(session)


@pytest.mark.parametrize(("hours", "earned"), [(0, 0), (24 * 30, 8075)])
def test_what_we_give_whole_is_the_coachs_when_it_is_cancelled_late(
    world: World, session: Session, hours: int, earned: int
) -> None:
    code(world, ours=True, percent=100)
    booking = book(world)
    booking.agree(Policy(hours))
    bookings.cancel(session, booking.id, by=world.runner)
    assert (world.balance(ledger.coach(world.coach.id)), refunds(session)) == (earned, [])
    check(session)


@pytest.mark.parametrize(("left", "earned"), [(0, 4038), (100, 4038), (4750, 4038), (9400, 4037)])
def test_half_of_what_we_add_is_the_coachs_when_half_comes_back(
    world: World, session: Session, left: int, earned: int
) -> None:
    """Whatever a code of ours leaves to pay, she has earned half of her 80.75."""
    code(world, ours=True, amount=9500 - left, currency="CAD")
    booking = book(world)
    if left:
        pay(session, booking)
    booking.agree(Policy(24 * 30, 50, 0))
    bookings.cancel(session, booking.id, by=world.runner)
    assert (world.balance(ledger.coach(world.coach.id)), sum(refunds(session))) == (earned, left // 2)
    check(session)


def test_cancelled_in_time_all_that_was_paid_comes_back_and_the_code_is_free(world: World, session: Session) -> None:
    code(world, percent=10)
    booking = book(world)
    pay(session, booking)
    with refused("code-used"):
        book(world)
    bookings.cancel(session, booking.id, by=world.runner)
    assert refunds(session) == [8550]
    assert book(world).is_held
    check(session)


def test_a_hold_that_ends_frees_its_code(world: World, session: Session) -> None:
    code(world, percent=10, most_uses=1)
    booking = book(world)
    with refused("code-used-up"):
        book(world, by=make.user(session))
    bookings.expire(session, booking.id)
    assert book(world, by=make.user(session)).is_held
    check(session)


def test_paid_late_it_counts_again_or_the_money_goes_back(world: World, session: Session) -> None:
    code(world, percent=10, most_uses=1)
    booking = book(world)
    bookings.expire(session, booking.id)
    pay(session, booking)
    assert booking.status == "confirmed"
    check(session)
    bookings.cancel(session, booking.id, by=world.runner)
    late, quick = book(world), None
    bookings.expire(session, late.id)
    quick = book(world, by=make.user(session), starts_at=times(session, world.offer)[3])
    pay(session, late)
    assert (late.status, quick.status) == ("expired", "held")
    assert sorted(refunds(session)) == [8550, 8550]
    check(session)


def test_twice_by_one_runner_if_the_code_says_so(world: World, session: Session) -> None:
    code(world, percent=10, most_each=2)
    book(world), book(world)
    with refused("code-used"):
        book(world)
    assert sorted(each.own_number for each in session.scalars(select(PromotionUse))) == [1, 2]


@pytest.mark.parametrize(
    ("changes", "kind", "error"),
    [
        ({"valid_until": clock.now() - timedelta(days=1)}, "code-over", Conflict),
        ({"valid_from": clock.now() + timedelta(days=1)}, "code-not-yet", Conflict),
        ({"percent": None, "amount": 500, "currency": "USD"}, "code-other-currency", Invalid),
        ({"code": "AUTUMN"}, "code-unknown", Invalid),
    ],
)
def test_a_code_that_does_not_hold_holds_nothing(
    world: World, session: Session, changes: dict[str, Any], kind: str, error: type[DomainError]
) -> None:
    code(world, **({"percent": 10} | changes))
    with refused(kind, error), session.begin_nested():
        book(world)
    assert session.scalars(select(Booking)).all() == []


def test_a_code_for_one_offer_is_for_no_other(world: World, session: Session) -> None:
    code(world, percent=10, offers=(world.offer.id,))
    with refused("code-other-offer", Invalid):
        book(world, offer=make.offer(session, world.coach, OfferKind.CLIP_REVIEW))


def test_a_coachs_own_code_goes_before_ours_and_is_for_nobody_elses_offers(world: World, session: Session) -> None:
    code(world, percent=10)
    code(world, ours=True, percent=50)
    assert book(world).discount == 950
    other = make.offer(session, make.coach(session))
    assert book(world, offer=other).discount == 4750


def test_codes_are_made_once_and_ended_by_who_made_them(world: World, session: Session) -> None:
    code(world, percent=10)
    with refused("code-taken"):
        code(world, percent=20, code="spring ")
    with refused("offer", NotFound):
        code(world, percent=20, code="OTHER", offers=(make.offer(session, make.coach(session)).id,))
    made = service.queries.of_coach(session, world.coach.id)[0][0]
    with refused("code", NotFound):
        service.end(session, made.id, coach_id=None)
    service.end(session, made.id, coach_id=world.coach.id)
    with refused("code-over"):
        book(world)
