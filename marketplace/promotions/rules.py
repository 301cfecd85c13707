"""What a promotion code takes off a price, and why one can't be used. Pure."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from marketplace.coaches.kinds import LEAST_PRICE


@dataclass(frozen=True, slots=True)
class Terms:
    """What a code takes off, either way, and where and when it holds. No offers: all of them."""

    percent: int | None
    amount: int | None
    currency: str | None
    valid_from: datetime
    valid_until: datetime | None
    ended_at: datetime | None
    offers: frozenset[UUID]


def discount(terms: Terms, price: int) -> int:
    """What it takes off a price, in minor units of the price's currency; per cent are rounded half up.

    All of it where what would be left is less than a card payment.
    """
    if terms.percent is not None:
        exact = Decimal(price * terms.percent) / 100
        off = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    else:
        off = min(price, terms.amount or 0)
    return price if price - off < LEAST_PRICE else off


def refusal(terms: Terms, *, offer_id: UUID, currency: str, now: datetime) -> str | None:
    """Why it can't be used for this offer now: a kind of refusal; None when it can."""
    if terms.valid_from > now:
        return "code-not-yet"
    if terms.ended_at is not None or (terms.valid_until is not None and terms.valid_until <= now):
        return "code-over"
    if terms.offers and offer_id not in terms.offers:
        return "code-other-offer"
    if terms.currency is not None and terms.currency != currency:
        return "code-other-currency"
    return None


def lowest_free(taken: set[int], most: int | None) -> int | None:
    """The first number from 1 that is not taken, within `most`; None when all are."""
    number = next(each for each in range(1, len(taken) + 2) if each not in taken)
    return None if most is not None and number > most else number
