"""Payment intents and charges: what a card does when a checkout page is paid."""

from typing import Any

from marketplace.stripe_sandbox import balance
from marketplace.stripe_sandbox.cards import CARDS, Card
from marketplace.stripe_sandbox.desk import Desk, new_id
from marketplace.stripe_sandbox.shapes import Thing


def intent_for(desk: Desk, session: Thing, asked: dict[str, Any]) -> Thing:
    """The payment intent of a session, made at the first attempt; `asked` is its `payment_intent_data`."""
    if session["payment_intent"]:
        return desk.get("payment_intent", session["payment_intent"])
    intent_id = new_id("payment_intent")
    return desk.make(
        "payment_intent",
        id_of=intent_id,
        amount=session["amount_total"],
        amount_capturable=0,
        amount_received=0,
        capture_method=asked.get("capture_method", "automatic_async"),
        client_secret=f"{intent_id}_secret_{new_id('request')[4:]}",
        confirmation_method="automatic",
        currency=session["currency"],
        description=asked.get("description"),
        livemode=False,
        metadata=asked.get("metadata", {}),
        payment_method_types=["card"],
        receipt_email=asked.get("receipt_email"),
        statement_descriptor_suffix=asked.get("statement_descriptor_suffix"),
        status="requires_payment_method",
        transfer_group=asked.get("transfer_group"),
    )


def charge(desk: Desk, intent: Thing, number: str, payer: Thing) -> Thing:
    """Charge the card: a charge that succeeded or failed, with its balance transaction and events."""
    card = CARDS[number]
    paid = card.decline is None
    made = desk.make(
        "charge",
        amount=intent["amount"],
        amount_captured=intent["amount"] if paid else 0,
        amount_refunded=0,
        billing_details={"phone": None, "tax_id": None, **payer},
        calculated_statement_descriptor="RUNSIGHT",
        captured=paid,
        currency=intent["currency"],
        description=intent["description"],
        disputed=False,
        failure_code=None if paid else card.code,
        failure_message=None if paid else card.message,
        fraud_details={},
        livemode=False,
        metadata=intent["metadata"],
        outcome=_outcome(card),
        paid=paid,
        payment_intent=intent["id"],
        payment_method=new_id("payment_method"),
        payment_method_details={"type": "card", "card": _shown(card, number)},
        refunded=False,
        status="succeeded" if paid else "failed",
        transfer_group=intent["transfer_group"],
    )
    return _succeed(desk, intent, made) if paid else _fail(desk, intent, made, card)


def _succeed(desk: Desk, intent: Thing, made: Thing) -> Thing:
    amount, currency = balance.settled(desk, made["amount"], made["currency"])
    booked = balance.book(desk, "charge", made["id"], amount, currency, balance.card_fee(amount))
    made["balance_transaction"] = booked
    desk.save(made)
    intent |= {"status": "succeeded", "amount_received": made["amount"], "latest_charge": made["id"]}
    intent |= {"payment_method": made["payment_method"], "last_payment_error": None, "next_action": None}
    desk.save(intent)
    desk.emit("charge.succeeded", made)
    desk.emit("payment_intent.succeeded", intent)
    return made


def _fail(desk: Desk, intent: Thing, made: Thing, card: Card) -> Thing:
    error = {"type": "card_error", "code": card.code, "message": card.message, "charge": made["id"]}
    error |= {"decline_code": card.decline} if card.code == "card_declined" else {}
    intent |= {"status": "requires_payment_method", "latest_charge": made["id"], "last_payment_error": error}
    desk.save(intent)
    desk.emit("charge.failed", made)
    desk.emit("payment_intent.payment_failed", intent)
    return made


def _outcome(card: Card) -> dict[str, Any]:
    return {
        "network_status": "approved_by_network" if card.decline is None else "declined_by_network",
        "reason": card.decline,
        "risk_level": "normal",
        "seller_message": "Payment complete." if card.decline is None else card.message,
        "type": "authorized" if card.decline is None else "issuer_declined",
    }


def _shown(card: Card, number: str) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "country": "US",
        "exp_month": 12,
        "exp_year": 2034,
        "funding": "credit",
        "last4": number[-4:],
        "network": card.brand,
        "three_d_secure": {"result": "authenticated", "version": "2.2.0"} if card.challenged else None,
    }
