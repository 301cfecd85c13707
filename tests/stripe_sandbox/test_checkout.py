"""Checkout Sessions, as the SDK and a payer meet them."""

import time

import pytest
import stripe

from marketplace.stripe_sandbox.app import create_sandbox
from marketplace.stripe_sandbox.server import running
from tests.stripe_sandbox.conftest import Browser, client_for, wanted


def test_a_paid_session_has_an_intent_a_charge_and_a_balance_transaction(client, session, browser):
    assert (session.status, session.payment_status, session.amount_total) == ("open", "unpaid", 9500)
    status, page = browser.pay(session)
    assert status == 200
    assert page.endswith(f"?session={session.id}")
    path = "payment_intent.latest_charge.balance_transaction"
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": [path]})
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details.email == "runner@example.com"
    intent = paid.payment_intent
    assert (intent.status, intent.amount_received, intent.metadata["order"]) == ("succeeded", 9500, "order-1")
    charge = intent.latest_charge
    assert (charge.paid, charge.transfer_group, charge.payment_method_details.card.last4) == (True, "order-1", "4242")
    booked = charge.balance_transaction
    assert (booked.amount, booked.fee, booked.net) == (9500, 306, 9194)


@pytest.mark.parametrize(
    ("number", "words", "code"),
    [
        ("4000 0000 0000 0002", "Your card was declined.", "card_declined"),
        ("4000-0000-0000-9995", "insufficient funds", "card_declined"),
        ("4000000000000069", "expired", "expired_card"),
    ],
)
def test_a_declined_card_leaves_the_session_open_for_another(client, session, browser, number, words, code):
    status, page = browser.pay(session, number)
    assert status == 402
    assert words in page
    after = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (after.status, after.payment_intent.last_payment_error.code) == ("open", code)
    browser.pay(session)
    paid = client.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert paid.status == "complete"
    assert paid.payment_intent.id == after.payment_intent.id
    assert paid.payment_intent.last_payment_error is None
    assert [charge.status for charge in client.v1.charges.list()] == ["succeeded", "failed"]


def test_three_d_secure_can_be_failed_abandoned_and_passed(client, session, browser):
    number = "4000 0025 0000 3155"
    assert "/challenge" in browser.pay(session, number)[1]
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    status, page = browser.post(f"/c/pay/{session.id}/challenge", {"answer": "fail"})
    assert (status, "unable to authenticate" in page) == (402, True)
    browser.pay(session, number)
    browser.post(f"/c/pay/{session.id}/challenge", {"answer": "complete"})
    assert client.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"


def test_paying_twice_charges_once(client, session, browser):
    browser.pay(session)
    assert browser.pay(session)[1].endswith(session.id)
    assert len(client.v1.charges.list().data) == 1


def test_a_form_with_mistakes_names_each_field_and_charges_nothing(client, session, browser):
    status, page = browser.post(f"/c/pay/{session.id}", {"number": "4111", "expiry": "01/20", "cvc": "x"})
    assert status == 402
    for name in ("email", "number", "expiry", "cvc", "name"):
        assert f'id="{name}-wrong"' in page
    assert client.v1.charges.list().data == []


def test_a_session_ends_when_asked_and_not_once_paid(client, session, browser, sandbox):
    ended = client.v1.checkout.sessions.expire(session.id)
    assert (ended.status, ended.url) == ("expired", None)
    assert browser.pay(session)[0] == 410
    paid = client.v1.checkout.sessions.create(wanted(sandbox))
    browser.pay(paid)
    for over in (session, paid):
        with pytest.raises(stripe.InvalidRequestError, match="status of"):
            client.v1.checkout.sessions.expire(over.id)


def test_a_session_ends_by_itself_when_its_time_has_come(client, sandbox, browser, mailbox):
    session = client.v1.checkout.sessions.create(wanted(sandbox, expires_at=int(time.time()) + 1830))
    browser.knobs(clock_shift_seconds=1800)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "open"
    browser.knobs(clock_shift_seconds=1900)
    mailbox.wait(lambda kinds: "checkout.session.expired" in kinds)
    assert client.v1.checkout.sessions.retrieve(session.id).status == "expired"


@pytest.mark.parametrize("seconds", [29 * 60, 25 * 3600])
def test_a_session_lasts_thirty_minutes_at_least_and_a_day_at_most(client, sandbox, seconds):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(wanted(sandbox, expires_at=int(time.time()) + seconds))
    assert refused.value.param == "expires_at"


def test_sessions_are_found_by_their_payment_intent(client, session, browser, sandbox):
    client.v1.checkout.sessions.create(wanted(sandbox))
    browser.pay(session)
    intent = client.v1.payment_intents.list().data[0]
    found = client.v1.checkout.sessions.list({"payment_intent": intent.id})
    assert [one.id for one in found.data] == [session.id]
    assert [one.status for one in client.v1.checkout.sessions.list({"status": "open"})] == ["open"]


def test_lists_come_in_pages_that_the_sdk_walks_through(client, sandbox):
    made = [client.v1.checkout.sessions.create(wanted(sandbox)).id for _ in range(5)]
    walked = [one.id for one in client.v1.checkout.sessions.list({"limit": 2}).auto_paging_iter()]
    assert walked == made[::-1]


def test_the_state_survives_a_restart(tmp_path):
    with running(create_sandbox(tmp_path)) as address:
        session = client_for(address).v1.checkout.sessions.create(wanted(address))
        Browser(address).pay(session)
    with running(create_sandbox(tmp_path)) as address:
        assert client_for(address).v1.checkout.sessions.retrieve(session.id).status == "complete"


def test_every_page_says_that_no_money_moves(session, browser):
    for path in ("/", "/knobs", f"/c/pay/{session.id}", "/c/pay/nothing"):
        assert "No money moves here" in browser.get(path)[1]
