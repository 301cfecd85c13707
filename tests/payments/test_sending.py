"""What refunds, transfers and reversals have in common on their way out, and the history of each."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.db import transaction
from marketplace.payments import queries, service
from marketplace.payments.answers import Refused, Sent
from marketplace.payments.models import Refund, Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.models_out import MoneyEvent
from marketplace.payments.service import sending
from tests.payments.test_taking_back import sent


def history(shop, row):
    with transaction(write=False) as session:
        events = select(MoneyEvent).where(col(MoneyEvent.subject_id) == row.id).order_by(col(MoneyEvent.id))
        return [(each.move, each.by, each.reason) for each in session.scalars(events)]


def test_what_goes_out_begins_with_a_decision_and_says_whose(shop):
    order_id = sent(shop)
    shop.refund(order_id, 9500)
    shop.work()
    (refund,), (transfer,), (reversal,) = shop.all(Refund), shop.all(Transfer), shop.all(Reversal)
    assert history(shop, refund) == [("decide", "runner", "cancelled"), ("send", "system", "")]
    assert history(shop, transfer) == [("decide", "system", "earned"), ("send", "system", "")]
    assert history(shop, reversal) == [("decide", "system", "refunded"), ("send", "system", "")]


def test_each_attempt_of_each_row_has_a_key_of_its_own():
    rows = [kind(amount=1, created_at=clock.now()) for kind in (Refund, Transfer, Reversal) for _ in range(2)]
    keys = {each.call_key for each in rows}
    for each in rows:
        each.attempt += 1
    assert len(keys | {each.call_key for each in rows}) == 12
    assert {key.partition(":")[0] for key in keys} == {"refund", "transfer", "reversal"}


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_an_answer_to_an_attempt_that_is_past_changes_nothing(shop, answer):
    order_id = shop.paid()
    row = shop.row(Refund, shop.refund(order_id, 9500))
    heard = []

    def ask():
        shop.change(Refund, attempt=2)  # refused and tried again by somebody else, before this answer came
        if answer == "no":
            raise Refused("no")
        return Sent("re_1", "succeeded", 9500, str(row.id), None)

    def hear(*_what):
        heard.append(1)

    sending.send(row, ask=ask, look=list, sent=hear, refused=hear)
    assert (heard, shop.row(Refund, row.id).status) == ([], "pending")


def test_a_look_at_a_payment_asks_stripe_once(shop):
    order_id = shop.order()
    shop.pay(order_id)
    shop.browser.knobs(reset=True)
    past = clock.now() - timedelta(minutes=3)
    with transaction() as session:
        queries.payment_of(session, order_id).called_at = past
    service.sweep()
    assert shop.payment(order_id).status == "paid"
    looks = [call["path"] for call in shop.browser.knobs()["calls"] if call["path"].startswith("/v1/checkout")]
    assert len(looks) == 1
