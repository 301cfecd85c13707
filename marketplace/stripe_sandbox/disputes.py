"""Disputes: a payer's bank asks about a charge or takes it back, and sometimes gives it back again."""

from typing import Any

from marketplace.stripe_sandbox import balance
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal
from marketplace.stripe_sandbox.shapes import Thing

FEE = 1500
ASKS, REVIEWED = "needs_response", "under_review"
INQUIRY, APPEAL = "warning_", "appeal_"
"""How the statuses of an inquiry, and of an appeal against a loss, begin."""


def open_one(desk: Desk, charge_id: str, amount: int | None = None) -> Thing:
    """Dispute what is left of a charge, or a part of it: its amount and a fee leave the platform's balance."""
    dispute = _make(desk, charge_id, amount, ASKS)
    _withdraw(desk, dispute, FEE)
    return dispute


def inquire(desk: Desk, charge_id: str, amount: int | None = None) -> Thing:
    """The bank only asks: no money moves unless it escalates."""
    return _make(desk, charge_id, amount, INQUIRY + ASKS)


def resolve(desk: Desk, charge_id: str, amount: int | None = None) -> Thing:
    """A rule agreed with the bank gives the money back before there is a dispute; no fee, no answer."""
    dispute = _make(desk, charge_id, amount, "prevented")
    _withdraw(desk, dispute, 0)
    return dispute


def block(desk: Desk, charge_id: str, amount: int | None = None) -> Thing:
    """The bank is shown that the charge was right, and drops it: nothing moves."""
    return _make(desk, charge_id, amount, "prevented")


def escalate(desk: Desk, dispute_id: str) -> Thing:
    """An inquiry becomes a dispute, and has to be answered anew."""
    dispute = desk.get("dispute", dispute_id)
    if dispute["status"] not in (INQUIRY + ASKS, INQUIRY + REVIEWED):
        raise Refusal("This is no open inquiry.")
    dispute["status"] = ASKS
    dispute["evidence_details"] |= {"due_by": desk.now + 7 * balance.DAY, "submission_count": 0}
    desk.save(dispute)
    desk.emit("charge.dispute.updated", dispute)
    _withdraw(desk, dispute, FEE)
    return dispute


def appeal(desk: Desk, dispute_id: str) -> Thing:
    """A lost dispute may be appealed against; win or lose it as any other."""
    dispute = desk.get("dispute", dispute_id)
    if dispute["status"] != "lost":
        raise Refusal("This dispute is not lost.")
    dispute["status"] = APPEAL + ASKS
    desk.save(dispute)
    desk.emit("charge.dispute.updated", dispute)
    return dispute


def answer(desk: Desk, dispute_id: str, asked: dict[str, Any]) -> Thing:
    """Keep what speaks for the charge; submitted, it goes to the bank, and nothing can be added."""
    dispute = desk.get("dispute", dispute_id)
    if strange := asked.keys() - {"evidence", "submit", "metadata"}:
        raise Refusal(f"The sandbox does not know what to do with {', '.join(sorted(strange))}.")
    if not dispute["status"].endswith(ASKS):
        raise Refusal("This dispute can no longer be answered.", code="dispute_already_responded")
    dispute["evidence"] = {**dispute["evidence"], **asked.get("evidence", {})}
    dispute["metadata"] = {**dispute["metadata"], **(asked.get("metadata") or {})}
    dispute["evidence_details"] |= {"has_evidence": bool(dispute["evidence"])}
    if asked.get("submit", True):
        dispute["status"] = dispute["status"].replace(ASKS, REVIEWED)
        dispute["evidence_details"] |= {"submission_count": 1}
    desk.save(dispute)
    desk.emit("charge.dispute.updated", dispute)
    return dispute


def close(desk: Desk, dispute_id: str, *, won: bool) -> Thing:
    """The bank has decided; won, the amount and the fee come back. An inquiry is closed, and can't be lost."""
    dispute = desk.get("dispute", dispute_id)
    if not dispute["status"].endswith((ASKS, REVIEWED)):
        raise Refusal("This dispute is already closed.")
    inquiry = dispute["status"].startswith(INQUIRY)
    if inquiry and not won:
        raise Refusal("An inquiry can't be lost: let it escalate first.")
    dispute["status"] = "warning_closed" if inquiry else "won" if won else "lost"
    if taken := taken_by(dispute) if won else 0:
        _move(desk, dispute, taken, -FEE)
    desk.save(dispute)
    desk.emit("charge.dispute.closed", dispute)
    if taken:
        desk.emit("charge.dispute.funds_reinstated", dispute)
    return dispute


def taken_by(dispute: Thing) -> int:
    """What a dispute keeps from the platform's balance now, in minor units."""
    return -sum(int(booked["amount"]) for booked in dispute["balance_transactions"])


def is_open(dispute: Thing) -> bool:
    """Whether it is a dispute that the bank has still to decide; a question of the bank's is none."""
    status: str = dispute["status"]
    return status.endswith((ASKS, REVIEWED)) and not status.startswith(INQUIRY)


def _make(desk: Desk, charge_id: str, amount: int | None, status: str) -> Thing:
    charge = desk.get("charge", charge_id)
    others = sum(taken_by(each) for each in desk.find("dispute", charge=charge_id))
    left = charge["amount"] - charge["amount_refunded"] - others
    amount = left if amount is None else amount
    if not charge["paid"] or not 0 < amount <= left:
        raise Refusal("So much of this charge can't be disputed.")
    dispute = desk.make(
        "dispute",
        amount=amount,
        balance_transactions=[],
        charge=charge_id,
        currency=charge["currency"],
        enhanced_eligibility_types=[],
        evidence={},
        evidence_details={"due_by": desk.now + 7 * balance.DAY, "has_evidence": False, "past_due": False,
                          "submission_count": 0, "enhanced_eligibility": {}},
        is_charge_refundable=status.startswith(INQUIRY),
        livemode=False,
        metadata={},
        payment_intent=charge["payment_intent"],
        reason="fraudulent",
        status=status,
    )  # fmt: skip
    charge["disputed"] = True
    desk.save(charge)
    desk.emit("charge.dispute.created", dispute)
    return dispute


def _withdraw(desk: Desk, dispute: Thing, fee: int) -> None:
    _move(desk, dispute, -dispute["amount"], fee)
    desk.emit("charge.dispute.funds_withdrawn", dispute)


def _move(desk: Desk, dispute: Thing, amount: int, fee: int) -> None:
    category = "dispute" if amount < 0 else "dispute_reversal"
    settled = balance.settled(desk, amount, dispute["currency"])
    booked = balance.book(desk, "adjustment", dispute["id"], *settled, fee, category)
    dispute["balance_transactions"] = [
        *dispute["balance_transactions"],
        desk.get("balance_transaction", booked),
    ]
    desk.save(dispute)
