"""Refunds, transfers, disputes, accounts and balance transactions."""

from urllib.error import HTTPError

import pytest
import stripe

from tests.stripe_sandbox.conftest import wanted


def test_refunds_add_up_to_the_charge_and_not_beyond(client, charge):
    assert client.v1.refunds.create({"charge": charge.id, "amount": 2500}).amount == 2500
    with pytest.raises(stripe.InvalidRequestError, match="greater than"):
        client.v1.refunds.create({"payment_intent": charge.payment_intent, "amount": 7001})
    assert client.v1.refunds.create({"payment_intent": charge.payment_intent}).amount == 7000
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": charge.id})
    assert refused.value.code == "charge_already_refunded"
    after = client.v1.charges.retrieve(charge.id)
    assert (after.amount_refunded, after.refunded) == (9500, True)
    assert len(client.v1.refunds.list({"charge": charge.id}).data) == 2


def test_a_refund_may_be_pending_and_fail_days_later(client, charge, browser, mailbox):
    browser.knobs(refunds_pending=1)
    refund = client.v1.refunds.create({"charge": charge.id})
    assert refund.status == "pending"
    browser.knobs(settle_refund=refund.id)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    browser.knobs(fail_refund=refund.id)
    failed = client.v1.refunds.retrieve(refund.id)
    assert (failed.status, failed.failure_reason) == ("failed", "lost_or_stolen_card")
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    mailbox.wait(lambda kinds: "refund.failed" in kinds)


def test_a_refund_can_be_made_behind_the_sites_back(client, charge, browser):
    browser.knobs(refund_charge=charge.id)
    assert client.v1.refunds.list({"charge": charge.id}).data[0].amount == 9500


def test_a_transfer_moves_no_more_than_its_charge_brought_in(client, charge, account):
    sent = {"currency": "cad", "destination": account.id, "source_transaction": charge.id}
    transfer = client.v1.transfers.create({**sent, "amount": 8000})
    assert (transfer.source_transaction, transfer.transfer_group) == (charge.id, "order-1")
    with pytest.raises(stripe.InvalidRequestError, match="must not exceed"):
        client.v1.transfers.create({**sent, "amount": 1501})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.create({**sent, "amount": 10, "currency": "usd"})


def test_an_account_is_paid_only_when_set_up_and_not_disabled(client, charge, account, browser):
    fresh = client.v1.accounts.create({"type": "express"})
    sent = {"amount": 10, "currency": "cad", "source_transaction": charge.id}
    browser.knobs(disable_account=account.id)
    assert client.v1.accounts.retrieve(account.id).requirements.disabled_reason == "requirements.past_due"
    for one in (fresh, account):
        with pytest.raises(stripe.InvalidRequestError) as refused:
            client.v1.transfers.create({**sent, "destination": one.id})
        assert refused.value.code == "insufficient_capabilities_for_transfer"


def test_reversals_take_back_what_was_sent_unless_refused(client, charge, account, browser):
    sent = {"amount": 8000, "currency": "cad", "destination": account.id, "source_transaction": charge.id}
    transfer = client.v1.transfers.create(sent)
    browser.knobs(reversals_refused=1)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.transfers.reversals.create(transfer.id)
    assert refused.value.code == "balance_insufficient"
    client.v1.transfers.reversals.create(transfer.id, {"amount": 3000})
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.reversals.create(transfer.id, {"amount": 5001})
    client.v1.transfers.reversals.create(transfer.id)
    after = client.v1.transfers.retrieve(transfer.id)
    assert (after.amount_reversed, after.reversed) == (8000, True)


def test_each_movement_is_a_balance_transaction(client, charge, account):
    client.v1.refunds.create({"charge": charge.id, "amount": 1000})
    sent = {"amount": 7000, "currency": "cad", "destination": account.id, "source_transaction": charge.id}
    client.v1.transfers.create(sent)
    booked = client.v1.balance_transactions.list()
    assert sorted(one.net for one in booked) == [-7000, -1000, 9500 - 306]


@pytest.mark.parametrize(("outcome", "status", "left"), [("win_dispute", "won", 9194), ("lose_dispute", "lost", -1806)])
def test_a_dispute_takes_the_money_and_a_won_one_gives_it_back(client, session, browser, outcome, status, left):
    browser.pay(session, "4000000000000259")
    dispute = client.v1.disputes.list().data[0]
    assert client.v1.charges.retrieve(dispute.charge).disputed
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"charge": dispute.charge})
    assert refused.value.code == "charge_disputed"
    browser.knobs(**{outcome: dispute.id})
    assert client.v1.disputes.retrieve(dispute.id).status == status
    assert sum(one.net for one in client.v1.balance_transactions.list()) == left


def there(client: stripe.StripeClient) -> int:
    """What the platform has."""
    return sum(each.net for each in client.v1.balance_transactions.list())


def test_an_inquiry_moves_no_money_until_it_escalates_and_is_answered_twice(client, session, browser):
    browser.pay(session, "4000000000001976")
    dispute = client.v1.disputes.list().data[0]
    assert (dispute.status, dispute.balance_transactions) == ("warning_needs_response", [])
    client.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Ada"}})
    assert client.v1.disputes.retrieve(dispute.id).status == "warning_under_review"
    with pytest.raises(HTTPError, match="400"):
        browser.knobs(lose_dispute=dispute.id)
    browser.knobs(escalate_dispute=dispute.id)
    assert client.v1.disputes.retrieve(dispute.id).status == "needs_response"
    assert there(client) == -1806
    client.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Ada"}})
    browser.knobs(lose_dispute=dispute.id)
    browser.knobs(appeal_dispute=dispute.id)
    assert client.v1.disputes.retrieve(dispute.id).status == "appeal_needs_response"
    browser.knobs(win_dispute=dispute.id)
    assert there(client) == 9194


def test_parts_of_a_charge_are_disputed_by_themselves_and_the_rest_can_be_refunded(client, charge, browser):
    browser.knobs(dispute_charge=f"{charge.id} 2500")
    browser.knobs(resolve_charge=f"{charge.id} 1000")
    with pytest.raises(HTTPError, match="400"):
        browser.knobs(dispute_charge=f"{charge.id} 6001")
    browser.knobs(block_charge=charge.id)
    blocked, resolved, disputed = client.v1.disputes.list().data
    assert [each.status for each in (blocked, resolved)] == ["prevented", "prevented"]
    assert [each.net for each in resolved.balance_transactions] == [-1000] and blocked.balance_transactions == []
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create({"charge": charge.id})
    browser.knobs(lose_dispute=disputed.id)
    assert client.v1.refunds.create({"charge": charge.id}).amount == 6000
    with pytest.raises(HTTPError, match="400"):
        browser.knobs(dispute_charge=f"{charge.id} much")


def test_a_coach_sets_her_account_up_on_the_hosted_page(client, browser, sandbox):
    controller = {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "stripe_dashboard": {"type": "express"},
    }
    capabilities = {"transfers": {"requested": True}}
    account = client.v1.accounts.create({"controller": controller, "capabilities": capabilities, "country": "CA"})
    assert (account.details_submitted, account.payouts_enabled) == (False, False)
    back = {"return_url": f"{sandbox}/?back", "refresh_url": f"{sandbox}/?again"}
    link = client.v1.account_links.create({"account": account.id, "type": "account_onboarding", **back})
    path = link.url.removeprefix(sandbox)
    assert "Use test data and finish" in browser.get(path)[1]
    assert browser.post(path, {"answer": "finish"})[1].endswith("?back")
    assert browser.get(path)[1].endswith("?again")
    done = client.v1.accounts.retrieve(account.id)
    assert (done.details_submitted, done.payouts_enabled, done.capabilities.transfers) == (True, True, "active")


def test_an_account_of_which_the_platform_hands_everything_in_is_open_at_once(client):
    controller = {
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
        "losses": {"payments": "application"},
    }
    asked = {
        "controller": controller,
        "business_profile": {"url": "https://example.com"},
        "external_account": {"object": "bank_account", "country": "CA", "currency": "cad", "account_number": "1"},
        "individual": {"id_number": "000000000"},
        "tos_acceptance": {"date": 1, "ip": "127.0.0.1"},
    }
    account = client.v1.accounts.create(asked)
    assert (account.payouts_enabled, account.capabilities.transfers, account.requirements.past_due) == (
        True,
        "active",
        [],
    )
    account = client.v1.accounts.create({name: given for name, given in asked.items() if name != "individual"})
    assert not account.payouts_enabled and account.requirements.past_due == ["individual.verification.document"]
    with pytest.raises(stripe.InvalidRequestError, match="Terms of Service"):
        client.v1.accounts.create(asked | {"controller": {"stripe_dashboard": {"type": "express"}}})


def test_an_amount_too_small_to_charge_is_refused(client, sandbox):
    bad = wanted(sandbox)
    bad["line_items"][0]["price_data"]["unit_amount"] = 49
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.checkout.sessions.create(bad)
    assert refused.value.code == "amount_too_small"


def test_a_payout_empties_the_balance_of_its_currency_and_may_fail(client, charge, browser, mailbox):
    browser.knobs(pay_out="cad")
    (payout,) = client.v1.payouts.list().data
    assert (payout.amount, payout.status) == (9500 - 306, "paid")
    assert sum(one.net for one in client.v1.balance_transactions.list()) == 0
    browser.knobs(fail_payout=payout.id)
    assert client.v1.payouts.retrieve(payout.id).status == "failed"
    assert sum(one.net for one in client.v1.balance_transactions.list({"source": payout.id})) == 0
    mailbox.wait(lambda kinds: {"payout.created", "payout.paid", "payout.failed"} <= set(kinds))
    for wish in ({"fail_payout": payout.id}, {"pay_out": "eur"}):
        with pytest.raises(HTTPError):
            browser.knobs(**wish)


def test_a_fee_without_a_charge_has_no_source(client, browser):
    browser.knobs(take_fee="usd")
    (booked,) = client.v1.balance_transactions.list().data
    assert (booked.type, booked.net, booked.currency, booked.source) == ("stripe_fee", -200, "usd", None)


def test_a_platform_without_a_balance_in_a_currency_has_charges_converted(client, account, session, browser, sandbox):
    browser.post("/knobs", {"knob": "settles_in", "value": "usd"})
    browser.pay(session)
    charge = client.v1.charges.list({"expand": ["data.balance_transaction"]}).data[0]
    assert (charge.amount, charge.currency) == (9500, "cad")
    assert (charge.balance_transaction.amount, charge.balance_transaction.currency) == (12920, "usd")
    sent = {"amount": 100, "destination": account.id, "source_transaction": charge.id}
    with pytest.raises(stripe.InvalidRequestError, match="must equal"):
        client.v1.transfers.create({**sent, "currency": "cad"})
    assert client.v1.transfers.create({**sent, "currency": "usd"}).amount == 100


def test_what_a_balance_transaction_is_about_can_be_expanded(client, charge, account):
    sent = {"amount": 8000, "currency": "cad", "destination": account.id, "source_transaction": charge.id}
    transfer = client.v1.transfers.create(sent)
    reversal = client.v1.transfers.reversals.create(transfer.id, {"amount": 3000})
    (booked,) = client.v1.balance_transactions.list({"source": reversal.id, "expand": ["data.source"]}).data
    assert (booked.type, booked.source.transfer) == ("transfer_refund", transfer.id)


@pytest.mark.parametrize("lacking", ["stripe_dashboard", "losses"])
def test_who_collects_what_is_required_bears_the_losses_and_shows_no_dashboard(client, lacking):
    controller = {
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
        "losses": {"payments": "application"},
    }
    with pytest.raises(stripe.InvalidRequestError, match="losses are yours"):
        client.v1.accounts.create({"controller": {name: controller[name] for name in controller if name != lacking}})


def test_what_is_captured_later_by_hand_is_refused(client, sandbox):
    asked = wanted(sandbox)
    asked["payment_intent_data"]["capture_method"] = "manual"
    with pytest.raises(stripe.InvalidRequestError, match="capture"):
        client.v1.checkout.sessions.create(asked)
