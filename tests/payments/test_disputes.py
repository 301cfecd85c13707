"""Disputes of every kind: inquiries, prevented, appealed, several of a charge, and of a charge nothing was sold for."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.jobs import Job
from marketplace.payments import ledger, service
from marketplace.payments.models import Refund, Transfer
from marketplace.payments.models_back import Dispute
from marketplace.payments.models_out import MoneyEvent
from tests.payments.test_accounts import mails
from tests.payments.test_taking_back import owes, sent
from tests.payments.test_without_us import EVIDENCE, balance, close, disputed, refunds, refused_charge

SHARE = 9500 - 1425


def begun(shop, act, charge):
    """A dispute of a charge, begun by a knob; its id."""
    shop.browser.knobs(**{act: charge})
    dispute = shop.stripe._client.v1.disputes.list().data[0].id
    service.look_at_dispute(dispute)
    return dispute


def charge_of(shop, order_id):
    return shop.payment(order_id).charge_id


def statuses(shop):
    return [row.status.value for row in shop.all(Dispute)]


def told(shop):
    """What staff are going to be mailed about disputes."""
    with transaction(write=False) as session:
        jobs = session.scalars(select(Job).where(col(Job.name) == "admin.tell_dispute").order_by(col(Job.created_at)))
        return [job.payload["news"] for job in jobs]


def test_an_inquiry_takes_nothing_and_closes_by_itself(shop):
    order_id = shop.paid()
    dispute = begun(shop, "inquire_charge", charge_of(shop, order_id))
    assert shop.payment(order_id).disputed_at
    shop.check()
    close(shop, dispute, "win")
    assert statuses(shop) == ["won"] and refunds(shop) == []
    assert shop.payment(order_id).disputed_at is None
    shop.check()


def test_an_inquiry_that_was_answered_and_escalates_is_to_be_answered_anew(shop):
    order_id = shop.paid()
    dispute = begun(shop, "inquire_charge", charge_of(shop, order_id))
    service.send_evidence(dispute, EVIDENCE)
    assert shop.row(Dispute, dispute).evidence_sent_at
    shop.browser.knobs(escalate_dispute=dispute)
    for _ in range(2):
        service.look_at_dispute(dispute)
    assert shop.row(Dispute, dispute).evidence_sent_at is None
    service.send_evidence(dispute, EVIDENCE)
    close(shop, dispute, "lose")
    assert refunds(shop) == [(9500, "dispute", "sent")]
    shop.check()


@pytest.mark.parametrize("act", ["resolve_charge", "block_charge"])
def test_a_prevented_dispute_is_over_at_once_and_nothing_waits_for_it(shop, act):  # 24
    order_id = shop.paid()
    shop.earn(order_id)
    begun(shop, act, charge_of(shop, order_id))
    assert shop.payment(order_id).disputed_at is None
    assert statuses(shop) == [{"resolve_charge": "lost", "block_charge": "won"}[act]]
    assert refunds(shop) == ([(9500, "dispute", "sent")] if act == "resolve_charge" else [])
    assert told(shop) == ["dispute_over"]
    service.release_due()
    assert [row.status for row in shop.all(Transfer)] == ["cancelled" if act == "resolve_charge" else "sent"]
    shop.check()


def test_a_dispute_of_a_part_takes_that_part_and_what_was_to_go_back_beyond_it_goes(shop):  # 24
    order_id = shop.paid()
    dispute = begun(shop, "dispute_charge", f"{charge_of(shop, order_id)} 2500")
    shop.refund(order_id, 9500)
    close(shop, dispute, "lose")
    shop.work()
    assert sorted(refunds(shop)) == [
        (2500, "dispute", "sent"), (7000, "cancelled", "sent"), (9500, "cancelled", "cancelled")
    ]  # fmt: skip
    assert balance(shop, ledger.held(shop.reference(order_id))) == 0
    shop.check()


def test_money_waits_until_the_last_of_several_disputes_is_decided(shop):  # 24
    order_id = shop.paid()
    shop.earn(order_id)
    first, second = (begun(shop, "dispute_charge", f"{charge_of(shop, order_id)} {part}") for part in (2500, 3000))
    close(shop, first, "win")
    assert shop.payment(order_id).disputed_at
    service.release_due()
    assert shop.made_at_stripe("/v1/transfers") == 0
    close(shop, second, "win")
    assert shop.payment(order_id).disputed_at is None
    service.release_due()
    assert [row.status for row in shop.all(Transfer)] == ["sent"]
    shop.check()


def test_what_an_appeal_brings_back_is_in_the_books_and_told(shop):  # 24
    order_id = sent(shop)
    dispute = disputed(shop, order_id)
    close(shop, dispute, "lose")
    shop.browser.knobs(appeal_dispute=dispute)
    service.look_at_dispute(dispute)
    assert statuses(shop) == ["lost"]
    close(shop, dispute, "win")
    assert statuses(shop) == ["recovered"] and owes(shop) == 0
    assert (balance(shop, ledger.DISPUTES), balance(shop, ledger.LOSSES)) == (0, -9500)
    assert told(shop) == ["dispute", "dispute_recovered"]
    shop.check()


@pytest.mark.parametrize("outcome", ["win", "lose"])
def test_a_refund_refused_for_a_dispute_that_nobody_told_of_waits_for_the_bank(shop, outcome):  # 4, 24
    order_id = shop.paid()
    shop.browser.knobs(dispute_charge=shop.payment(order_id).charge_id)
    shop.refund(order_id, 9500)
    shop.work()
    assert shop.payment(order_id).disputed_at
    assert refunds(shop) == [(9500, "cancelled", "pending")]
    shop.check()
    (dispute,) = shop.all(Dispute)
    close(shop, dispute.id, outcome)
    shop.change(Refund, created_at=clock.now() - timedelta(minutes=6))
    service.sweep()
    gone = [("cancelled", "sent")] if outcome == "win" else [("cancelled", "cancelled"), ("dispute", "sent")]
    assert refunds(shop) == [(9500, *each) for each in gone]
    shop.check()


def test_an_appeal_that_is_seen_first_waits_like_a_dispute(shop):
    order_id = shop.paid()
    shop.browser.knobs(dispute_charge=charge_of(shop, order_id))
    dispute = shop.stripe._client.v1.disputes.list().data[0].id
    for act in ("lose_dispute", "appeal_dispute"):
        shop.browser.knobs(**{act: dispute})
    service.look_at_dispute(dispute)
    assert statuses(shop) == ["open"] and shop.payment(order_id).disputed_at
    service.send_evidence(dispute, EVIDENCE)
    close(shop, dispute, "lose")
    assert statuses(shop) == ["lost"]
    shop.check()


@pytest.mark.parametrize("outcome", ["win", "lose"])
@pytest.mark.parametrize("kind", ["second", "rejected"])
def test_a_charge_that_was_to_go_back_is_disputed(shop, kind, outcome):  # 24
    charge = refused_charge(shop, kind)
    dispute = begun(shop, "dispute_charge", charge)
    assert told(shop) == ["dispute"]
    shop.work()
    assert [row.status for row in shop.all(Refund)] == ["pending"]
    shop.check()
    close(shop, dispute, outcome)
    shop.change(Refund, created_at=clock.now() - timedelta(minutes=6))
    service.sweep()
    reason = {"second": "paid-twice", "rejected": "paid-otherwise"}[kind]
    if outcome == "win":
        assert refunds(shop) == [(9500, reason, "sent")]
    else:
        assert refunds(shop) == [(9500, reason, "cancelled"), (9500, "dispute", "sent")]
    assert balance(shop, ledger.held(shop.all(Refund)[0].reference_id)) == (-9500 if kind == "second" else 0)
    assert balance(shop, ledger.LOSSES) == balance(shop, ledger.DISPUTES) == 0
    shop.check()


def test_a_dispute_of_a_second_charge_leaves_what_the_first_one_paid_alone(shop, heard):  # 24
    charge = refused_charge(shop, "second")
    (order_id,) = [facts[0] for event, *facts in heard if event == "payment.succeeded"]
    shop.earn(order_id)
    dispute = begun(shop, "dispute_charge", charge)
    service.release_due()
    close(shop, dispute, "lose")
    assert [row.status for row in shop.all(Transfer)] == ["sent"]
    assert not [event for event, *_ in heard if event in ("dispute.lost", "refund.adopted")]
    bought = shop.reference(order_id)
    with transaction(write=False) as session:
        assert service.refunded_for(session, bought) == 0
    shop.check()


def test_the_history_of_a_rejected_payment_has_its_dispute(shop):
    charge = refused_charge(shop, "rejected")
    dispute = begun(shop, "dispute_charge", f"{charge} 2500")
    close(shop, dispute, "win")
    shop.change(Refund, created_at=clock.now() - timedelta(minutes=6))
    service.sweep()
    assert [row.status for row in shop.all(Refund)] == ["sent"]
    moves = [event.move for event in shop.all(MoneyEvent)]
    assert [move for move in moves if move in ("dispute", "win")] == ["dispute", "win"]
    shop.check()


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 500, "when": "after"}, {"status": 400}])
def test_evidence_that_has_grown_since_the_first_try_is_handed_in(shop, fault):
    dispute = disputed(shop, shop.paid())
    shop.browser.knobs(fail={"path": "/v1/disputes", **fault})
    with pytest.raises(Conflict) as refused:
        service.send_evidence(dispute, EVIDENCE)
    assert refused.value.kind == ("evidence-refused" if fault["status"] == 400 else "stripe-away")
    service.send_evidence(dispute, replace(EVIDENCE, everything="All, and a mail sent meanwhile"))
    assert shop.row(Dispute, dispute).evidence_sent_at is not None
    assert shop.stripe.retrieve_dispute(dispute).waits_for == "bank"


def test_evidence_that_was_handed_in_at_stripe_counts_as_sent(shop):
    dispute = disputed(shop, shop.paid())
    shop.stripe.send_evidence(dispute, EVIDENCE, key="dashboard")
    service.look_at_dispute(dispute)
    with pytest.raises(Conflict, match="evidence-sent"):
        service.send_evidence(dispute, EVIDENCE)


@pytest.mark.parametrize(
    ("outcome", "decided"),
    [("win", "The bank has decided for you: Form review"), ("lose", "The bank has taken a payment back: Form review")],
)
def test_the_coach_is_told_once_each_that_a_bank_questions_what_pays_her_and_how_it_ends(shop, outcome, decided):
    dispute = disputed(shop, shop.paid())
    service.look_at_dispute(dispute)
    shop.work()
    asked = "A runner’s bank questions a payment: Form review"
    assert mails(shop) == [asked]
    close(shop, dispute, outcome)
    assert mails(shop) == [asked, decided]


def test_the_coach_is_not_told_of_a_bank_that_questions_what_nothing_was_sold_for(shop):
    dispute = begun(shop, "dispute_charge", refused_charge(shop, "again"))
    shop.work()
    assert [row.id for row in shop.all(Dispute)] == [dispute]
    assert mails(shop) == []


def test_a_part_that_a_bank_took_is_told_as_a_part(shop):
    charge = charge_of(shop, shop.paid())
    dispute = begun(shop, "dispute_charge", f"{charge} 2500")
    close(shop, dispute, "lose")
    with transaction(write=False) as session:
        (text,) = [
            job.payload["text"]
            for job in session.scalars(select(Job).where(col(Job.name) == "mail.send"))
            if "has taken" in job.payload["subject"]
        ]
    assert "has taken $25 of the $95 for “Form review” back" in text


def test_of_a_question_that_was_over_when_it_was_heard_only_the_end_is_told(shop):
    begun(shop, "resolve_charge", charge_of(shop, shop.paid()))
    shop.work()
    assert mails(shop) == ["The bank has taken a payment back: Form review"]


def test_what_is_decided_before_its_mail_went_is_not_told_as_open(shop):
    dispute = disputed(shop, shop.paid())
    close(shop, dispute, "win")
    assert mails(shop) == ["The bank has decided for you: Form review"]
