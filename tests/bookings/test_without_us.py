"""Bookings whose money went back on Stripe's own pages, or was never what was agreed."""

from uuid import UUID

import pytest

from marketplace.accounts.models import User
from marketplace.bookings import invariants, service
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.jobs import Job
from marketplace.payments import service as payments
from marketplace.payments.models import Payment, Refund
from tests import make
from tests.bookings.world import hold, sign_in, times
from tests.payments.conftest import sandbox, sandbox_app, shop
from tests.payments.test_without_us import charged_again

__all__ = ["sandbox", "sandbox_app", "shop"]


def held(shop) -> tuple[UUID, UUID]:
    """A hold, and its order."""
    with transaction() as session:
        offer = make.offer(session, session.get_one(Coach, shop.coach_id))
        booking = hold(session, offer, session.get_one(User, shop.runner_id))
        return booking.id, booking.order_id


def booked(shop) -> tuple[UUID, UUID]:
    booking_id, order_id = held(shop)
    payments.settle(shop.pay(order_id))
    return booking_id, order_id


def refund_there(shop, order_id, amount="") -> None:
    """Somebody of ours refunds it on Stripe's dashboard."""
    charge = shop.payment(order_id).charge_id
    shop.browser.knobs(refund_charge=f"{charge} {amount}")
    payments.look_at_charge(charge)
    shop.work()


def mails(shop, about) -> list[str]:
    jobs = sorted((job for job in shop.all(Job) if job.name == "mail.send"), key=lambda job: job.created_at)
    return [job.payload["text"] for job in jobs if about in (job.key or "")]


def check(shop) -> None:
    shop.check()
    with transaction(write=False) as session:
        assert invariants.broken(session) == []


def test_a_session_whose_money_was_given_back_at_stripe_is_cancelled_and_both_are_told_the_truth(shop):
    booking_id, order_id = booked(shop)
    start = shop.row(Booking, booking_id).starts_at
    refund_there(shop, order_id)
    assert shop.row(Booking, booking_id).status == "cancelled"
    runner, coach = mails(shop, ":cancelled:")
    assert "We have given back what you paid for this session" in runner
    assert "We have given the runner back what was paid" in coach
    assert "The bank of" not in runner + coach
    with transaction() as session:
        offer = session.get_one(Booking, booking_id).offer_id
        assert start in times(session, session.get_one(Offer, offer))
    check(shop)


def test_a_session_of_which_a_part_was_given_back_at_stripe_takes_place_until_all_of_it_is(shop):
    booking_id, order_id = booked(shop)
    refund_there(shop, order_id, 2500)
    assert shop.row(Booking, booking_id).status == "confirmed"
    refund_there(shop, order_id)
    assert shop.row(Booking, booking_id).status == "cancelled"
    check(shop)


def test_a_second_charge_that_goes_back_leaves_the_session_alone(shop):
    booking_id, order_id = booked(shop)
    charged_again(shop, order_id)
    refund_there(shop, order_id, 2500)
    assert shop.row(Booking, booking_id).status == "confirmed"
    assert sorted(row.amount for row in shop.all(Refund)) == [2500, 9500]
    check(shop)


def test_a_session_whose_payment_the_bank_took_says_so(shop):
    booking_id, order_id = booked(shop)
    shop.browser.knobs(resolve_charge=shop.payment(order_id).charge_id)
    payments.look_at_dispute(shop.stripe._client.v1.disputes.list().data[0].id)
    shop.work()
    assert shop.row(Booking, booking_id).status == "cancelled"
    assert all("The bank of" in text for text in mails(shop, ":cancelled:"))
    check(shop)


@pytest.mark.parametrize("changed", [{"amount": 9000}, {"currency": "USD"}])
def test_a_hold_that_was_paid_otherwise_than_agreed_ends_and_its_runner_hears_why(shop, changed):
    booking_id, order_id = held(shop)
    checkout = shop.pay(order_id)
    shop.change(Payment, fee=0, **changed)
    for _ in range(2):
        payments.settle(checkout)
    shop.work()
    assert shop.row(Booking, booking_id).status == "expired"
    (text,) = mails(shop, ":rejected")
    assert "was charged $95" in text and "All of the $95" in text
    client = sign_in(shop.app.test_client(), shop.row(User, shop.runner_id))
    page = client.get(f"/bookings/{booking_id}/payment", follow_redirects=True).get_data(as_text=True)
    assert "What was charged was not the price" in page and "Nothing was charged" not in page
    with pytest.raises(Conflict, match="payment-rejected"), transaction() as session:
        service.extend_hold(session, booking_id, by=session.get_one(User, shop.runner_id))
    shop.check()
