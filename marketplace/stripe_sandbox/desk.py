"""What one request works with: the store inside a transaction, the sandbox's clock, ids, events."""

import secrets
import sqlite3
import string
from dataclasses import dataclass, field
from typing import Any

from marketplace.stripe_sandbox import events, store
from marketplace.stripe_sandbox.refusals import no_such
from marketplace.stripe_sandbox.shapes import Thing, shaped

LETTERS = string.ascii_letters + string.digits
PREFIXES = {
    "account": "acct_",
    "balance_transaction": "txn_",
    "charge": "ch_",
    "checkout.session": "cs_test_",
    "dispute": "du_",
    "event": "evt_",
    "item": "li_",
    "payment_intent": "pi_",
    "payment_method": "pm_",
    "payout": "po_",
    "refund": "re_",
    "request": "req_",
    "transfer": "tr_",
    "transfer_reversal": "trr_",
}


def new_id(kind: str) -> str:
    """An unused id with the prefix that Stripe gives to its kind."""
    length = 58 if kind == "checkout.session" else 24
    return PREFIXES[kind] + "".join(secrets.choice(LETTERS) for _ in range(length))


@dataclass
class Desk:
    """One transaction of the sandbox. `now` is its clock in whole seconds, `base` its own address."""

    connection: sqlite3.Connection
    now: int
    base: str
    request_id: str = field(default_factory=lambda: new_id("request"))
    key: str | None = None

    def make(self, kind: str, *, id_of: str | None = None, **fields: Any) -> Thing:
        """A new object with an id and a creation time, kept."""
        return self.save(shaped(kind, id=id_of or new_id(kind), created=self.now, **fields))

    def save(self, thing: Thing) -> Thing:
        """Keep an object's present state."""
        store.keep(self.connection, thing["id"], thing["object"], thing)
        return thing

    def get(self, kind: str, object_id: str, param: str = "id") -> Thing:
        """The object of this kind; refuses an id that names none."""
        thing = store.load(self.connection, object_id)
        if thing is None or thing["object"] != kind:
            raise no_such(kind, object_id, param)
        return thing

    def find(self, kind: str, **fields: Any) -> list[Thing]:
        """The objects whose fields equal these (None: any), newest first."""
        wanted = {name: value for name, value in fields.items() if value is not None}
        return store.all_of(self.connection, kind, **wanted)

    def secret(self, object_id: str) -> Thing:
        """What the sandbox keeps about an object beside what it shows."""
        return store.load(self.connection, f"{object_id}/secret") or {}

    def keep_secret(self, object_id: str, **more: Any) -> None:
        """Add to it."""
        store.keep(self.connection, f"{object_id}/secret", "secret", {**self.secret(object_id), **more})

    def knob(self, name: str, default: Any = None) -> Any:
        """The setting of a knob."""
        return store.knob(self.connection, name, default)

    def turn(self, name: str, value: Any) -> None:
        """Set a knob."""
        store.turn(self.connection, name, value)

    def take(self, name: str) -> bool:
        """Use up one of the times for which a knob was set, if any is left."""
        left = int(self.knob(name, 0))
        if left > 0:
            self.turn(name, left - 1)
        return left > 0

    def emit(self, kind: str, thing: Thing, account: str | None = None) -> Thing:
        """Record an event with the object as it is now; it goes out to whoever listens. `account`: whose it is."""
        event = self.make(
            "event",
            type=kind,
            account=account,
            api_version=events.API_VERSION,
            data={"object": thing},
            livemode=False,
            pending_webhooks=1,
            request={"id": self.request_id, "idempotency_key": self.key},
        )
        events.send_out(self.connection, event, self.take)
        return event
