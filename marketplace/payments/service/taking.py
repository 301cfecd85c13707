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
    """Store a verified event and ask for the look it is a reason for; False when it had come before."""
    row = {"id": event["id"], "type": event["type"], "payload": event, "received_at": clock.now()}
    once = insert(session, StripeEvent).values(row).on_conflict_do_nothing().returning(col(StripeEvent.id))
    if session.execute(once).first() is None:
        return False
    enqueue(session, "payments.take_event", key=f"stripe-event:{event['id']}", event_id=event["id"])
    return True


def take_event(event_id: str) -> None:
    """Look at Stripe how the thing stands that an event is about; what the event itself says is not believed.

    An event that names nothing we look at, or something that is not ours, is a reason for nothing.
    """
    with transaction(write=False) as session:
        payload = session.get_one(StripeEvent, event_id).payload
    look, thing_id = _about(payload)
    if look is None:
        return
    try:
        look(thing_id)
    except (NotFound, Refused):
        return  # of another installation that shares the account


def _about(payload: dict[str, Any]) -> tuple[Callable[[str], None] | None, str]:
    data = payload.get("data")
    thing = data.get("object") if isinstance(data, dict) else None
    if not isinstance(thing, dict):
        return None, ""
    kind, thing_id = thing.get("object"), thing.get("id")
    if kind in ("capability", "application"):  # of an account, or that we have lost one
        kind, thing_id = "account", thing.get("account") or payload.get("account")
    if not isinstance(kind, str) or not isinstance(thing_id, str) or not THING.fullmatch(thing_id):
        return None, ""
    return LOOKS.get(kind), thing_id
