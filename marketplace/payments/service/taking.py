"""Stripe's events: stored once under their own id, then only a reason to go and look."""

import re
from collections.abc import Callable
from typing import Any

from sqlmodel import Session, col

from marketplace import clock
from marketplace.db import insert, transaction
from marketplace.errors import NotFound
from marketplace.jobs import enqueue
from marketplace.payments.answers import Refused
from marketplace.payments.models import StripeEvent
from marketplace.payments.service.accounts import look_at_account
from marketplace.payments.service.adopting import look_at_refund
from marketplace.payments.service.banking import look_at_payout
from marketplace.payments.service.disputing import look_at_dispute
from marketplace.payments.service.recalling import look_at_transfer
from marketplace.payments.service.settling import settle

THING = re.compile(r"\w{1,255}")
LOOKS: dict[str, Callable[[str], None]] = {
    "checkout.session": settle,
    "refund": look_at_refund,
    "dispute": look_at_dispute,
    "transfer": look_at_transfer,
    "payout": look_at_payout,
    "account": look_at_account,
}


def take_in(session: Session, event: dict[str, Any]) -> bool:
    """Store what a verified event is about and ask for the look it is a reason for; False when it had come before.

    Who paid, and from where, stands in an event too, and is not kept.
    """
    row = {"id": event["id"], "type": event["type"], "payload": _about(event), "received_at": clock.now()}
    once = insert(session, StripeEvent).values(row).on_conflict_do_nothing().returning(col(StripeEvent.id))
    if session.execute(once).first() is None:
        return False
    enqueue(session, "payments.take_event", key=f"stripe-event:{event['id']}", event_id=event["id"])
    return True


def take_event(event_id: str) -> None:
    """Look at Stripe how the thing stands that an event is about; what the event itself says is not believed.

    An event that names nothing we look at, or something that is not ours, is a reason for nothing. Whatever else is
    in the way is raised, so that the job is done again, and staff see it when that does not help.
    """
    with transaction(write=False) as session:
        thing = session.get_one(StripeEvent, event_id).payload
    look = LOOKS.get(thing.get("object", ""))
    if look is None:
        return
    try:
        look(thing["id"])
    except NotFound:
        return  # of another installation that shares the account
    except Refused as problem:
        if not problem.is_unknown:
            raise


def _about(event: dict[str, Any]) -> dict[str, str]:
    """What an event is about: `object`, its kind, and `id`; nothing where it names nothing that can be looked at."""
    data = event.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        return {}
    kind, thing_id = thing.get("object"), thing.get("id")
    if kind in ("capability", "application"):  # of an account, or that we have lost one
        kind, thing_id = "account", thing.get("account") or event.get("account")
    known = isinstance(kind, str) and kind in LOOKS
    named = isinstance(thing_id, str) and THING.fullmatch(thing_id)
    return {"object": str(kind), "id": str(thing_id)} if known and named else {}
