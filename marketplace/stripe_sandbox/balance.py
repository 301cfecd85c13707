"""The platform's balance: one balance transaction for each movement."""

from marketplace.stripe_sandbox.desk import Desk

DAY = 24 * 3600
RATE_TIMES_100 = 136
FEE_PERCENT_TIMES_10 = 29
FEE_FIXED = 30


def card_fee(amount: int) -> int:
    """What the sandbox takes from a card payment, in minor units: 2.9 % and 30."""
    return (amount * FEE_PERCENT_TIMES_10 + 500) // 1000 + FEE_FIXED


def settled(desk: Desk, amount: int, currency: str) -> tuple[int, str]:
    """What a charge of so much comes to in the platform's balance: converted where it keeps none in that currency."""
    kept = str(desk.knob("settles_in", "")) or currency
    return (amount if kept == currency else amount * RATE_TIMES_100 // 100), kept


def book(
    desk: Desk, kind: str, source: str | None, amount: int, currency: str, fee: int = 0, category: str | None = None
) -> str:
    """Record a movement of the platform's balance and return its id; amounts are signed minor units."""
    details = [
        {
            "amount": fee,
            "application": None,
            "currency": currency,
            "description": "Processing fee",
            "type": "stripe_fee",
        }
    ]
    thing = desk.make(
        "balance_transaction",
        amount=amount,
        available_on=desk.now + 2 * DAY,
        balance_type="payments",
        currency=currency,
        fee=fee,
        fee_details=details if fee else [],
        net=amount - fee,
        reporting_category=category or kind,
        source=source,
        status="pending" if kind == "charge" else "available",
        type=kind,
    )
    return str(thing["id"])


def available(desk: Desk, currency: str) -> int:
    """The sum of all movements in a currency, in minor units; the sandbox counts all of it as available."""
    return sum(movement["net"] for movement in desk.find("balance_transaction", currency=currency))
