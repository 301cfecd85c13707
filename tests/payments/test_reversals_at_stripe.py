"""Reversals that raced with a decision, whose answer was lost, or that somebody made on Stripe's own pages."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event

from marketplace import clock
from marketplace.db import db, new_id
from marketplace.payments import service
from marketplace.payments.models import Transfer
from marketplace.payments.models_back import Reversal
from tests.payments.conftest import at_once
from tests.payments.test_taking_back import SHARE, age, owes, reversals, sent, unanswered
from tests.payments.test_without_us import at_stripe


def transfer_of(shop):
    return shop.all(Transfer)[0].stripe_transfer_id


def reverse_there(shop, amount):
    """Somebody takes back a part of the coach's share on Stripe's dashboard."""
    return shop.stripe.reverse(transfer_of(shop), amount, row_id="", key=f"dashboard:{new_id()}").id


def back(shop):
    """What has come back of the transfer at Stripe."""
    return sum(one.amount for one in shop.stripe.list_reversals(transfer_of(shop)))


@contextmanager
def slow_to_decide(read: threading.Event) -> Iterator[None]:
    """Who has read the reversals says so, and thinks for a second before she goes on."""
    me = []

    def after(_connection, _cursor, statement, *_rest):
        if "FROM reversal" in statement and "transfer_id =" in statement and not me:
            me.append(threading.get_ident())
            read.set()
            time.sleep(1)

    event.listen(db.engine, "after_cursor_execute", after)
    yield
    event.remove(db.engine, "after_cursor_execute", after)


@pytest.mark.both_databases
def test_a_reversal_is_not_called_off_while_it_is_being_sent(shop):  # 22
    order_id = sent(shop)
    shop.refund(order_id, 4750)
    (row,) = shop.all(Reversal)
    there, read = at_stripe(shop, order_id), threading.Event()

    def send():
        assert read.wait(5)
        service.send_reversal(row.id)

    with slow_to_decide(read):
        assert at_once(shop.app, lambda: service.look_at_refund(there), send) == [None, None]
    shop.work()
    assert (back(shop), owes(shop)) == (SHARE, 0)
    shop.check()


@pytest.mark.parametrize("amount", [SHARE, 1000])
def test_a_reversal_made_at_stripe_is_taken_over_once(shop, amount):  # 24
    sent(shop)
    reverse_there(shop, amount)
    for _ in range(2):
        service.look_at_transfer(transfer_of(shop))
    assert reversals(shop) == [(amount, "sent")]
    assert owes(shop) == -amount  # she has earned it, and does not have it
    shop.check()


def test_the_events_of_a_reversal_at_stripe_are_enough(shop, site):
    sent(shop)
    reverse_there(shop, SHARE)
    until = time.monotonic() + 5
    while not shop.all(Reversal) and time.monotonic() < until:
        shop.work()
        time.sleep(0.05)
    assert reversals(shop) == [(SHARE, "sent")]
    shop.check()


def test_news_of_a_reversal_at_stripe_that_never_came_is_found_by_the_comparison(shop):  # 4, 24
    sent(shop)
    reversal = reverse_there(shop, SHARE)
    soon = clock.now() + timedelta(minutes=1)
    (found,) = service.differences(until=soon)
    assert (found.source, found.ours, found.theirs) == (reversal, None, SHARE)
    assert service.compare(until=soon) == 1
    assert service.differences(until=soon) == []
    shop.check()


def test_a_share_taken_back_at_stripe_is_not_taken_back_again_when_the_runner_is_refunded(shop):  # 24
    order_id = sent(shop)
    reverse_there(shop, SHARE)
    service.look_at_transfer(transfer_of(shop))
    shop.refund(order_id, 9500)
    shop.work()
    assert reversals(shop) == [(SHARE, "sent")]
    assert owes(shop) == 0
    shop.check()


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_a_reversal_that_was_decided_and_is_then_made_at_stripe_happens_once(shop, status):  # 24
    order_id = sent(shop)
    if status == "failed":
        shop.browser.knobs(reversals_refused=1)
    shop.refund(order_id, 9500)
    if status == "failed":
        shop.work()
    reverse_there(shop, SHARE)
    service.look_at_transfer(transfer_of(shop))
    shop.work()
    assert reversals(shop) == [(SHARE, "sent")]
    assert (back(shop), owes(shop)) == (SHARE, 0)
    shop.check()


def test_one_that_stripe_refuses_since_it_was_made_there_is_looked_for(shop):  # 24
    order_id = sent(shop)
    shop.refund(order_id, 9500)
    reverse_there(shop, SHARE)
    shop.work()  # ours is refused, and so is looked for
    assert reversals(shop) == [(SHARE, "sent")]
    shop.check()


def test_a_part_taken_back_at_stripe_lowers_what_we_take_back_ourselves(shop):  # 24
    order_id = sent(shop)
    shop.refund(order_id, 9500)
    reverse_there(shop, 1000)
    service.look_at_transfer(transfer_of(shop))
    shop.work()
    assert sorted(reversals(shop)) == [(1000, "sent"), (SHARE - 1000, "sent"), (SHARE, "cancelled")]
    assert (back(shop), owes(shop)) == (SHARE, 0)
    shop.check()


def test_one_whose_answer_was_lost_is_taken_for_ours_by_its_name(shop):  # 13
    row = unanswered(shop)
    age(shop)
    service.look_at_transfer(transfer_of(shop))
    assert [(each.id, each.status.value) for each in shop.all(Reversal)] == [(row.id, "sent")]
    shop.check()
