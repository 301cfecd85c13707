"""The door to Stripe: typed calls, each POST under a key that the caller gives. Nothing else imports the SDK."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import stripe

from marketplace import log
from marketplace.payments.answers import (
    Account,
    Charged,
    Checkout,
    NotStripe,
    Purchase,
    Refused,
    Sent,
    Share,
    Unclear,
    event_of,
)
from marketplace.payments.patience import Patience
from marketplace.payments.stripe_calls import Answer, StaffCalls
from marketplace.payments.taxes import province_of
from marketplace.settings import Settings

TIMEOUT_SECONDS = 7  # a page that asks once, answers in under ten
SIGNED_WITHIN_SECONDS = 300
EXPANDED = "payment_intent.latest_charge.balance_transaction"
DEFINITE = (stripe.InvalidRequestError, stripe.CardError, stripe.PermissionError)


class Stripe(StaffCalls):
    """Stripe as this site uses it. Thread-safe; holds its connection, and whether it answered lately."""

    def __init__(
        self, secret_key: str, api_base: str, webhook_secret: str, *, timeout: float = TIMEOUT_SECONDS
    ) -> None:
        self._client = stripe.StripeClient(
            secret_key,
            base_addresses={"api": api_base.rstrip("/")},
            http_client=stripe.RequestsClient(timeout=timeout),
            max_network_retries=0,
        )
        self._webhook_secrets = [each.strip() for each in webhook_secret.split(",")]
        self._patience = Patience()

    def create_checkout(self, purchase: Purchase, *, key: str) -> Checkout:
        """Make a hosted page for an order; it ends at `expires_at`, at least 30 minutes away."""
        price = [
            {"currency": purchase.currency.lower(), "unit_amount": amount, "product_data": {"name": title}}
            for title, amount in purchase.lines
        ]
        marks = {"payment": purchase.payment_id, "order": purchase.order_id}
        asked: Any = {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": data} for data in price],
            "success_url": purchase.success_url,
            "cancel_url": purchase.cancel_url,
            "customer_email": purchase.email,
            "client_reference_id": purchase.order_id,
            "expires_at": int(purchase.expires_at.timestamp()),
            "metadata": marks,
            "payment_intent_data": {
                "capture_method": "automatic",  # not "automatic_async": its fee and currency are known only later
                "metadata": marks,
                "transfer_group": purchase.order_id,
            },
        }
        sessions = self._client.v1.checkout.sessions
        return _checkout(self._call("checkout", lambda: sessions.create(asked, {"idempotency_key": key})))

    def retrieve_checkout(self, session_id: str) -> Checkout:
        """A session as it stands now, with what it brought in."""
        sessions = self._client.v1.checkout.sessions
        found = self._call("look at checkout", lambda: sessions.retrieve(session_id, {"expand": [EXPANDED]}))
        return _checkout(found)

    def expire_checkout(self, session_id: str, *, key: str) -> Checkout:
        """End an open session. Refused when it was paid or has ended already."""
        sessions = self._client.v1.checkout.sessions
        return _checkout(self._call("expire", lambda: sessions.expire(session_id, {}, {"idempotency_key": key})))

    def find_checkouts(self, payment_id: str, *, since: datetime) -> list[Checkout]:
        """The sessions made for a payment since then, whether or not anybody remembers them."""
        asked: Any = {"created": {"gte": int(since.timestamp())}, "limit": 100}
        sessions = self._client.v1.checkout.sessions
        listed = self._call("list checkouts", lambda: list(sessions.list(asked).auto_paging_iter()))
        mine = [found for found in map(_checkout, listed) if found.payment_id == payment_id]
        return [self.retrieve_checkout(found.id) for found in mine]

    def refund(self, charge_id: str, amount: int, *, row_id: str, key: str) -> Sent:
        """Give back part or all of a charge, in minor units."""
        asked: Any = {"charge": charge_id, "amount": amount, "metadata": {"refund": row_id}}
        made = self._call("refund", lambda: self._client.v1.refunds.create(asked, {"idempotency_key": key}))
        return _refund(made)

    def retrieve_refund(self, refund_id: str) -> Sent:
        """A refund as it stands now."""
        return _refund(self._call("look at refund", lambda: self._client.v1.refunds.retrieve(refund_id)))

    def list_refunds(self, charge_id: str) -> list[Sent]:
        """All refunds of a charge, whoever made them."""
        asked: Any = {"charge": charge_id, "limit": 100}
        refunds = self._client.v1.refunds
        return [_refund(r) for r in self._call("list refunds", lambda: list(refunds.list(asked).auto_paging_iter()))]

    def transfer(self, purpose: Share, *, key: str) -> Sent:
        """Pass a coach's share of a charge on to her account."""
        asked: Any = {
            "amount": purpose.amount,
            "currency": purpose.currency.lower(),
            "destination": purpose.account_id,
            "transfer_group": purpose.order_id,
            "metadata": {"transfer": purpose.row_id},
        }
        if purpose.charge_id:
            asked["source_transaction"] = purpose.charge_id
        made = self._call("transfer", lambda: self._client.v1.transfers.create(asked, {"idempotency_key": key}))
        return _transfer(made)

    def retrieve_transfer(self, transfer_id: str) -> Sent:
        """A transfer as it stands now."""
        return _transfer(self._call("look at transfer", lambda: self._client.v1.transfers.retrieve(transfer_id)))

    def list_transfers(self, order_id: str) -> list[Sent]:
        """All transfers made for an order."""
        asked: Any = {"transfer_group": order_id, "limit": 100}
        transfers = self._client.v1.transfers
        made = self._call("list transfers", lambda: list(transfers.list(asked).auto_paging_iter()))
        return [_transfer(found) for found in made]

    def create_account(self, *, email: str, country: str, coach_id: str, key: str) -> Account:
        """A connected account that Stripe's own pages set up; fees and losses are the platform's."""
        asked: Any = {
            "country": country,
            "email": email,
            "controller": {
                "fees": {"payer": "application"},
                "losses": {"payments": "application"},
                "stripe_dashboard": {"type": "express"},
            },
            "capabilities": {"transfers": {"requested": True}},
            "metadata": {"coach": coach_id},
        }
        made = self._call("account", lambda: self._client.v1.accounts.create(asked, {"idempotency_key": key}))
        return _account(made)

    def link_account(self, account_id: str, *, return_url: str, refresh_url: str, key: str) -> str:
        """The address of Stripe's set-up page; good once and for a few minutes."""
        asked: Any = {
            "account": account_id,
            "type": "account_onboarding",
            "return_url": return_url,
            "refresh_url": refresh_url,
        }
        links = self._client.v1.account_links
        return str(self._call("account link", lambda: links.create(asked, {"idempotency_key": key})).url)

    def retrieve_account(self, account_id: str) -> Account:
        """An account as it stands now."""
        return _account(self._call("look at account", lambda: self._client.v1.accounts.retrieve(account_id)))

    def verify_webhook(self, body: bytes, signature: str) -> dict[str, Any]:
        """The event in a webhook's body. NotStripe unless Stripe signed exactly this, NotEvent when it is no event."""
        try:
            text = body.decode()
        except ValueError as error:
            raise NotStripe(str(error)) from error
        if not any(_signed(text, signature, secret) for secret in self._webhook_secrets):
            raise NotStripe("no secret of ours signed it")
        return event_of(text)

    def _call(self, what: str, call: Callable[[], Answer]) -> Answer:
        self._patience.check()
        with _worded(what):
            try:
                answer = call()
            except stripe.APIConnectionError:
                self._patience.missed()
                raise
            except stripe.StripeError:
                self._patience.answered()
                raise
        self._patience.answered()
        return answer


def from_settings(settings: Settings) -> Stripe:
    """The gateway of this installation."""
    return Stripe(
        settings.stripe_secret_key or "sk_test_none", settings.stripe_api_base, settings.stripe_webhook_secret
    )


@contextmanager
def _worded(what: str) -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as error:
        kind = Refused if isinstance(error, DEFINITE) else Unclear
        said = error.code or getattr(error.error, "code", None)  # a 403 has it only there
        code = "idempotency" if isinstance(error, stripe.IdempotencyError) else said
        log.warning(
            "stripe failed",
            what=what,
            kind=kind.__name__,
            status=error.http_status,
            code=code,
            request_id=error.request_id,
        )
        raise kind(str(error), code, error.request_id) from error


def _signed(text: str, signature: str, secret: str) -> bool:
    try:
        stripe.WebhookSignature.verify_header(text, signature, secret, SIGNED_WITHIN_SECONDS)
    except (stripe.SignatureVerificationError, ValueError):
        return False
    return True


def _checkout(session: stripe.checkout.Session) -> Checkout:
    marks = session.metadata.to_dict() if session.metadata else {}
    return Checkout(
        id=session.id,
        status=session.status or "",
        url=session.url,
        reference=session.client_reference_id,
        payment_id=marks.get("payment"),
        expires_at=datetime.fromtimestamp(session.expires_at, UTC),
        charged=_charged(session) if session.payment_status == "paid" else None,
        payer_province=_province(session),
    )


def _province(session: stripe.checkout.Session) -> str:
    address = session.customer_details.address if session.customer_details else None
    return province_of(address.country, address.state, address.postal_code) if address else ""


def _charged(session: stripe.checkout.Session) -> Charged | None:
    intent: Any = session.payment_intent
    charge: Any = getattr(intent, "latest_charge", None)
    if charge is None or isinstance(charge, str):
        return None
    booked: Any = charge.balance_transaction
    kept = booked.currency if hasattr(booked, "currency") else ""
    fee = booked.fee if kept == charge.currency else 0
    return Charged(charge.id, intent.id, charge.amount, charge.currency.upper(), fee, settled_in=kept.upper())


def _refund(refund: stripe.Refund) -> Sent:
    marks = refund.metadata.to_dict() if refund.metadata else {}
    charge: Any = refund.charge
    return Sent(refund.id, refund.status or "", refund.amount, marks.get("refund"), charge, refund.failure_reason)


def _transfer(transfer: stripe.Transfer) -> Sent:
    source: Any = transfer.source_transaction
    return Sent(transfer.id, "sent", transfer.amount, transfer.metadata.to_dict().get("transfer"), source)


def _account(account: stripe.Account) -> Account:
    transfers = account.capabilities.transfers if account.capabilities else None
    needs = account.requirements
    due = [*((needs.past_due or ()) if needs else ()), *((needs.currently_due or ()) if needs else ())]
    until = needs.current_deadline if needs else None
    return Account(
        account.id,
        can_be_paid=bool(account.payouts_enabled) and transfers == "active",
        missing=tuple(dict.fromkeys(due)),
        reason=needs.disabled_reason if needs else None,
        due_by=datetime.fromtimestamp(until, UTC) if until else None,
    )
