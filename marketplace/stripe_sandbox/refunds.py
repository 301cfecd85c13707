"""Refunds: never more than was charged; some stay pending, and some fail days later."""

from typing import Any

from marketplace.stripe_sandbox import balance, disputes
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal, bad
from marketplace.stripe_sandbox.shapes import Thing

UNDERSTOOD = {"amount", "charge", "metadata", "payment_intent", "reason"}


def create(desk: Desk, asked: dict[str, Any]) -> Thing:
    """Give back the rest of a charge, or the amount asked for."""
    if strange := asked.keys() - UNDERSTOOD:
        raise Refusal(f"The sandbox does not know what to do with {', '.join(sorted(strange))}.")
    charge = _charge_of(desk, asked)
    unrefunded = charge["amount"] - charge["amount_refunded"]
    if unrefunded == 0:
        raise Refusal(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    disputed = desk.find("dispute", charge=charge["id"])
    left = unrefunded - sum(map(disputes.taken_by, disputed))
    if left == 0 or any(map(disputes.is_open, disputed)):
        raise Refusal(f"Charge {charge['id']} has been charged back.", code="charge_disputed")
    amount = asked.get("amount", left)
    if amount < 1:
        raise bad("amount", "Invalid positive integer", "parameter_invalid_integer")
    if amount > left:
        raise Refusal(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})", param="amount")
    pending = desk.take("refunds_pending")
    refund = desk.make(
        "refund",
        amount=amount,
        charge=charge["id"],
        currency=charge["currency"],
        metadata=asked.get("metadata") or {},
        payment_intent=charge["payment_intent"],
        pending_reason="processing" if pending else None,
        reason=asked.get("reason"),
        status="pending" if pending else "succeeded",
        destination_details={"type": "card", "card": {"type": "refund", "reference_status": "pending"}},
    )
    booked = balance.book(desk, "refund", refund["id"], *balance.settled(desk, -amount, charge["currency"]))
    refund["balance_transaction"] = booked
    desk.save(refund)
    _give_back(desk, charge, amount)
    desk.emit("refund.created", refund)
    return refund


def _charge_of(desk: Desk, asked: dict[str, Any]) -> Thing:
    if asked.get("charge"):
        return desk.get("charge", asked["charge"], "charge")
    if not asked.get("payment_intent"):
        raise Refusal("One of the following params should be provided for this request: payment_intent or charge.")
    intent = desk.get("payment_intent", asked["payment_intent"], "payment_intent")
    if intent["status"] != "succeeded":
        raise Refusal(
            f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.",
            param="payment_intent",
        )
    return desk.get("charge", intent["latest_charge"])


def _give_back(desk: Desk, charge: Thing, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    desk.save(charge)
    if amount > 0:
        desk.emit("charge.refunded", charge)


def settle(desk: Desk, refund_id: str, *, failed: bool) -> Thing:
    """Days later: a refund arrived, or it failed and the money is back in the platform's balance."""
    refund = desk.get("refund", refund_id)
    if refund["status"] not in ("pending", "succeeded"):
        raise Refusal(f"This refund has a status of {refund['status']}.")
    refund |= {"status": "failed" if failed else "succeeded", "pending_reason": None}
    if failed:
        settled = balance.settled(desk, refund["amount"], refund["currency"])
        booked = balance.book(desk, "refund_failure", refund_id, *settled)
        refund |= {"failure_reason": "lost_or_stolen_card", "failure_balance_transaction": booked}
        _give_back(desk, desk.get("charge", refund["charge"]), -refund["amount"])
    desk.save(refund)
    desk.emit("refund.updated", refund)
    if failed:
        desk.emit("refund.failed", refund)
    return refund
