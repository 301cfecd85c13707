"""What all calls share: parameters, keys, idempotency, faults, shapes."""

import json

import pytest
import stripe

from marketplace.stripe_sandbox.shapes import CLASSES
from tests.stripe_sandbox.conftest import client_for, wanted


def test_a_parameter_that_the_sdk_does_not_know_is_refused_by_name(client, sandbox):
    bad = wanted(sandbox)
    bad["line_items"][0]["price_data"]["colour"] = "red"
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(bad)
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "line_items[0][price_data][colour]")


@pytest.mark.parametrize(
    ("change", "param"),
    [
        ({"expires_at": "soon"}, "expires_at"),
        ({"locale": "klingon"}, "locale"),
        ({"metadata": "words"}, "metadata"),
        ({"line_items": "words"}, "line_items"),
    ],
)
def test_a_parameter_of_the_wrong_kind_is_refused(client, sandbox, change, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create({**wanted(sandbox), **change})
    assert refused.value.param == param


def test_a_missing_parameter_is_named(client):
    with pytest.raises(stripe.InvalidRequestError, match="Missing required param: currency"):
        client.v1.transfers.create({"destination": "acct_x"})


def test_a_live_key_is_refused_and_so_is_no_key(sandbox):
    for key in ("sk_live_something", "nonsense"):
        with pytest.raises(stripe.AuthenticationError):
            client_for(sandbox, key).v1.balance_transactions.list()


def test_an_unknown_id_and_an_unknown_call_are_not_found(client):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.charges.retrieve("ch_nothing")
    assert (refused.value.http_status, refused.value.code) == (404, "resource_missing")
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        client.v1.customers.create({"name": "Ada"})


def test_the_same_key_is_the_same_session(client, sandbox):
    first = client.v1.checkout.sessions.create(wanted(sandbox), {"idempotency_key": "one"})
    again = client.v1.checkout.sessions.create(wanted(sandbox), {"idempotency_key": "one"})
    assert again.id == first.id
    assert again.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(client.v1.checkout.sessions.list().data) == 1


def test_the_same_key_with_other_parameters_is_refused(client, sandbox):
    client.v1.checkout.sessions.create(wanted(sandbox), {"idempotency_key": "one"})
    with pytest.raises(stripe.IdempotencyError):
        client.v1.checkout.sessions.create(wanted(sandbox, client_reference_id="two"), {"idempotency_key": "one"})


def test_a_refusal_is_repeated_too_but_malformed_parameters_leave_the_key_free(client, charge):
    for _ in range(2):
        with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
            client.v1.refunds.create({"charge": charge.id, "amount": 9501}, {"idempotency_key": "much"})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.refunds.create({"charge": charge.id, "amount": "x"}, {"idempotency_key": "typo"})
    assert client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "typo"}).status == "succeeded"


def test_a_key_is_forgotten_after_a_day(client, sandbox, browser):
    first = client.v1.checkout.sessions.create(wanted(sandbox), {"idempotency_key": "one"})
    browser.knobs(clock_shift_seconds=25 * 3600)
    assert client.v1.checkout.sessions.create(wanted(sandbox), {"idempotency_key": "one"}).id != first.id


def test_a_failure_before_the_work_leaves_nothing_behind(client, charge, browser):
    for status, error in ((500, stripe.APIError), (409, stripe.APIError), (429, stripe.RateLimitError)):
        browser.knobs(fail={"path": "/v1/refunds", "status": status})
        with pytest.raises(error):
            client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "r1"})
    assert client.v1.refunds.list().data == []
    assert client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "r1"}).status == "succeeded"


def test_an_answer_lost_after_the_work_is_found_again_by_the_same_key(client, charge, browser):
    browser.knobs(fail={"path": "/v1/refunds", "status": 500, "when": "after"})
    with pytest.raises(stripe.APIError):
        client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "r1"})
    found = client.v1.refunds.list({"charge": charge.id}).data
    again = client.v1.refunds.create({"charge": charge.id}, {"idempotency_key": "r1"})
    assert [one.id for one in found] == [again.id]
    state = browser.knobs()
    assert [call["status"] for call in state["calls"] if call["path"] == "/v1/refunds"][-1] == 500


def test_every_answer_has_the_shape_that_the_sdk_declares(client, charge, account):
    client.v1.refunds.create({"charge": charge.id, "amount": 500})
    sent = {"amount": 4000, "currency": "cad", "destination": account.id, "source_transaction": charge.id}
    client.v1.transfers.reversals.create(client.v1.transfers.create(sent).id, {"amount": 100})
    things = [
        *client.v1.checkout.sessions.list(),
        *client.v1.payment_intents.list(),
        *client.v1.charges.list(),
        *client.v1.refunds.list(),
        *client.v1.transfers.list(),
        *client.v1.accounts.list(),
        *client.v1.balance_transactions.list(),
        *client.v1.events.list({"limit": 100}),
    ]
    assert {type(thing) for thing in things} <= set(CLASSES.values())
    for thing in things:
        assert json.loads(str(thing)).keys() <= type(thing).__annotations__.keys()
