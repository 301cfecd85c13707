"""Disputes: the payer's bank takes a charge back, and sometimes gives it back again."""

from typing import Any

from marketplace.stripe_sandbox import balance
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal
from marketplace.stripe_sandbox.shapes import Thing

FEE = 1500


def open_one(desk: Desk, charge_id: str) -> Thing:
    """Dispute the whole of a charge: its amount and a fee leave the platform's balance."""
    charge = desk.get("charge", charge_id)
    if charge["disputed"] or not charge["paid"]:
        raise Refusal("This charge can't be disputed.")
    dispute = desk.make(
        "dispute",
        amount=charge["amount"] - charge["amount_refunded"],
        balance_transactions=[],
        charge=charge_id,
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={},
        evidence_details={"due_by": desk.now + 7 * balance.DAY, "has_evidence": False, "past_due": False,
                          "submission_count": 0, "enhanced_eligibility": {}},
        is_charge_refundable=False,
        livemode=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason="fraudulent",
        status="needs_response",
    )  # fmt: skip
    charge["disputed"] = True
    desk.save(charge)
    _move(desk, dispute, -dispute["amount"], FEE)
    desk.emit("charge.dispute.created", dispute)
    desk.emit("charge.dispute.funds_withdrawn", dispute)
    return dispute


def answer(desk: Desk, dispute_id: str, asked: dict[str, Any]) -> Thing:
    """Keep what speaks for the charge; submitted, it goes to the bank, and nothing can be added."""
    dispute = desk.get("dispute", dispute_id)
    if strange := asked.keys() - {"evidence", "submit", "metadata"}:
        raise Refusal(f"The sandbox does not know what to do with {', '.join(sorted(strange))}.")
    if dispute["status"] != "needs_response":
        raise Refusal("This dispute can no longer be answered.", code="dispute_already_responded")
    dispute["evidence"] = {**dispute["evidence"], **asked.get("evidence", {})}
    dispute["metadata"] = {**dispute["metadata"], **(asked.get("metadata") or {})}
    dispute["evidence_details"] |= {"has_evidence": bool(dispute["evidence"])}
    if asked.get("submit", True):
        dispute["status"] = "under_review"
        dispute["evidence_details"] |= {"submission_count": 1}
    desk.save(dispute)
    desk.emit("charge.dispute.updated", dispute)
    return dispute


def close(desk: Desk, dispute_id: str, *, won: bool) -> Thing:
    """The bank has decided; won, the amount and the fee come back."""
    dispute = desk.get("dispute", dispute_id)
    if dispute["status"] in ("won", "lost"):
        raise Refusal("This dispute is already closed.")
    dispute["status"] = "won" if won else "lost"
    if won:
        _move(desk, dispute, dispute["amount"], -FEE)
    desk.save(dispute)
    desk.emit("charge.dispute.closed", dispute)
    if won:
        desk.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def _move(desk: Desk, dispute: Thing, amount: int, fee: int) -> None:
    category = "dispute" if amount < 0 else "dispute_reversal"
    settled = balance.settled(desk, amount, dispute["currency"])
    booked = balance.book(desk, "adjustment", dispute["id"], *settled, fee, category)
    dispute["balance_transactions"] = [
        *dispute["balance_transactions"],
        desk.get("balance_transaction", booked),
    ]
    desk.save(dispute)
