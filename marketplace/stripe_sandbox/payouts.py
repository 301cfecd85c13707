"""The platform's own money: payouts to its bank, fees that Stripe takes by itself, and what the platform adds."""

from marketplace.stripe_sandbox import balance
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal
from marketplace.stripe_sandbox.shapes import Thing

MONTHLY_FEE = 200
TOP_UP = 1_000_000


def pay_out(desk: Desk, currency: str) -> Thing:
    """Send all that is there in a currency to the platform's bank, as Stripe does every day."""
    amount = balance.available(desk, currency)
    if amount < 1:
        raise Refusal(f"There is nothing in {currency} to pay out.", code="balance_insufficient")
    payout = desk.make(
        "payout",
        amount=amount,
        arrival_date=desk.now + balance.DAY,
        automatic=True,
        currency=currency,
        livemode=False,
        metadata={},
        method="standard",
        reconciliation_status="in_progress",
        source_type="card",
        status="paid",
        type="bank_account",
    )
    payout["balance_transaction"] = balance.book(desk, "payout", payout["id"], -amount, currency)
    desk.save(payout)
    for news in ("created", "paid"):
        desk.emit(f"payout.{news}", payout)
    return payout


def fail(desk: Desk, payout_id: str) -> Thing:
    """The bank did not take it: the money is back in the balance."""
    payout = desk.get("payout", payout_id)
    if payout["status"] != "paid":
        raise Refusal(f"This payout has a status of {payout['status']}.")
    booked = balance.book(desk, "payout_failure", payout_id, payout["amount"], payout["currency"])
    payout |= {"status": "failed", "failure_code": "account_closed", "failure_balance_transaction": booked}
    desk.save(payout)
    desk.emit("payout.failed", payout)
    return payout


def take_fee(desk: Desk, currency: str) -> Thing:
    """A fee that belongs to no charge: its balance transaction names nothing, and no event tells of it."""
    return desk.get("balance_transaction", balance.book(desk, "stripe_fee", None, -MONTHLY_FEE, currency))


def top_up(desk: Desk, currency: str) -> Thing:
    """The platform sends money of its own, as it must where it adds to what coaches get."""
    return desk.get("balance_transaction", balance.book(desk, "topup", None, TOP_UP, currency))
