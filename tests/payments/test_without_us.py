"""What goes back without us: refunds on Stripe's own pages and disputes, before and after the transfer."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.db import new_id, transaction
from marketplace.errors import Conflict
from marketplace.payments import ledger, queries, service
from marketplace.payments.answers import Evidence, Movement, Purchase, Unclear
from marketplace.payments.models import Payment, Refund, Transfer
from marketplace.payments.models_back import Dispute, Reversal
from marketplace.payments.service.comparing import compared
from tests.payments.test_taking_back import owes, reversals, sent

SHARE = 9500 - 1425
EVIDENCE = Evidence("Ada", "ada@example.com", "Form review", "2026-12-01", "All back until 24 h before", "Shown", "All")


def at_stripe(shop, order_id, amount=None):
    """A refund that somebody makes on Stripe's dashboard; its id there."""
    charge = shop.payment(order_id).charge_id
    if amount is None:
        shop.browser.knobs(refund_charge=charge)
    else:
        shop.stripe.refund(charge, amount, row_id="", key=f"dashboard:{new_id()}")
    return shop.stripe.list_refunds(charge)[0].id


def disputed(shop, order_id):
    shop.browser.knobs(dispute_charge=shop.payment(order_id).charge_id)
    dispute = shop.stripe._client.v1.disputes.list().data[0].id
    service.look_at_dispute(dispute)
    return dispute


def close(shop, dispute, outcome):
    shop.browser.knobs(**{f"{outcome}_dispute": dispute})
    for _ in range(2):
        service.look_at_dispute(dispute)
    shop.work()


def charged_again(shop, order_id):
    """A second charge for an order that is paid already; nothing was sold for it."""
    payment, address = shop.payment(order_id), f"{shop.address}/"
    over = (clock.now() + timedelta(minutes=35)).replace(microsecond=0)
    asked = Purchase(str(payment.id), str(order_id), (("Form review", 9500),), "CAD", "r@x.ca", address, address, over)
    session_id = shop.pay_on(shop.stripe.create_checkout(asked, key=f"stray:{order_id}").id)
    service.settle(session_id)
    return shop.stripe.retrieve_checkout(session_id).charged.charge_id


def charged_otherwise(shop):
    """A charge that is not what was agreed."""
    order_id = shop.order()
    session_id = shop.pay(order_id)
    shop.change(Payment, fee=0, amount=9000)
    service.settle(session_id)
    return shop.payment(order_id).charge_id


def refused_charge(shop, kind):
    """A charge that nothing was sold for, while it waits to go back whole."""
    return charged_otherwise(shop) if kind == "rejected" else charged_again(shop, shop.paid())


def balance(shop, account):
    with transaction(write=False) as session:
        return queries.balance(session, account, "CAD")


def refunds(shop):
    return [(row.amount, row.reason, row.status.value) for row in shop.all(Refund)]


@pytest.mark.parametrize("amount", [None, 2500])
def test_a_refund_made_at_stripe_is_taken_over_once(shop, amount):  # 24
    order_id = shop.paid()
    there = at_stripe(shop, order_id, amount)
    for _ in range(2):
        service.look_at_refund(there)
    assert refunds(shop) == [(amount or 9500, "at-stripe", "sent")]
    shop.check()


def test_a_refund_made_at_stripe_after_the_transfer_is_taken_back_from_the_coach(shop):  # 24
    order_id = sent(shop)
    service.look_at_refund(at_stripe(shop, order_id))
    shop.work()
    assert reversals(shop) == [(SHARE, "sent")]
    assert owes(shop) == 0
    shop.check()


def test_news_of_a_refund_at_stripe_that_never_came_is_found_by_the_comparison(shop):  # 4, 24
    order_id = shop.paid()
    at_stripe(shop, order_id)
    soon = clock.now() + timedelta(minutes=1)
    (found,) = service.differences(until=soon)
    assert (found.kind, found.ours, found.theirs) == ("refund", None, -9500)
    assert service.compare() == 0  # a moment ago: its news may be on the way
    assert service.compare(until=soon) == 1
    assert service.differences(until=soon) == []
    shop.check()


def test_what_was_refunded_at_stripe_does_not_go_back_again(shop):  # 24
    order_id = shop.paid()
    service.look_at_refund(at_stripe(shop, order_id, 2500))
    refund_id = shop.refund(order_id, 9500)
    assert shop.row(Refund, refund_id).amount == 7000
    assert shop.refund(order_id, 9500, key="once more") is None
    shop.work()
    shop.check()


def test_a_refund_that_was_decided_and_is_then_made_at_stripe_happens_once(shop):  # 24
    order_id = shop.paid()
    shop.refund(order_id, 9500)
    at_stripe(shop, order_id)
    shop.work()  # ours is refused, and so is looked for
    assert refunds(shop) == [(9500, "cancelled", "sent")]
    shop.check()


@pytest.mark.both_databases
@pytest.mark.parametrize("failed", [False, True])
def test_a_refund_decided_for_more_than_is_left_after_one_at_stripe_gives_the_rest(shop, failed):  # 24
    order_id = shop.paid()
    shop.refund(order_id, 9500)
    if failed:
        shop.browser.knobs(fail={"path": "/v1/refunds", "status": 400})
        shop.work()
    there = at_stripe(shop, order_id, 2500)
    for _ in range(2):
        service.look_at_refund(there)
    shop.work()
    assert sorted(refunds(shop)) == [
        (2500, "at-stripe", "sent"), (7000, "cancelled", "sent"), (9500, "cancelled", "cancelled")
    ]  # fmt: skip
    shop.refund(order_id, 9500)  # it was decided, and is not again
    assert len(shop.all(Refund)) == 3
    assert balance(shop, ledger.held(shop.reference(order_id))) == 0
    assert shop.stripe.balance_totals() == {"CAD": -shop.stripe_fees()}
    shop.check()


def test_a_refund_at_stripe_of_one_charge_leaves_that_of_another_alone(shop):  # 24
    order_id = shop.paid()
    second = charged_again(shop, order_id)
    service.look_at_refund(at_stripe(shop, order_id, 2500))
    shop.work()
    assert sorted(refunds(shop)) == [(2500, "at-stripe", "sent"), (9500, "paid-twice", "sent")]
    assert {row.charge_id for row in shop.all(Refund)} == {shop.payment(order_id).charge_id, second}
    shop.check()


@pytest.mark.parametrize("charge", ["second", "rejected"])
def test_a_part_refunded_at_stripe_of_what_goes_back_whole_leaves_the_rest_to_go_back(shop, charge):  # 24
    there = refused_charge(shop, charge)
    shop.browser.knobs(refund_charge=f"{there} 2500")
    service.look_at_charge(there)
    shop.work()
    assert sorted(row.amount for row in shop.all(Refund) if row.status == "sent") == [2500, 7000]
    assert balance(shop, ledger.held(shop.all(Refund)[0].reference_id)) == (-9500 if charge == "second" else 0)
    shop.check()


def test_a_refund_at_stripe_that_fails_days_later_is_held_again(shop):  # 21, 24
    order_id = shop.paid()
    there = at_stripe(shop, order_id)
    service.look_at_refund(there)
    shop.browser.knobs(fail_refund=there)
    service.look_at_refund(there)
    assert refunds(shop) == [(9500, "at-stripe", "failed")]
    (row,) = shop.all(Refund)
    with transaction() as session:
        service.retry_refund(session, row.id, by="staff")
    shop.work()
    shop.check()


@pytest.mark.parametrize("when", ["held", "earned", "sent"])
@pytest.mark.both_databases
def test_a_lost_dispute_takes_from_each_what_it_had_of_the_payment(shop, when):  # 24
    order_id = shop.paid()
    if when != "held":
        shop.earn(order_id)
    if when == "sent":
        service.release_due()
    dispute = disputed(shop, order_id)
    shop.check()
    close(shop, dispute, "lose")
    service.release_due()
    assert shop.row(Dispute, dispute).status == "lost" and shop.payment(order_id).disputed_at is None
    assert owes(shop) == 0
    assert reversals(shop) == ([(SHARE, "sent")] if when == "sent" else [])
    assert [row.status for row in shop.all(Transfer)] == {"held": [], "earned": ["cancelled"], "sent": ["sent"]}[when]
    for account in (ledger.DISPUTES, ledger.FEE_INCOME, ledger.LOSSES):
        assert balance(shop, account) == 0
    assert balance(shop, ledger.STRIPE_FEES) == 1500 + 306
    assert shop.refund(order_id, 9500) is None  # the bank has given it back already
    shop.check()


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_won_dispute_leaves_everything_as_it_was(shop, is_sent):  # 24
    order_id = shop.paid()
    shop.earn(order_id)
    if is_sent:
        service.release_due()
    close(shop, disputed(shop, order_id), "win")
    service.release_due()
    assert [row.status for row in shop.all(Transfer)] == ["sent"]
    assert reversals(shop) == [] and refunds(shop) == []
    assert balance(shop, ledger.DISPUTES) == 0
    shop.refund(order_id, 9500)
    shop.work()
    shop.check()


def test_a_refund_waits_while_the_bank_decides_and_goes_once_it_is_won(shop):
    order_id = shop.paid()
    dispute = disputed(shop, order_id)
    shop.refund(order_id, 9500)
    shop.work()
    assert refunds(shop) == [(9500, "cancelled", "pending")]
    close(shop, dispute, "win")
    shop.change(Refund, created_at=clock.now() - timedelta(minutes=6))
    service.sweep()
    assert refunds(shop) == [(9500, "cancelled", "sent")]
    shop.check()


def test_a_refund_that_waited_is_none_once_the_dispute_is_lost(shop):
    order_id = shop.paid()
    dispute = disputed(shop, order_id)
    shop.refund(order_id, 9500)
    close(shop, dispute, "lose")
    assert refunds(shop) == [(9500, "cancelled", "cancelled"), (9500, "dispute", "sent")]
    assert balance(shop, ledger.held(shop.reference(order_id))) == 0
    shop.check()


def test_a_lost_dispute_after_a_part_was_refunded_is_only_of_the_rest(shop):
    order_id = sent(shop)
    shop.refund(order_id, 2500)
    shop.work()
    close(shop, disputed(shop, order_id), "lose")
    assert [amount for amount, *_ in refunds(shop)] == [2500, 7000]
    assert sum(amount for amount, _ in reversals(shop)) == SHARE
    assert balance(shop, ledger.LOSSES) == 0
    shop.check()


def test_a_coach_who_can_not_give_back_what_a_bank_took_owes_it(shop):  # 23, 24
    order_id = sent(shop)
    shop.browser.knobs(reversals_refused=1)
    close(shop, disputed(shop, order_id), "lose")
    assert owes(shop) == SHARE
    (row,) = shop.all(Reversal)
    with transaction() as session:
        service.write_off(session, row.id, by="staff")
    assert (owes(shop), balance(shop, ledger.LOSSES)) == (0, SHARE)
    shop.check()


def test_evidence_is_handed_in_once(shop):
    dispute = disputed(shop, shop.paid())
    service.send_evidence(dispute, EVIDENCE)
    with pytest.raises(Conflict) as refused:
        service.send_evidence(dispute, EVIDENCE)
    assert refused.value.kind == "evidence-sent"
    there = shop.stripe._client.v1.disputes.retrieve(dispute)
    assert (there.status, there.evidence.customer_name) == ("under_review", "Ada")


def test_a_dispute_that_is_closed_takes_no_evidence(shop):
    dispute = disputed(shop, shop.paid())
    close(shop, dispute, "lose")
    with pytest.raises(Conflict) as refused:
        service.send_evidence(dispute, EVIDENCE)
    assert refused.value.kind == "dispute-closed"


def test_books_and_stripe_differ_by_name(shop):
    at = clock.now()

    def one(source, net, currency="CAD"):
        return Movement(source, "charge", source, net, currency, at)

    ours = [one("ch_1", 900), one("du_1", -500), one("du_1", 500), one("re_1", -100), one("tr_1", -50)]
    theirs = [one("ch_1", 900), one("re_1", -90), one("po_1", -700), one("tr_1", -50, "EUR")]
    found = {(each.source, each.currency): (each.ours, each.theirs) for each in compared(ours, theirs)}
    assert found == {
        ("du_1", "CAD"): (0, None),
        ("re_1", "CAD"): (-100, -90),
        ("po_1", "CAD"): (None, -700),
        ("tr_1", "CAD"): (-50, None),
        ("tr_1", "EUR"): (None, -50),
    }


def test_after_a_whole_life_books_and_stripe_agree_source_by_source(shop):
    order_id = sent(shop)
    shop.refund(order_id, 2500)
    shop.work()
    close(shop, disputed(shop, order_id), "lose")
    assert service.differences(until=clock.now() + timedelta(minutes=1)) == []


def test_stripe_away_is_no_comparison(shop):
    shop.browser.knobs(fail={"path": "/v1/balance", "method": "GET", "status": 500})
    with pytest.raises(Unclear):
        service.differences()
    shop.browser.knobs(fail={"path": "/v1/balance", "method": "GET", "status": 500})
    service.compare_in_turn()  # the next turn will do
