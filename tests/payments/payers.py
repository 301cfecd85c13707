"""Who pays the tests' orders: somebody at our sandbox, or at Stripe's test mode when `STRIPE_TEST_KEY` is set."""

import os
import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
import stripe

from marketplace import clock
from marketplace.payments.answers import Checkout, Movement, Purchase
from marketplace.payments.stripe import Stripe
from tests.payments.hosted_page import HostedPage
from tests.stripe_sandbox.conftest import CARD, Browser

SECRET = "whsec_runsight"
COACH: dict[str, Any] = {
    "country": "CA",
    "email": "coach@example.com",
    "business_type": "individual",
    "business_profile": {"mcc": "7999", "url": "https://accessible.stripe.com"},
    "controller": {
        "fees": {"payer": "application"},
        "losses": {"payments": "application"},
        "requirement_collection": "application",
        "stripe_dashboard": {"type": "none"},
    },
    "capabilities": {"card_payments": {"requested": True}, "transfers": {"requested": True}},
    "individual": {
        "first_name": "Ada",
        "last_name": "Coach",
        "email": "coach@example.com",
        "phone": "0000000000",
        "dob": {"day": 1, "month": 1, "year": 1901},
        "id_number": "000000000",
        "address": {
            "line1": "address_full_match",
            "city": "Ottawa",
            "state": "ON",
            "postal_code": "K1S 5B6",
            "country": "CA",
        },
    },
    "external_account": {
        "object": "bank_account",
        "country": "CA",
        "currency": "cad",
        "routing_number": "11000-000",
        "account_number": "000123456789",
    },
}
"""Somebody whom Stripe's test mode takes at her word: docs.stripe.com/connect/testing lists these values."""
OPENING_SECONDS = 90


def test_key_in(environment: Mapping[str, str]) -> str:
    """The key of a test mode, "" when none is set; any other key is refused, and not repeated."""
    key = environment.get("STRIPE_TEST_KEY", "")
    if key and not re.fullmatch(r"(sk|rk)_test_\w+", key):
        raise pytest.UsageError(
            "STRIPE_TEST_KEY must begin with sk_test_ or rk_test_: another key may move real money."
        )
    return key


test_key_in.__test__ = False  # type: ignore[attr-defined]


class AtSandbox(Browser):
    """A payer who sends the sandbox's form, and may turn its knobs."""

    def stripe(self, timeout: float = 5) -> Stripe:
        return Stripe("sk_test_runsight", self.address, SECRET, timeout=timeout)

    @property
    def pages(self) -> str:
        """What the address of a page to pay begins with."""
        return f"{self.address}/c/pay/"

    def pay_on(self, session_id: str, number: str) -> None:
        self.post(f"/c/pay/{session_id}", CARD | {"number": number})

    def payable_account(self) -> str:
        made = self.stripe().create_account(email="coach@example.com", country="CA", coach_id="coach", key="account")
        self.knobs(finish_account=made.id)
        return made.id


class AtStripe:
    """A payer in front of Stripe's own page. What only the sandbox can do skips the test that asks for it."""

    address = "https://example.com"

    def __init__(self, key: str, page: HostedPage) -> None:
        self._key, self._page = key, page
        self._api = os.environ.get("STRIPE_API_BASE", "https://api.stripe.com")
        self._client = stripe.StripeClient(key, base_addresses={"api": self._api})
        self.pages = f"{self._api.replace('//api.', '//checkout.')}/c/pay/"

    def stripe(self, timeout: float = 30) -> Stripe:
        return OneShop(self._key, self._api, SECRET, timeout=timeout)

    def pay_on(self, session_id: str, number: str) -> None:
        sessions = self._client.v1.checkout.sessions
        if url := sessions.retrieve(session_id).url:
            self._page.pay(url, number, lambda: sessions.retrieve(session_id).status != "open")

    def payable_account(self) -> str:
        return _account(self._key, self._api)

    def knobs(self, **wishes: Any) -> dict[str, Any]:
        if wishes.keys() != {"refund_charge"}:
            pytest.skip(f"needs the sandbox: {', '.join(wishes) or 'its list of calls'}")
        charge, _, part = wishes["refund_charge"].partition(" ")
        self._client.v1.refunds.create({"charge": charge, "amount": int(part)} if part else {"charge": charge})
        return {}

    def post(self, path: str, form: dict[str, str]) -> tuple[int, str]:
        pytest.skip("needs the sandbox: its set-up page of an account")


class OneShop(Stripe):
    """Stripe as if nothing but the orders that went through here were in its account, which earlier runs filled."""

    def __init__(self, *of_stripe: Any, **more: Any) -> None:
        super().__init__(*of_stripe, **more)
        self._began = clock.now() - timedelta(minutes=1)
        self._orders: set[str] = set()

    def create_checkout(self, purchase: Purchase, *, key: str) -> Checkout:
        self._orders.add(purchase.order_id)
        return super().create_checkout(purchase, key=key)

    def movements(self, since: datetime) -> list[Movement]:
        ours = self._sources()
        return [one for one in super().movements(max(since, self._began)) if one.source in ours]

    def balance_totals(self) -> dict[str, int]:
        moved = self.movements(self._began)
        return {each.currency: sum(one.net for one in moved if one.currency == each.currency) for each in moved}

    def _sources(self) -> set[str]:
        """Charges and transfers of our orders, their refunds, disputes and reversals."""
        asked: Any = {"created": {"gte": int(self._began.timestamp())}, "limit": 100, "expand": ["data.source"]}
        listed = list(self._client.v1.balance_transactions.list(asked).auto_paging_iter())
        found = [one.source for one in listed if hasattr(one.source, "id")]
        ours = {each.id for each in found if getattr(each, "transfer_group", None) in self._orders}
        parts = {each.id for each in found for of in ("charge", "transfer") if getattr(each, of, None) in ours}
        return ours | parts


@cache
def _account(key: str, api: str) -> str:
    """A coach's account that can be paid, one for a run."""
    accounts = stripe.StripeClient(key, base_addresses={"api": api}).v1.accounts
    asked: Any = COACH | {"tos_acceptance": {"date": int(time.time()), "ip": "127.0.0.1"}}
    made, until = accounts.create(asked), time.monotonic() + OPENING_SECONDS
    while not (made.payouts_enabled and made.capabilities and made.capabilities.transfers == "active"):
        assert time.monotonic() < until, f"Stripe does not open the coach's account: {made.requirements}"
        time.sleep(1)
        made = accounts.retrieve(made.id)
    return made.id
