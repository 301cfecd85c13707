"""Refunds, the coach's share, disputes and accounts, with Stripe failing in every way."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.payments import invariants, ledger, queries, service
from marketplace.payments.answers import Share, StripeError, Unclear
from marketplace.payments.models import Payment, PayoutAccount, Refund, Transfer
from marketplace.payments.service.earning import send_transfer
from tests.payments.conftest import at_once

REFUNDS, TRANSFERS = "/v1/refunds", "/v1/transfers"
DAY = timedelta(hours=24)


def test_a_refund_is_decided_then_sent(shop):
    order_id = shop.paid()
    refund_id = shop.refund(order_id, 9500)
    shop.work()
    row = shop.row(Refund, refund_id)
    assert (row.status, row.from_held) == ("sent", 9500)
    shop.check()


def test_cancelled_twice_is_refunded_once(shop):  # 22
    order_id = shop.paid()
    assert shop.refund(order_id, 9500) == shop.refund(order_id, 9500)
    with pytest.raises(Conflict) as refused:
        shop.refund(order_id, 1, key="another")
    assert refused.value.kind == "refund-too-much"
    shop.work()
    assert shop.made_at_stripe(REFUNDS) == 1
    shop.check()


@pytest.mark.both_databases
def test_cancelled_twice_at_once_is_refunded_once(shop):  # 22
    order_id = shop.paid()
    first, second = at_once(shop.app, *[lambda: shop.refund(order_id, 9500)] * 2)
    assert first == second
    shop.work()
    shop.check()


def test_what_was_not_paid_is_not_refunded(shop):
    with pytest.raises(Conflict) as refused:
        shop.refund(shop.order(), 100)
    assert refused.value.kind == "not-paid"


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"status": 500, "when": "after"}, {"status": 409}, {"status": 429}, {"delay_seconds": 1.5}],
)
def test_a_refund_without_an_answer_is_sent_again_under_its_key_and_happens_once(shop, fault):  # 12, 14
    order_id = shop.paid()
    refund_id = shop.refund(order_id, 2500)
    shop.browser.knobs(fail={"path": REFUNDS, **fault})
    with shop.in_a_hurry(), pytest.raises(Unclear):
        service.send_refund(refund_id)
    assert shop.row(Refund, refund_id).status == "pending"
    shop.change(Refund, called_at=clock.now() - timedelta(minutes=6), created_at=clock.now() - timedelta(minutes=6))
    service.sweep()
    assert shop.row(Refund, refund_id).status == "sent"
    assert [sent.amount for sent in shop.stripe.list_refunds(shop.payment(order_id).charge_id)] == [2500]
    shop.check()


def test_after_a_day_a_refund_is_looked_for_before_it_is_sent_again(shop):  # 12
    order_id = shop.paid()
    refund_id = shop.refund(order_id, 2500)
    shop.browser.knobs(fail={"path": REFUNDS, "status": 500, "when": "after"})
    with pytest.raises(Unclear):
        service.send_refund(refund_id)
    shop.browser.knobs(clock_shift_seconds=25 * 3600)  # Stripe has forgotten the key
    shop.change(Refund, called_at=clock.now() - DAY)
    service.send_refund(refund_id)
    assert len(shop.stripe.list_refunds(shop.payment(order_id).charge_id)) == 1
    assert shop.row(Refund, refund_id).status == "sent"


def test_a_refused_refund_is_told_and_tried_once_a_day_as_a_new_attempt(shop, heard):
    order_id = shop.paid()
    refund_id = shop.refund(order_id, 2500)
    shop.browser.knobs(fail={"path": REFUNDS, "status": 400})
    shop.work()
    assert (heard[-1], shop.row(Refund, refund_id).status) == (("refund.failed", refund_id), "failed")
    service.sweep()
    assert shop.row(Refund, refund_id).status == "failed"
    shop.change(Refund, called_at=clock.now() - DAY, created_at=clock.now() - DAY)
    service.sweep()
    shop.work()
    row = shop.row(Refund, refund_id)
    assert (row.status, row.attempt) == ("sent", 2)
    shop.check()


def test_a_refund_that_bounces_days_later_is_held_again_and_sent_anew(shop, heard):
    order_id = shop.paid()
    refund_id = shop.refund(order_id, 9500)
    shop.work()
    at_stripe = shop.row(Refund, refund_id).stripe_refund_id
    shop.browser.knobs(fail_refund=at_stripe)
    service.look_at_refund(at_stripe)
    service.look_at_refund(at_stripe)
    assert heard[1:] == [("refund.failed", refund_id)]
    with transaction() as session:
        service.retry_refund(session, refund_id, by="staff")
    shop.work()
    assert shop.row(Refund, refund_id).status == "sent"
    shop.check()


@pytest.mark.both_databases
def test_the_coach_is_sent_her_share_once_it_is_due(shop):
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    assert transfer.amount == 9500 - 1425
    assert shop.earn(order_id).id == transfer.id
    service.release_due()
    service.release_due()
    assert shop.row(Transfer, transfer.id).status == "sent"
    assert shop.made_at_stripe(TRANSFERS) == 1
    with transaction(write=False) as session:
        owed, ours = ledger.coach(shop.coach_id), ledger.FEE_INCOME
        assert [-queries.balance(session, account, "CAD") for account in (owed, ours)] == [0, 1425]
    shop.check()


def test_nothing_is_sent_before_it_is_due(shop):
    shop.earn(shop.paid())
    shop.change(Transfer, due_at=clock.now() + timedelta(hours=1))
    service.release_due()
    assert shop.made_at_stripe(TRANSFERS) == 0


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 500, "when": "after"}, {"delay_seconds": 1.5}])
def test_a_transfer_without_an_answer_happens_once(shop, fault):  # 13, 14
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    shop.browser.knobs(fail={"path": TRANSFERS, **fault})
    with shop.in_a_hurry():
        service.release_due()
    assert shop.row(Transfer, transfer.id).status == "pending"
    service.release_due()
    assert shop.row(Transfer, transfer.id).status == "sent"
    assert len(shop.stripe.list_transfers(str(order_id))) == 1
    shop.check()


@pytest.mark.parametrize("told", [True, False])
def test_a_transfer_whose_answer_was_lost_is_in_the_books_though_a_bank_stops_it_meanwhile(shop, told):  # 4, 13, 24
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    shop.browser.knobs(fail={"path": TRANSFERS, "status": 500, "when": "after"})
    service.release_due()
    shop.browser.knobs(dispute_charge=shop.payment(order_id).charge_id)
    dispute = shop.stripe._client.v1.disputes.list().data[0].id
    service.look_at_dispute(dispute)
    service.release_due()
    assert shop.row(Transfer, transfer.id).status == "pending"
    (there,) = shop.stripe.list_transfers(str(order_id))
    if told:
        service.look_at_transfer(there.id)
    else:
        service.compare(until=clock.now() + timedelta(minutes=1))
    assert shop.row(Transfer, transfer.id).status == "sent"
    shop.check()


@pytest.mark.parametrize("name", ["", "nothing of ours", "01a21840-5876-7dfe-97b1-4d1f6b7a95af"])
def test_a_transfer_that_is_not_ours_is_left_alone(shop, name):
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    account = shop.row(PayoutAccount, shop.coach_id).stripe_account_id
    theirs = Share(account, 100, "CAD", shop.payment(order_id).charge_id, "an order of theirs", name)
    service.look_at_transfer(shop.stripe.transfer(theirs, key=f"foreign:{order_id}").id)
    assert shop.row(Transfer, transfer.id).status == "pending"


def test_after_a_day_a_transfer_is_looked_for_before_it_is_sent_again(shop):  # 13
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    shop.browser.knobs(fail={"path": TRANSFERS, "status": 500, "when": "after"})
    service.release_due()
    shop.browser.knobs(clock_shift_seconds=25 * 3600)
    shop.change(Transfer, called_at=clock.now() - DAY)
    service.release_due()
    assert shop.row(Transfer, transfer.id).status == "sent"
    assert len(shop.stripe.list_transfers(str(order_id))) == 1


def test_a_transfer_that_stripe_refuses_waits_a_day_and_goes_when_it_can(shop):
    transfer = shop.earn(shop.paid())
    account = shop.row(PayoutAccount, shop.coach_id).stripe_account_id
    shop.browser.knobs(disable_account=account)
    service.release_due()
    assert shop.row(Transfer, transfer.id).failure == "insufficient_capabilities_for_transfer"
    shop.browser.knobs(finish_account=account)
    shop.change(Transfer, called_at=clock.now() - DAY - timedelta(minutes=1))
    service.release_due()
    assert shop.row(Transfer, transfer.id).status == "sent"
    shop.check()


@pytest.mark.parametrize(("refunded", "left", "status"), [(9500, 8075, "cancelled"), (4750, 4038, "sent")])
def test_a_refund_before_the_transfer_lowers_it(shop, refunded, left, status):  # 22
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    shop.refund(order_id, refunded)
    service.release_due()
    shop.work()
    row = shop.row(Transfer, transfer.id)
    assert (row.amount, row.status) == (left, status)
    shop.check()


@pytest.mark.parametrize(("refunded", "left", "status"), [(9500, 8075, "cancelled"), (4750, 4038, "sent")])
def test_a_refund_lowers_a_transfer_that_stripe_refused_before(shop, refunded, left, status):  # 22, 23
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    account = shop.row(PayoutAccount, shop.coach_id).stripe_account_id
    shop.browser.knobs(disable_account=account)
    service.release_due()
    shop.refund(order_id, refunded)
    shop.browser.knobs(finish_account=account)
    shop.work()
    service.release_due()
    row = shop.row(Transfer, transfer.id)
    assert (row.amount, row.status) == (left, status)
    shop.check()


def test_a_refund_decided_before_completion_leaves_the_rest_to_coach_and_fee(shop):  # 22
    order_id = shop.paid()
    shop.refund(order_id, 4750)
    transfer = shop.earn(order_id)
    assert transfer.amount == 4750 - 713
    shop.work()
    service.release_due()
    shop.check()


def test_a_dispute_stops_the_transfer_and_a_won_one_lets_it_go(shop):
    order_id = shop.order()
    service.settle(shop.pay(order_id, "4000 0000 0000 0259"))
    transfer = shop.earn(order_id)
    dispute = shop.stripe._client.v1.disputes.list().data[0].id
    for _ in range(2):
        service.look_at_dispute(dispute)
    service.release_due()
    send_transfer(transfer.id)  # as if it had been found due a moment before
    assert shop.made_at_stripe(TRANSFERS) == 0
    shop.check()
    shop.browser.knobs(win_dispute=dispute)
    service.look_at_dispute(dispute)
    service.release_due()
    assert shop.made_at_stripe(TRANSFERS) == 1
    shop.check()


def test_a_coach_opens_her_account_and_can_be_paid_when_stripe_says_so(shop, heard):
    with transaction() as session:
        session.delete(session.get_one(PayoutAccount, shop.coach_id))
    pages = {"return_url": f"{shop.address}/", "refresh_url": f"{shop.address}/"}

    def open_account() -> str:
        return service.open_account(shop.coach_id, email="coach2@example.com", country="CA", **pages)

    def payable() -> bool:
        with transaction(write=False) as session:
            return service.can_be_paid(session, shop.coach_id)

    link = open_account()
    assert not payable()
    assert open_account() != link
    account = shop.row(PayoutAccount, shop.coach_id)
    assert "external_account" in account.missing
    assert heard == []
    shop.browser.post(link.removeprefix(shop.address), {"answer": "finish"})
    for _ in range(2):
        service.look_at_account(account.stripe_account_id)
    assert payable()
    shop.browser.knobs(disable_account=account.stripe_account_id)
    service.look_at_account(account.stripe_account_id)
    assert not payable()
    assert heard == [("payouts.changed", shop.coach_id)] * 2


def test_the_doctor_says_what_is_wrong_with_the_books(shop):
    order_id = shop.paid()
    payment_id = shop.payment(order_id).id
    shop.change(Payment, charged=1)
    with transaction(write=False) as session:
        assert invariants.broken(session) == [f"payment {payment_id} is paid, but 1 came in for 9500"]


def test_news_of_things_that_do_not_exist_is_an_error_and_no_change(shop):
    for look in (service.look_at_refund, service.look_at_account, service.look_at_dispute):
        with pytest.raises(StripeError):
            look("nothing")
