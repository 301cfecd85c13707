"""Money that came too late, from Stripe's page to the refund and the mail that offers other times."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import service
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.jobs import Job
from marketplace.payments import queries as orders
from marketplace.payments import service as payments
from marketplace.payments.models import Payment, Refund
from tests import make
from tests.bookings.world import hold
from tests.payments.conftest import sandbox, sandbox_app, shop

__all__ = ["sandbox", "sandbox_app", "shop"]


@pytest.mark.parametrize("is_taken", [True, False])
def test_what_is_paid_after_the_hold_is_the_session_or_all_of_the_money_and_other_times(shop, is_taken):  # 18
    with transaction() as session:
        runner, coach = session.get_one(User, shop.runner_id), session.get_one(Coach, shop.coach_id)
        offer = make.offer(session, coach)
        booking = hold(session, offer, runner)
        booking_id, order_id, start, offer_id = booking.id, booking.order_id, booking.starts_at, offer.id
    checkout = shop.pay(order_id)  # the site hears nothing of it, and the hold ends
    with transaction() as session:
        service.expire(session, booking_id)
        payment = orders.payment_of(session, order_id)
        session.get_one(Payment, payment.id).make(session, "expire", by="system")
        if is_taken:
            hold(session, session.get_one(Offer, offer_id), make.user(session), start)
    for _ in range(2):
        payments.settle(checkout)
    shop.work()
    assert shop.row(Booking, booking_id).status == ("expired" if is_taken else "confirmed")
    assert [(row.amount, row.status.value) for row in shop.all(Refund)] == ([(9500, "sent")] if is_taken else [])
    charge = shop.payment(order_id).charge_id
    assert [one.amount for one in shop.stripe.list_refunds(charge)] == ([9500] if is_taken else [])
    mails = [job for job in shop.all(Job) if job.name == "mail.send" and str(booking_id) in (job.key or "")]
    assert len(mails) == (1 if is_taken else 2)
    if is_taken:
        text = mails[0].payload["text"]
        assert "$95" in text and "Other times that are open now:" in text
        offered = text.split("Other times that are open now:")[1].split("http")[0]
        assert len([line for line in offered.splitlines() if line.strip()]) == 3
    shop.check()
    assert clock.now() < start - timedelta(hours=1)
