"""Stripe's events: stored once under their own id, then only a reason to go and look."""

from typing import Any

from sqlmodel import Session, col

from marketplace import clock
from marketplace.db import insert, transaction
from marketplace.errors import NotFound
from marketplace.jobs import enqueue
from marketplace.payments.models import StripeEvent
from marketplace.payments.service.accounts import look_at_account
from marketplace.payments.service.disputing import look_at_dispute
from marketplace.payments.service.refunding import look_at_refund
from marketplace.payments.service.settling import settle

LOOKS = {
    "checkout.session": settle,
    "refund": look_at_refund,
    "dispute": look_at_dispute,
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
    """Look at Stripe how the thing stands that an event is about; what the event itself says is not believed."""
    with transaction(write=False) as session:
        thing = session.get_one(StripeEvent, event_id).payload["data"]["object"]
    look = LOOKS.get(thing.get("object", ""))
    if look is None:
        return
    try:
        look(thing["id"])
    except NotFound:
        return  # of another installation that shares the account
