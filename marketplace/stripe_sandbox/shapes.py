"""The SDK's resource shapes: every answer has the fields that the SDK declares, and no others."""

import typing
from functools import cache
from typing import Any

import stripe

Thing = dict[str, Any]

CLASSES: dict[str, Any] = {
    "account": stripe.Account,
    "account_link": stripe.AccountLink,
    "capability": stripe.Capability,
    "balance_transaction": stripe.BalanceTransaction,
    "charge": stripe.Charge,
    "checkout.session": stripe.checkout.Session,
    "dispute": stripe.Dispute,
    "event": stripe.Event,
    "item": stripe.LineItem,
    "payment_intent": stripe.PaymentIntent,
    "payout": stripe.Payout,
    "refund": stripe.Refund,
    "transfer": stripe.Transfer,
    "transfer_reversal": stripe.TransferReversal,
}
# left out unless asked for, rather than null
ONLY_WHEN_ASKED = {
    "checkout.session": {"line_items"},
    "charge": {"refunds", "source"},
    "account": {"deleted"},
}


def shaped(kind: str, **fields: Any) -> Thing:
    """A resource of this kind: the fields given, null for each other one that may be null.

    Raises ValueError for a field that the SDK does not know, or one that it promises and is missing.
    """
    known, nullable = _declared(kind)
    thing: Thing = {"object": kind, **fields}
    if unknown := thing.keys() - known:
        raise ValueError(f"{kind} has no {sorted(unknown)}")
    for name in nullable - ONLY_WHEN_ASKED.get(kind, set()):
        thing.setdefault(name, None)
    if missing := known - nullable - thing.keys():
        raise ValueError(f"{kind} needs {sorted(missing)}")
    return thing


@cache
def _declared(kind: str) -> tuple[set[str], set[str]]:
    fields = {
        name: declared
        for name, declared in CLASSES[kind].__annotations__.items()
        if typing.get_origin(declared) is not typing.ClassVar
    }
    return set(fields), {name for name, declared in fields.items() if type(None) in typing.get_args(declared)}


def page_of(things: list[Thing], url: str, *, more: bool = False) -> Thing:
    """A list answer."""
    return {"object": "list", "data": things, "has_more": more, "url": url}
