"""Where a coach's money is, and the way to her account at Stripe."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.bookings import service
from marketplace.desk import queries
from marketplace.payments import ledger
from marketplace.payments import queries as payments
from marketplace.payments.models import PayoutAccount, Transfer
from marketplace.payments.service import books
from marketplace.payments.states import TransferStatus
from tests.bookings.world import begin, confirmed, times
from tests.desk.conftest import Desk
from tests.desk.test_home import text_of


@pytest.mark.both_databases
def test_money_moves_from_held_to_on_its_way_to_sent(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        first, second = (confirmed(session, offer, runner, at) for at in times(session, offer)[:2])
        held = queries.earnings(session, desk.coach)
        assert (held.held.amount, held.on_its_way.amount, held.months) == (2 * 8075, 0, [])
        begin(first, minutes_ago=60)
        service.complete(session, first.id)
    with desk.rows() as session:
        done = queries.earnings(session, desk.coach)
        assert (done.held.amount, done.on_its_way.amount, done.paid_out.amount) == (8075, 8075, 0)
        assert done.next_at is not None and done.next_at > clock.now()
        week = clock.now() - timedelta(days=7), clock.now() + timedelta(days=1)
        assert queries.earned_between(session, desk.coach, *week).amount == 8075
    page = text_of(desk.browser.get("/coach/earnings").text)
    assert page.count("$80.75") == 3 and "Next sent" in page
    with desk.rows() as session:
        transfer = payments.transfer_for(session, first.id)
        assert isinstance(transfer, Transfer)
        transfer.status = TransferStatus.SENT
        books.write(session, ledger.transferred(transfer.id, desk.coach.id, transfer.amount), "CAD")
        sent = queries.earnings(session, desk.coach)
        assert (sent.on_its_way.amount, sent.paid_out.amount, sent.next_at) == (0, 8075, None)
        assert [(month.sessions, month.earned, month.sent) for month in sent.months] == [(1, 8075, 8075)]
        assert second.id


def test_a_coach_without_an_account_is_shown_the_way_to_it(desk: Desk) -> None:
    assert "Open your payout account" not in desk.browser.get("/coach/earnings").text
    with desk.rows() as session:
        account = session.get_one(PayoutAccount, desk.coach.id)
        account.payouts_enabled, account.missing = False, ["external_account"]
    assert "1 answer is missing" in desk.browser.get("/coach/earnings").text
    with desk.rows() as session:
        session.delete(session.get_one(PayoutAccount, desk.coach.id))
    assert "Open your payout account" in desk.browser.get("/coach/earnings").text


def test_when_stripe_does_not_answer_she_is_told_so_and_nothing_breaks(desk: Desk) -> None:
    answer = desk.browser.post("/coach/payouts")
    assert answer.status_code == 409 and "does not answer" in answer.text
    browser = desk.browser
    assert browser.get("/coach/payouts").location == "/coach/earnings"
    assert "does not answer" in browser.get("/coach/earnings").text
