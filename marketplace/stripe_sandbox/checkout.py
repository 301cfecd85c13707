"""Checkout Sessions: made by the site, paid on a hosted page, over at `expires_at`."""

from typing import Any

from marketplace.stripe_sandbox import charges, disputes, store
from marketplace.stripe_sandbox.cards import CARDS
from marketplace.stripe_sandbox.desk import Desk, new_id
from marketplace.stripe_sandbox.refusals import Refusal, bad
from marketplace.stripe_sandbox.shapes import Thing

LEAST_SECONDS = 30 * 60
MOST_SECONDS = 24 * 3600
LEAST_AMOUNT = 50
# what the sandbox knows of the parameters that the SDK allows; others are refused rather than ignored
UNDERSTOOD = {
    "cancel_url", "client_reference_id", "currency", "customer_email", "expires_at", "line_items",
    "locale", "metadata", "mode", "payment_intent_data", "payment_method_types", "submit_type",
    "success_url", "ui_mode",
}  # fmt: skip


def create(desk: Desk, asked: dict[str, Any]) -> Thing:
    """A new open session for card payments on the hosted page."""
    _refuse_what_is_wrong(asked, desk.now)
    items = [_line(item) for item in asked["line_items"]]
    total = sum(item["amount_total"] for item in items)
    if total < LEAST_AMOUNT:
        raise Refusal("The total amount is below the least that can be charged.", code="amount_too_small")
    session_id = new_id("checkout.session")
    session = desk.make(
        "checkout.session",
        id_of=session_id,
        amount_subtotal=total,
        amount_total=total,
        automatic_tax={"enabled": False, "liability": None, "provider": None, "status": None},
        cancel_url=asked.get("cancel_url"),
        client_reference_id=asked.get("client_reference_id"),
        currency=items[0]["currency"],
        custom_fields=[],
        custom_text={
            "after_submit": None,
            "shipping_address": None,
            "submit": None,
            "terms_of_service_acceptance": None,
        },
        customer_creation="if_required",
        customer_email=asked.get("customer_email"),
        expires_at=asked.get("expires_at", desk.now + MOST_SECONDS),
        livemode=False,
        locale=asked.get("locale"),
        metadata=asked.get("metadata", {}),
        mode="payment",
        payment_method_collection="if_required",
        payment_method_types=["card"],
        payment_status="unpaid",
        phone_number_collection={"enabled": False},
        shipping_options=[],
        status="open",
        submit_type=asked.get("submit_type"),
        success_url=asked["success_url"],
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
        ui_mode="hosted_page",
        url=f"{desk.base}/c/pay/{session_id}",
    )
    desk.keep_secret(session_id, line_items=items, payment_intent_data=asked.get("payment_intent_data", {}))
    return session


def _refuse_what_is_wrong(asked: dict[str, Any], now: int) -> None:
    if strange := asked.keys() - UNDERSTOOD:
        raise Refusal(f"The sandbox does not know what to do with {', '.join(sorted(strange))}.")
    if asked.get("mode") != "payment":
        raise bad("mode", "The sandbox takes one-off payments only: mode must be payment.")
    if asked.get("payment_method_types", ["card"]) != ["card"]:
        raise bad("payment_method_types", "The sandbox takes cards only.")
    if asked.get("ui_mode", "hosted_page") != "hosted_page":
        raise bad("ui_mode", "The sandbox has hosted pages only.")
    if not asked.get("success_url", "").startswith(("http://", "https://")):
        raise Refusal("You must pass a valid `success_url`.", param="success_url", code="url_invalid")
    if not asked.get("line_items"):
        raise bad("line_items", "You must pass at least one line item in payment mode.")
    if not LEAST_SECONDS <= asked.get("expires_at", now + MOST_SECONDS) - now <= MOST_SECONDS:
        raise Refusal(
            "The `expires_at` timestamp must be 30 minutes to 24 hours from Checkout Session creation.",
            param="expires_at",
        )
    if len({item.get("price_data", {}).get("currency") for item in asked["line_items"]}) > 1:
        raise bad("line_items", "All line items must have the same currency.")
    if asked.get("payment_intent_data", {}).get("capture_method") == "manual":
        raise bad("payment_intent_data[capture_method]", "The sandbox makes no capture by hand.")


def _line(item: dict[str, Any]) -> Thing:
    price = item.get("price_data", {})
    quantity = item.get("quantity", 1)
    if price.get("unit_amount", -1) < 0 or quantity < 1 or not price.get("product_data", {}).get("name"):
        raise bad(
            "line_items",
            "A line item needs a quantity, and price_data with product_data[name] and unit_amount.",
        )
    total = price["unit_amount"] * quantity
    return {
        "id": new_id("item"),
        "object": "item",
        "amount_discount": 0,
        "amount_subtotal": total,
        "amount_tax": 0,
        "amount_total": total,
        "currency": price["currency"].lower(),
        "description": price["product_data"]["name"],
        "quantity": quantity,
    }


def expire(desk: Desk, session_id: str) -> Thing:
    """End an open session; refuses one that is complete or over."""
    session = desk.get("checkout.session", session_id)
    if session["status"] != "open":
        raise Refusal(
            'Only Checkout Sessions with a status in ["open"] can be expired. '
            f"This Checkout Session has a status of `{session['status']}`."
        )
    return _over(desk, session)


def expire_overdue(desk: Desk) -> None:
    """End every open session whose time has come."""
    for session in store.open_sessions(desk.connection, before=desk.now):
        _over(desk, session)


def _over(desk: Desk, session: Thing) -> Thing:
    session |= {"status": "expired", "url": None}
    desk.save(session)
    desk.emit("checkout.session.expired", session)
    return session


def pay(desk: Desk, session_id: str, number: str, payer: Thing, *, challenge_passed: bool) -> Thing:
    """Try to pay an open session; returns it: complete, or still open with the reason on its payment intent.

    A card that wants 3-D Secure leaves the intent in `requires_action` until the challenge was passed.
    """
    session = desk.get("checkout.session", session_id)
    if session["status"] != "open":
        return session
    intent = charges.intent_for(desk, session, desk.secret(session_id)["payment_intent_data"])
    session["payment_intent"] = intent["id"]
    desk.save(session)
    if CARDS[number].challenged and not challenge_passed:
        intent |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk"}}
        desk.save(intent)
        desk.emit("payment_intent.requires_action", intent)
        return session
    made = charges.charge(desk, intent, number, payer)
    return _complete(desk, session, made, payer, number) if made["paid"] else session


def _complete(desk: Desk, session: Thing, made: Thing, payer: Thing, number: str) -> Thing:
    session |= {"status": "complete", "payment_status": "paid", "url": None}
    session["customer_details"] = {
        "phone": None,
        "tax_exempt": "none",
        "tax_ids": [],
        **payer,
    }
    desk.save(session)
    desk.emit("checkout.session.completed", session)
    if CARDS[number].disputed:
        disputes.open_one(desk, made["id"])
    if CARDS[number].inquired:
        disputes.inquire(desk, made["id"])
    return session


def fail_challenge(desk: Desk, session_id: str) -> Thing:
    """The payer's bank did not recognise her; the session stays open for another try."""
    session = desk.get("checkout.session", session_id)
    intent = desk.get("payment_intent", session["payment_intent"])
    message = "We are unable to authenticate your payment method. Choose another one and try again."
    error = {"type": "card_error", "code": "payment_intent_authentication_failure", "message": message}
    intent |= {"status": "requires_payment_method", "next_action": None, "last_payment_error": error}
    desk.save(intent)
    desk.emit("payment_intent.payment_failed", intent)
    return session
