"""Transfers of a charge's money to connected accounts, and their reversals."""

from typing import Any

from marketplace.stripe_sandbox import balance
from marketplace.stripe_sandbox.desk import Desk, new_id
from marketplace.stripe_sandbox.refusals import Refusal, bad
from marketplace.stripe_sandbox.shapes import Thing, page_of


def create(desk: Desk, asked: dict[str, Any]) -> Thing:
    """Move money to an account that may receive it; never more than its source charge brought in."""
    amount = asked.get("amount", 0)
    if amount < 1:
        raise bad("amount", "Invalid positive integer", "parameter_invalid_integer")
    account = desk.get("account", asked["destination"], "destination")
    if account["capabilities"].get("transfers") != "active":
        raise Refusal(
            "Your destination account needs to have this capability enabled: transfers",
            code="insufficient_capabilities_for_transfer",
        )
    charge = _source(desk, asked, amount)
    transfer = desk.make(
        "transfer",
        amount=amount,
        amount_reversed=0,
        currency=asked["currency"],
        description=asked.get("description"),
        destination=account["id"],
        destination_payment=new_id("charge").replace("ch_", "py_"),
        livemode=False,
        metadata=asked.get("metadata", {}),
        reversals=page_of([], ""),
        reversed=False,
        source_transaction=charge["id"] if charge else None,
        source_type="card",
        transfer_group=asked.get("transfer_group")
        or (charge and (charge["transfer_group"] or f"group_{charge['id']}")),
    )
    transfer["reversals"]["url"] = f"/v1/transfers/{transfer['id']}/reversals"
    transfer["balance_transaction"] = balance.book(desk, "transfer", transfer["id"], -amount, asked["currency"])
    desk.save(transfer)
    desk.emit("transfer.created", transfer)
    return transfer


def _source(desk: Desk, asked: dict[str, Any], amount: int) -> Thing | None:
    """The charge that funds the transfer; without one the platform's own balance must cover it."""
    if not asked.get("source_transaction"):
        if balance.available(desk, asked["currency"]) < amount:
            raise Refusal("You have insufficient available funds in your Stripe account.", code="balance_insufficient")
        return None
    charge = desk.get("charge", asked["source_transaction"], "source_transaction")
    booked = desk.get("balance_transaction", charge["balance_transaction"]) if charge["paid"] else charge
    if booked["currency"] != asked["currency"]:
        raise bad(
            "currency",
            "The currency of source_transaction's balance transaction must equal the transfer's.",
            None,
        )
    sent = sum(t["amount"] - t["amount_reversed"] for t in desk.find("transfer", source_transaction=charge["id"]))
    if not charge["paid"] or sent + amount > charge["amount"]:
        raise bad(
            "source_transaction",
            "Transfers using this transaction as a source must not exceed its amount.",
            None,
        )
    return charge


def reverse(desk: Desk, transfer_id: str, asked: dict[str, Any]) -> Thing:
    """Take money back from the account; refused beyond what was sent, and when a knob says so."""
    transfer = desk.get("transfer", transfer_id)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = asked.get("amount", left)
    if desk.take("reversals_refused"):
        raise Refusal("The connected account's balance can't cover the reversal.", code="balance_insufficient")
    if amount < 1 or amount > left:
        raise Refusal(f"Amount ({amount}) is greater than the unreversed amount ({left}).", param="amount")
    reversal = desk.make(
        "transfer_reversal",
        amount=amount,
        currency=transfer["currency"],
        metadata=asked.get("metadata") or {},
        transfer=transfer_id,
    )
    booked = balance.book(desk, "transfer_refund", reversal["id"], amount, transfer["currency"])
    reversal["balance_transaction"] = booked
    desk.save(reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["reversals"]["data"] = [reversal, *transfer["reversals"]["data"]]
    desk.save(transfer)
    desk.emit("transfer.reversed", transfer)
    return reversal
