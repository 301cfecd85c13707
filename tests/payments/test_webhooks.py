"""News from Stripe: signed, stored once, a reason to look and no more."""

import json
import time

import pytest
from stripe import WebhookSignature

from marketplace.jobs import Job
from marketplace.payments import service
from marketplace.payments.models import StripeEvent
from tests.payments.conftest import SECRET, Shop, at_once, wait_for


def event_of(session_id, event_id="evt_1", kind="checkout.session.completed"):
    thing = {"id": session_id, "object": "checkout.session"}
    return json.dumps({"id": event_id, "object": "event", "type": kind, "data": {"object": thing}})


def signed(body: str, secret: str = SECRET, age: int = 0) -> str:
    return WebhookSignature.generate_signature_header(body, secret, int(time.time()) - age)


def post(shop: Shop, body: str, signature: str) -> int:
    headers = {"Stripe-Signature": signature} if signature else {}
    return shop.app.test_client().post("/webhooks/stripe", data=body, headers=headers).status_code


def stored(shop):
    return [event.id for event in shop.all(StripeEvent)]


def test_the_sandbox_tells_and_the_site_confirms_before_anybody_returns(shop, site, heard):  # 1
    order_id = shop.order()
    session_id = shop.pay(order_id)
    wait_for(lambda: any(event.type == "checkout.session.completed" for event in shop.all(StripeEvent)))
    shop.work()
    assert heard == [("payment.succeeded", order_id)]
    service.settle(session_id)
    assert len(heard) == 1
    shop.check()


def test_a_doubled_event_is_stored_once(shop, heard):  # 5
    order_id = shop.order()
    body = event_of(shop.pay(order_id))
    assert [post(shop, body, signed(body)) for _ in range(2)] == [200, 200]
    assert stored(shop) == ["evt_1"]
    shop.work()
    assert heard == [("payment.succeeded", order_id)]


@pytest.mark.both_databases
def test_an_event_that_comes_fifty_times_at_once_is_stored_and_done_once(shop, heard):  # 6
    order_id = shop.order()
    body = event_of(shop.pay(order_id))
    answers = at_once(shop.app, *[lambda: post(shop, body, signed(body))] * 50)
    assert answers == [200] * 50
    assert stored(shop) == ["evt_1"]
    shop.work()
    assert heard == [("payment.succeeded", order_id)]


def test_webhook_and_return_page_at_once_confirm_once(shop, heard):  # 7
    order_id = shop.order()
    session_id = shop.pay(order_id)
    body = event_of(session_id)
    post(shop, body, signed(body))
    at_once(shop.app, lambda: service.settle(session_id), lambda: service.take_event("evt_1"))
    assert heard == [("payment.succeeded", order_id)]


def test_the_order_of_arrival_does_not_matter(shop, heard):  # 8
    order_id = shop.order()
    session_id = shop.pay(order_id)
    for number, kind in enumerate(["checkout.session.expired", "checkout.session.completed", "charge.succeeded"]):
        body = event_of(session_id, f"evt_{number}", kind)
        post(shop, body, signed(body))
    shop.work()
    assert heard == [("payment.succeeded", order_id)]


def test_a_body_of_five_megabytes_is_refused_and_nothing_is_stored(shop):  # 9
    body = event_of("cs_" + "x" * 5_000_000)
    assert post(shop, body, signed(body)) == 413
    assert stored(shop) == []


def test_an_event_of_another_kind_or_of_another_site_is_kept_and_ignored(shop, heard):
    for number, thing in enumerate([{"id": "po_1", "object": "payout"}, {"id": "cs_x", "object": "checkout.session"}]):
        data = {"id": f"evt_{number}", "object": "event", "type": "x", "data": {"object": thing}}
        body = json.dumps(data)
        assert post(shop, body, signed(body)) == 200
    shop.work()
    assert heard == []


@pytest.mark.parametrize("wrong", ["none", "foreign", "old", "changed", "garbage"])
def test_what_stripe_did_not_sign_is_refused_and_nothing_is_stored(shop, wrong):  # 9
    body = event_of("cs_test_1")
    body = "garbage" if wrong == "garbage" else body
    signature = signed(body, "whsec_foreign" if wrong == "foreign" else SECRET, 301 if wrong == "old" else 0)
    sent = body + " " if wrong == "changed" else body
    assert post(shop, sent, "" if wrong == "none" else signature) == 400
    assert stored(shop) == []


def test_the_sandbox_with_its_knobs_out_of_order_tells_one_story(shop, site, heard):  # 5, 8, 9
    shop.browser.knobs(webhooks_doubled=2, webhooks_shuffled=True, webhooks_badly_signed=2)
    order_id = shop.order()
    shop.pay(order_id)
    wait_for(lambda: len(stored(shop)) >= 3 and "checkout.session.completed" in {e.type for e in shop.all(StripeEvent)})
    shop.work()
    assert heard == [("payment.succeeded", order_id)]
    assert len(set(stored(shop))) == len(stored(shop))


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"id": "evt_x"},
        {"type": "x"},
        {"id": 1, "type": "x"},
        {"id": "", "type": "x"},
        [],
        None,
        {"id": "e" * 101, "type": "x"},
    ],
)
def test_what_is_signed_but_no_event_is_refused_and_nothing_is_stored(shop, event):
    body = json.dumps(event)
    assert post(shop, body, signed(body)) == 400
    assert stored(shop) == []


@pytest.mark.parametrize(
    "data",
    [
        None, [], {}, {"object": None}, {"object": {}}, {"object": {"object": "checkout.session"}},
        {"object": {"object": ["refund"], "id": "re_1"}}, {"object": {"object": "refund", "id": ""}},
        {"object": {"object": "refund", "id": "re_unknown"}}, {"object": {"object": "dispute", "id": "../x"}},
        {"object": {"object": "account", "id": "acct_unknown"}},
    ],
)  # fmt: skip
def test_an_event_that_lacks_what_its_type_needs_ends_quietly(shop, heard, data):
    body = json.dumps({"id": "evt_1", "type": "x", "data": data})
    assert post(shop, body, signed(body)) == 200
    service.take_event("evt_1")
    assert heard == []


@pytest.mark.parametrize("thing", ["checkout.session", "refund", "dispute", "account"])
def test_news_that_stripe_does_not_let_us_look_at_are_asked_for_again(shop, heard, thing):
    order_id = shop.order()
    session_id = shop.pay(order_id)
    name = session_id if thing == "checkout.session" else f"{thing}_1"
    where = {"checkout.session": "/v1/checkout/sessions", "account": "/v1/accounts"}.get(thing, f"/v1/{thing}s")
    shop.browser.knobs(fail={"path": where, "method": "GET", "status": 403})
    body = json.dumps({"id": "evt_1", "type": "x", "data": {"object": {"object": thing, "id": name}}})
    post(shop, body, signed(body))
    shop.work()
    (waiting,) = [job for job in shop.all(Job) if job.name == "payments.take_event"]
    assert (waiting.status, waiting.attempts) == ("ready", 1)
    service.take_event("evt_1")
    assert heard == ([("payment.succeeded", order_id)] if thing == "checkout.session" else [])


def test_who_paid_and_what_is_in_an_event_is_not_kept(shop):
    payer = {"name": "Ada", "email": "ada@example.com", "address": {"line1": "1 Elgin Street"}}
    thing = {"id": "cs_1", "object": "checkout.session", "customer_details": payer}
    connected = {"id": "evt_2", "type": "x", "account": "acct_1", "data": {"object": {"object": "application"}}}
    for event in ({"id": "evt_1", "type": "x", "data": {"object": thing}}, connected, {"id": "evt_3", "type": "x"}):
        body = json.dumps(event)
        assert post(shop, body, signed(body)) == 200
    assert {event.id: event.payload for event in shop.all(StripeEvent)} == {
        "evt_1": {"object": "checkout.session", "id": "cs_1"},
        "evt_2": {"object": "account", "id": "acct_1"},
        "evt_3": {},
    }
