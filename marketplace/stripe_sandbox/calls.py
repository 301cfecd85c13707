"""Which call does what: method, path, the SDK's type of its parameters, the act."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from stripe import params as p
from stripe.params import checkout as pc

from marketplace.stripe_sandbox import accounts, checkout, disputes, refunds, transfers
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.lists import listed
from marketplace.stripe_sandbox.shapes import Thing

Act = Callable[..., Thing]


@dataclass(frozen=True)
class Call:
    """One call of the API."""

    method: str
    path: str
    parameters: type
    act: Act

    @property
    def name(self) -> str:
        """A name for Flask's table of routes."""
        return f"{self.method} {self.path}".replace(".", "_")


def reading(kind: str) -> Act:
    """Answer with the object of this kind that the path names."""

    def read(desk: Desk, asked: dict[str, Any], object_id: str) -> Thing:
        return desk.get(kind, object_id)

    return read


def listing(kind: str, path: str) -> Act:
    """Answer with a page of the objects of this kind."""

    def read(desk: Desk, asked: dict[str, Any]) -> Thing:
        return listed(desk.find(kind), asked, path)

    return read


def resource(path: str, kind: str, read: type, many: type) -> list[Call]:
    """The two reading calls that each kind has."""
    return [
        Call("GET", f"{path}/<object_id>", read, reading(kind)),
        Call("GET", path, many, listing(kind, path)),
    ]


def reversals(desk: Desk, asked: dict[str, Any], object_id: str) -> Thing:
    """The reversals of a transfer."""
    return listed(desk.find("transfer_reversal", transfer=object_id), asked, f"/v1/transfers/{object_id}/reversals")


def named(act: Callable[[Desk, str], Thing]) -> Act:
    """An act on the object that the path names, which takes no parameters."""
    return lambda desk, _asked, object_id: act(desk, object_id)


def changing(act: Callable[[Desk, str, dict[str, Any]], Thing]) -> Act:
    """An act on the object that the path names."""
    return lambda desk, asked, object_id: act(desk, object_id, asked)


SESSIONS = "/v1/checkout/sessions"
SESSION = f"{SESSIONS}/<object_id>"
REVERSALS = "/v1/transfers/<object_id>/reversals"
BOOKED = "/v1/balance_transactions"

CALLS = [
    Call("POST", "/v1/accounts", p.AccountCreateParams, accounts.create),
    Call("GET", "/v1/accounts/<object_id>", p.AccountRetrieveParams, accounts.read),
    Call("GET", "/v1/accounts", p.AccountListParams, listing("account", "/v1/accounts")),
    Call("POST", "/v1/account_links", p.AccountLinkCreateParams, accounts.link),
    Call("POST", SESSIONS, pc.SessionCreateParams, checkout.create),
    *resource(SESSIONS, "checkout.session", pc.SessionRetrieveParams, pc.SessionListParams),
    Call("POST", f"{SESSION}/expire", pc.SessionExpireParams, named(checkout.expire)),
    *resource("/v1/payment_intents", "payment_intent", p.PaymentIntentRetrieveParams, p.PaymentIntentListParams),
    *resource("/v1/charges", "charge", p.ChargeRetrieveParams, p.ChargeListParams),
    Call("POST", "/v1/refunds", p.RefundCreateParams, refunds.create),
    *resource("/v1/refunds", "refund", p.RefundRetrieveParams, p.RefundListParams),
    Call("POST", "/v1/transfers", p.TransferCreateParams, transfers.create),
    *resource("/v1/transfers", "transfer", p.TransferRetrieveParams, p.TransferListParams),
    Call("POST", REVERSALS, p.TransferCreateReversalParams, changing(transfers.reverse)),
    Call("GET", REVERSALS, p.TransferListReversalsParams, reversals),
    Call("POST", "/v1/disputes/<object_id>", p.DisputeUpdateParams, changing(disputes.answer)),
    *resource("/v1/disputes", "dispute", p.DisputeRetrieveParams, p.DisputeListParams),
    *resource(BOOKED, "balance_transaction", p.BalanceTransactionRetrieveParams, p.BalanceTransactionListParams),
    *resource("/v1/payouts", "payout", p.PayoutRetrieveParams, p.PayoutListParams),
    *resource("/v1/events", "event", p.EventRetrieveParams, p.EventListParams),
]
