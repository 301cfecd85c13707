"""Money taken back from a coach who was sent it: reversals, with Stripe failing in every way, and their sums."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.payments import invariants, ledger, queries, service
from marketplace.payments.answers import Unclear
from marketplace.payments.models import Refund, Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.recovery import Taken, plan
from tests.payments.conftest import Shop, at_once

DAY = timedelta(hours=24)
SHARE = 9500 - 1425


def sent(shop, amount=9500):
    """An order whose coach has been sent her share."""
    order_id = shop.paid(amount)
    shop.earn(order_id)
    service.release_due()
    return order_id


def owes(shop):
    """What the coach owes, as the ledger has it."""
    with transaction(write=False) as session:
        return queries.balance(session, ledger.coach(shop.coach_id), "CAD")


def reversals(shop):
    return [(row.amount, row.status.value) for row in shop.all(Reversal)]


def age(shop):
    """A day later."""
    shop.change(Reversal, called_at=clock.now() - DAY, created_at=clock.now() - DAY)


@pytest.mark.both_databases
@pytest.mark.parametrize(("refunded", "taken"), [(9500, SHARE), (4750, 4037)])
def test_a_refund_after_the_transfer_takes_the_coachs_part_back(shop, refunded, taken):
    order_id = sent(shop)
    shop.refund(order_id, refunded)
    assert owes(shop) == 0
    shop.work()
    assert reversals(shop) == [(taken, "sent")]
    assert owes(shop) == 0
    shop.check()


def test_refunds_in_parts_take_back_what_one_refund_of_all_would(shop):
    order_id = sent(shop)
    for number, part in enumerate((4750, 1, 4749)):
        shop.refund(order_id, part, key=f"part {number}")
        shop.work()
    assert sum(amount for amount, _ in reversals(shop)) == SHARE
    assert owes(shop) == 0
    shop.check()


@pytest.mark.parametrize(
    "fault",
    [{"status": 500}, {"status": 500, "when": "after"}, {"status": 409}, {"status": 429}, {"delay_seconds": 1.5}],
)
def test_a_reversal_without_an_answer_is_sent_again_under_its_key_and_happens_once(shop, fault):
    order_id = sent(shop)
    shop.refund(order_id, 9500)
    (row,) = shop.all(Reversal)
    shop.browser.knobs(fail={"path": "/v1/transfers/", **fault})
    with shop.in_a_hurry(), pytest.raises(Unclear):
        service.send_reversal(row.id)
    assert reversals(shop) == [(SHARE, "pending")]
    shop.change(Reversal, called_at=clock.now() - timedelta(minutes=6), created_at=clock.now() - timedelta(minutes=6))
    service.sweep()
    shop.work()
    transfer = shop.all(Transfer)[0].stripe_transfer_id
    assert [one.amount for one in shop.stripe.list_reversals(transfer)] == [SHARE]
    assert reversals(shop) == [(SHARE, "sent")]
    shop.check()


def unanswered(shop: Shop) -> Reversal:
    """A reversal of all that Stripe has made, while its answer was lost."""
    shop.refund(sent(shop), 9500)
    (row,) = shop.all(Reversal)
    shop.browser.knobs(fail={"path": "/v1/transfers/", "status": 500, "when": "after"})
    with pytest.raises(Unclear):
        service.send_reversal(row.id)
    found: Reversal = row
    return found


def test_after_a_day_a_reversal_is_looked_for_before_it_is_sent_again(shop):
    row = unanswered(shop)
    shop.browser.knobs(clock_shift_seconds=25 * 3600)
    age(shop)
    service.send_reversal(row.id)
    assert reversals(shop) == [(SHARE, "sent")]
    assert len(shop.stripe.list_reversals(shop.all(Transfer)[0].stripe_transfer_id)) == 1


def test_a_refused_reversal_is_a_debt_in_the_books_and_tried_once_a_day(shop):  # 23
    order_id = sent(shop)
    shop.browser.knobs(reversals_refused=2)
    shop.refund(order_id, 9500)
    shop.work()
    (row,) = shop.all(Reversal)
    assert (row.status, row.failure, owes(shop)) == ("failed", "balance_insufficient", SHARE)
    with transaction(write=False) as session:
        assert invariants.broken(session) == ["1 reversals failed; they are tried again once a day"]
    service.sweep()
    assert shop.row(Reversal, row.id).attempt == 1
    for attempt, status in ((2, "failed"), (3, "sent")):
        age(shop)
        service.sweep()
        shop.work()
        found = shop.row(Reversal, row.id)
        assert (found.attempt, found.status) == (attempt, status)
    assert owes(shop) == 0
    shop.check()


def test_what_a_coach_can_not_give_back_may_be_written_off_and_is_not_asked_for_again(shop):  # 23
    order_id = sent(shop)
    shop.browser.knobs(reversals_refused=1)
    shop.refund(order_id, 4750)
    shop.work()
    (row,) = shop.all(Reversal)
    with transaction() as session:
        service.write_off(session, row.id, by="staff")
    assert owes(shop) == 0
    with transaction() as session, pytest.raises(Conflict):
        service.write_off(session, row.id, by="staff")
    shop.refund(order_id, 4750, key="the rest")
    shop.work()
    assert reversals(shop) == [(4037, "written-off"), (SHARE - 4037, "sent")]
    shop.check()


def test_a_refund_while_the_transfer_may_be_on_its_way_is_reversed_once_that_is_known(shop):  # 22
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    shop.browser.knobs(fail={"path": "/v1/transfers", "status": 500, "when": "after"})
    service.release_due()
    assert shop.row(Transfer, transfer.id).called_at is not None
    shop.refund(order_id, 9500)
    assert reversals(shop) == []
    service.release_due()
    shop.work()
    assert reversals(shop) == [(SHARE, "sent")]
    shop.check()


@pytest.mark.both_databases
def test_refund_and_transfer_at_once_end_with_nothing_sent_to_the_coach(shop):  # 22
    order_id = shop.paid()
    shop.earn(order_id)
    at_once(shop.app, service.release_due, lambda: shop.refund(order_id, 9500))
    shop.work()
    service.release_due()
    shop.work()
    kept = sum(row.amount for row in shop.all(Transfer) if row.status == "sent")
    assert kept == sum(row.amount for row in shop.all(Reversal) if row.status == "sent")
    assert owes(shop) == 0
    shop.check()


def test_a_share_that_is_kept_back_is_not_sent_until_it_is_let_go(shop):
    order_id = shop.paid()
    transfer = shop.earn(order_id)
    reference = shop.reference(order_id)
    with transaction() as session:
        service.stop(session, reference, by="runner", reason="complaint")
    service.release_due()
    service.sweep()
    assert shop.made_at_stripe("/v1/transfers") == 0
    with transaction() as session:
        service.let_go(session, reference, by="staff")
        service.let_go(session, reference, by="staff")
    service.release_due()
    assert shop.row(Transfer, transfer.id).status == "sent"
    shop.check()


def test_a_transfer_that_stripe_refused_is_kept_back_too(shop):
    order_id = shop.paid()
    shop.earn(order_id)
    shop.browser.knobs(fail={"path": "/v1/transfers", "status": 400})
    service.release_due()
    reference = shop.reference(order_id)
    with transaction() as session:
        service.stop(session, reference, by="runner", reason="complaint")
    shop.change(Transfer, called_at=clock.now() - 2 * DAY)
    service.release_due()
    assert shop.made_at_stripe("/v1/transfers") == 0


AMOUNTS = st.integers(1, 9500)


@given(sent_amount=AMOUNTS, steps=st.lists(st.tuples(st.integers(-100, 9600), st.booleans()), min_size=1, max_size=8))
def test_what_is_taken_back_is_what_was_sent_too_much_however_it_goes(sent_amount, steps):
    taken: list[Taken] = []
    for due, happens in steps:
        planned = plan(sent_amount, due, taken)
        kept = [each for number, each in enumerate(taken) if number not in planned.called_off]
        assert not any(taken[number].is_certain for number in planned.called_off)
        certain = sum(each.amount for each in kept if each.is_certain)
        taken = [*kept, Taken(planned.more, False)] if planned.more else kept
        total = sum(each.amount for each in taken)
        assert total <= sent_amount
        assert total == max(certain, sent_amount - max(0, due), 0)
        assert plan(sent_amount, due, taken).more == 0
        taken = [Taken(each.amount, each.is_certain or happens) for each in taken]


def test_nothing_is_taken_back_of_what_was_not_sent(shop):
    order_id = shop.paid()
    shop.earn(order_id)
    shop.refund(order_id, 9500)
    shop.work()
    service.release_due()
    assert reversals(shop) == []
    assert [row.status for row in shop.all(Refund)] == ["sent"]
    shop.check()
