"""What passes between us and Stripe, as plain values, and the kinds of bad news. Pure.

`Refused`: Stripe answered no, and nothing was done. `Unclear`: no answer, or one that does not say what was done
(time-out, 5xx, 409, 429, a key used otherwise): send it again under the same key later. `NotStripe`: an event that
Stripe did not sign. `NotEvent`: signed, but no event.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

LONGEST_ID = 100
OVER = ("failed", "canceled")
"""Statuses of a refund that moves no money any more."""


class StripeError(Exception):
    """Something went wrong at Stripe; `code` is Stripe's error code where there is one."""

    def __init__(self, message: str, code: str | None = None, request_id: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id


class Refused(StripeError):
    """Stripe said no; nothing was done."""

    @property
    def is_unknown(self) -> bool:
        """Whether Stripe has no such thing, or not for us: another site that shares the account may have it."""
        return self.code == "resource_missing"


class Unclear(StripeError):
    """Nobody knows whether it was done."""


class NotStripe(StripeError):
    """The event is not from Stripe, too old, or was changed on the way."""


class NotEvent(StripeError):
    """It was signed, but it is no event."""


@dataclass(frozen=True)
class Charged:
    """What a paid session brought in: minor units, currency in upper case, Stripe's own fee in that currency.

    `settled_in`: in which currency Stripe put it into our balance, "" while it has not; converted, the fee is not in
    its own currency, and so none here.
    """

    charge_id: str
    payment_intent_id: str
    amount: int
    currency: str
    stripe_fee: int
    settled_in: str = ""

    @property
    def is_converted(self) -> bool:
        """Whether Stripe keeps it in another currency than it came in."""
        return self.settled_in not in ("", self.currency)


@dataclass(frozen=True)
class Checkout:
    """A Checkout Session: `status` is open, complete or expired; `charged` once it is paid.

    `payer_province`: where the payer's card lives, as `taxes.province_of` writes it.
    """

    id: str
    status: str
    url: str | None
    reference: str | None
    payment_id: str | None
    expires_at: datetime
    charged: Charged | None
    payer_province: str = ""


@dataclass(frozen=True)
class Sent:
    """A refund or transfer as Stripe has it; `row_id` is our row's id, from its metadata."""

    id: str
    status: str
    amount: int
    row_id: str | None
    charge_id: str | None
    failure: str | None = None


@dataclass(frozen=True)
class Account:
    """A connected account: whether transfers reach it, what Stripe still asks for, until when, and why it is shut."""

    id: str
    can_be_paid: bool
    missing: tuple[str, ...]
    reason: str | None = None
    due_by: datetime | None = None


@dataclass(frozen=True)
class Dispute:
    """A charge that the payer's bank questions; `outcome` is "", "won" or "lost"; `waits_for` is "us", "bank" or "".

    `amount` is questioned. An inquiry takes no money; else `taken` and `fee` went, and of a won one came back.
    """

    id: str
    charge_id: str
    amount: int
    currency: str
    reason: str
    respond_by: datetime | None
    waits_for: str
    outcome: str
    taken: int
    fee: int
    returned: int
    fee_returned: int


@dataclass(frozen=True)
class Evidence:
    """What speaks for a charge, in Stripe's own divisions."""

    customer_name: str
    customer_email: str
    product: str
    service_on: str
    policy: str
    policy_shown: str
    everything: str


@dataclass(frozen=True)
class Movement:
    """One of Stripe's balance transactions: what moved it (`source`, else its own id), how much in all, when.

    `fee` is the part of it that Stripe kept.
    """

    id: str
    kind: str
    source: str
    net: int
    currency: str
    at: datetime
    fee: int = 0


@dataclass(frozen=True)
class Purchase:
    """What a Checkout Session is to sell: `lines` are (title, minor units), the currency in upper case."""

    payment_id: str
    order_id: str
    lines: tuple[tuple[str, int], ...]
    currency: str
    email: str
    success_url: str
    cancel_url: str
    expires_at: datetime


@dataclass(frozen=True)
class Share:
    """A transfer to make, `amount` in minor units; without a charge it comes out of our own balance."""

    account_id: str
    amount: int
    currency: str
    charge_id: str | None
    order_id: str
    row_id: str


def event_of(text: str) -> dict[str, Any]:
    """The event that a webhook's body says, with an id and a type to keep. Raises NotEvent."""
    try:
        event = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotEvent("no JSON") from error
    if not isinstance(event, dict):
        raise NotEvent("no object")
    for name in ("id", "type"):
        value = event.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_ID or not value.isprintable():
            raise NotEvent(f"no {name}")
    return event
