"""Packages and codes with Stripe's sandbox: one charge for several transfers and refunds, its books equal to ours."""

from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import invariants as bookings_invariants
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.packages import invariants, queries, service
from marketplace.packages.models import Package
from marketplace.payments import service as payments
from marketplace.payments.models import Payment, Refund, Transfer
from marketplace.payments.service.crediting import give_up_credits
from marketplace.promotions import service as promotions
from tests import make
from tests.bookings.world import NO_PAIN, sign_in, times
from tests.payments.conftest import CALM, Shop, sandbox, sandbox_app, shop
from tests.payments.test_without_us import charged_again

__all__ = ["sandbox", "sandbox_app", "shop"]
FEE = Decimal(15)
DISPUTED = "4000 0000 0000 0259"
INTAKE = bookings.Intake(pain_screen=NO_PAIN)


def bought(shop: Shop, card: str = CALM) -> tuple[Package, User]:
    with transaction() as session:
        offer = make.offer(session, session.get_one(Coach, shop.coach_id))
        coach, runner = session.get_one(Coach, shop.coach_id), session.get_one(User, shop.runner_id)
        (deal,) = service.offer_packages(session, coach.user_id, offer.id, {3: 25001})
        package = service.buy(session, package_id=uuid4(), deal_id=deal.id, by=runner, fee_percent=FEE)
    payments.settle(shop.pay(package.order_id, card))
    return shop.row(Package, package.id), runner


def use(shop: Shop, package: Package, runner: User) -> Booking:
    with transaction() as session:
        offer = queries.held(session, session.get_one(Package, package.id)).offer
        asked = {"booking_id": uuid4(), "offer_id": offer.id, "starts_at": times(session, offer)[0], "intake": INTAKE}
        return bookings.hold_with_credit(session, by=session.get_one(User, runner.id), **asked)


def finish(booking_id: object) -> None:
    with transaction() as session:
        booking = session.get_one(Booking, booking_id)
        booking.starts_at, booking.ends_at = clock.now() - timedelta(days=3), clock.now() - timedelta(days=2)
        session.flush()
        bookings.complete(session, booking.id)
        session.execute(update(Transfer).values(due_at=clock.now() - timedelta(hours=1)))


def check(shop: Shop) -> None:
    shop.check()
    with transaction(write=False) as session:
        assert invariants.broken(session) == []


def test_visits_are_paid_out_and_given_back_of_one_charge(shop: Shop) -> None:
    package, runner = bought(shop)
    for _ in range(2):
        finish(use(shop, package, runner).id)
        check(shop)
    payments.release_due()
    with transaction() as session:
        service.return_unused(session, package.id, by=session.get_one(User, runner.id))
    shop.work()
    check(shop)
    assert [(each.status, each.amount) for each in shop.all(Transfer)] == [("sent", 7084), ("sent", 7084)]
    assert shop.made_at_stripe("/v1/refunds") == 1


def test_a_dispute_freezes_a_package_and_a_lost_one_takes_all_that_is_left_of_it(shop: Shop) -> None:
    package, runner = bought(shop, card=DISPUTED)
    booking_id, runner_id, package_id = use(shop, package, runner).id, runner.id, package.id
    ahead_id = use(shop, package, runner).id
    dispute = shop.stripe._client.v1.disputes.list().data[0].id
    payments.look_at_dispute(dispute)
    with pytest.raises(Conflict, match="credits-frozen"):
        use(shop, package, runner)
    finish(booking_id)
    assert payments.release_due() == 0
    shop.browser.knobs(lose_dispute=dispute)
    for _ in range(2):
        payments.look_at_dispute(dispute)
    shop.work()
    with transaction(write=False) as session:
        held = queries.mine(session, package_id, runner_id)
        assert [each.status for each in held.credits] == ["used", "used", "lost"]
        assert session.get_one(Booking, ahead_id).status == "cancelled"
        assert bookings_invariants.broken(session) == []
        assert held.package.status == "ended"
    check(shop)


def test_what_a_code_of_ours_takes_off_beyond_our_share_comes_out_of_our_balance(shop: Shop) -> None:
    shop.paid(50_000)  # the balance that it comes out of
    with transaction() as session:
        coach, runner = session.get_one(Coach, shop.coach_id), session.get_one(User, shop.runner_id)
        offer = make.offer(session, coach)
        promotions.create(session, None, promotions.Draft("HALF", percent=50))
        asked = {"booking_id": uuid4(), "offer_id": offer.id, "starts_at": times(session, offer)[0], "intake": INTAKE}
        booking = bookings.hold_with_code(session, code="half", by=runner, fee_percent=FEE, **asked)
    payments.settle(shop.pay(booking.order_id))
    finish(booking.id)
    payments.release_due()
    assert [(each.status, each.amount) for each in shop.all(Transfer)] == [("sent", 8075)]
    check(shop)


def test_a_refund_made_on_stripes_pages_ends_a_package_and_gives_the_rest_back(shop: Shop) -> None:
    package, runner = bought(shop)
    finish(use(shop, package, runner).id)
    package_id, runner_id = package.id, runner.id
    charge = next(each.charge_id for each in shop.all(Payment) if each.order_id == package.order_id)
    made = shop.stripe._client.v1.refunds.create({"charge": charge, "amount": 5000})
    payments.look_at_refund(made.id)
    shop.work()
    with transaction(write=False) as session:
        held = queries.mine(session, package_id, runner_id)
        assert [each.status for each in held.credits] == ["used", "lost", "lost"]
    assert sorted(each.amount for each in shop.all(Refund)) == [5000, 11667]
    check(shop)


def test_a_package_that_was_paid_otherwise_than_agreed_ends_and_says_why(shop: Shop) -> None:
    with transaction() as session:
        coach, runner = session.get_one(Coach, shop.coach_id), session.get_one(User, shop.runner_id)
        offer = make.offer(session, coach)
        (deal,) = service.offer_packages(session, coach.user_id, offer.id, {3: 25001})
        package = service.buy(session, package_id=uuid4(), deal_id=deal.id, by=runner, fee_percent=FEE)
        package_id, order_id, deal_id = package.id, package.order_id, deal.id
    checkout = shop.pay(order_id)
    with transaction() as session:
        session.execute(update(Payment).values(amount=20000, fee=0))
    payments.settle(checkout)
    shop.work()
    assert shop.row(Package, package_id).status == "unpaid"
    assert [(each.amount, each.status) for each in shop.all(Refund)] == [(25001, "sent")]
    client = sign_in(shop.app.test_client(), shop.row(User, shop.runner_id))
    page = client.get(f"/packages/{package_id}").get_data(as_text=True)
    assert "What was charged was not the price" in page and "Nothing was charged" not in page
    with transaction() as session:
        runner = session.get_one(User, shop.runner_id)
        with pytest.raises(Conflict, match="payment-rejected"):
            service.begin_payment(session, package_id, by=runner)
        with pytest.raises(Conflict, match="payment-rejected"):
            service.buy(session, package_id=package_id, deal_id=deal_id, by=runner, fee_percent=FEE)
    with pytest.raises(Conflict, match="payment-rejected"):
        shop.begin(order_id)
    check(shop)


def test_a_second_charge_that_is_disputed_or_refunded_leaves_the_package_alone(shop: Shop) -> None:
    package, _runner = bought(shop)
    package_id = package.id
    charge = charged_again(shop, package.order_id)
    shop.browser.knobs(dispute_charge=f"{charge} 2500")
    dispute = shop.stripe._client.v1.disputes.list().data[0].id
    shop.browser.knobs(lose_dispute=dispute)
    payments.look_at_dispute(dispute)
    shop.work()
    assert shop.row(Package, package_id).status == "active"
    assert sorted(each.amount for each in shop.all(Refund) if each.status == "sent") == [2500, 7000]
    check(shop)


def test_what_is_left_goes_back_once_for_each_cause_though_the_amount_be_the_same(shop: Shop) -> None:
    package, _ = bought(shop)
    for cause, status in (("re_1", "cancelled"), ("re_1", "cancelled"), ("du_1", "pending")):
        with transaction() as session:
            give_up_credits(session, package.order_id)
            service.lose(session, package.order_id, cause=cause)
            for row in session.scalars(select(Refund)):
                if cause == "re_1" and row.status == "pending":
                    row.make(session, "cancel", by="stripe")
        assert [each.status for each in shop.all(Refund)][-1] == status
    assert [each.amount for each in shop.all(Refund)] == [25001, 25001]
