"""Webhooks: signed, tried again, and disturbed by knobs."""

import time

import pytest
import stripe

from tests.stripe_sandbox.conftest import SECRET

PAID = "checkout.session.completed"


def test_paying_sends_signed_events_that_the_sdk_accepts(client, session, browser, mailbox):
    browser.pay(session)
    mailbox.wait(lambda kinds: {PAID, "charge.succeeded", "payment_intent.succeeded"} <= set(kinds))
    for body, signature in mailbox.letters:
        event = client.construct_event(body, signature, SECRET)
        assert client.v1.events.retrieve(event.id).type == event.type
        with pytest.raises(stripe.SignatureVerificationError):
            client.construct_event(body.replace("9500", "9501") + " ", signature, SECRET)
        with pytest.raises(stripe.SignatureVerificationError):
            client.construct_event(body, signature, "whsec_of_another")


def test_a_webhook_that_nobody_takes_is_sent_again(session, browser, mailbox):
    browser.knobs(webhooks_paused=True)
    mailbox.answers = [500, 503]
    browser.pay(session, "4000000000000002")
    browser.knobs(webhooks_paused=False)
    assert len(mailbox.wait(lambda kinds: len(kinds) == 4)) == 4


def test_a_webhook_is_given_up_after_the_last_try_and_can_be_sent_again_by_hand(session, browser, mailbox):
    mailbox.answers = [500] * 6
    browser.pay(session, "4000000000000002")
    mailbox.wait(lambda kinds: len(kinds) == 6)
    until = time.monotonic() + 2
    while any(d["state"] != "given up" for d in browser.knobs()["deliveries"]) and time.monotonic() < until:
        time.sleep(0.02)
    deliveries = browser.knobs()["deliveries"]
    assert {d["state"] for d in deliveries} == {"given up"}
    browser.knobs(send_again=deliveries[0]["event"])
    mailbox.wait(lambda kinds: len(kinds) == 7)


def test_webhooks_can_be_dropped_doubled_old_and_foreign(client, session, browser, mailbox):
    browser.knobs(webhooks_dropped=3)
    browser.pay(session)
    browser.knobs(webhooks_doubled=1, webhook_signature_age_seconds=600)
    charge = client.v1.charges.list().data[0]
    client.v1.refunds.create({"charge": charge.id, "amount": 10})
    mailbox.wait(lambda kinds: len(kinds) == 3)
    assert sorted(mailbox.kinds) == ["charge.refunded", "charge.refunded", "refund.created"]
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        client.construct_event(*mailbox.letters[0], SECRET)
    browser.knobs(webhook_signature_age_seconds=0, webhooks_badly_signed=5)
    client.v1.refunds.create({"charge": charge.id, "amount": 10})
    mailbox.wait(lambda kinds: len(kinds) == 5)
    with pytest.raises(stripe.SignatureVerificationError):
        client.construct_event(*mailbox.letters[-1], SECRET)


def test_a_late_webhook_comes_late(session, browser, mailbox):
    browser.knobs(webhook_delay_seconds=0.4)
    browser.pay(session)
    time.sleep(0.2)
    assert mailbox.kinds == []
    mailbox.wait(lambda kinds: PAID in kinds)
