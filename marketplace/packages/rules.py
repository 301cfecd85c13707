"""What a package is worth, visit by visit, and how long it lasts. Pure.

All of its visits together are worth what was paid, to the cent; odd cents go to the visits that are used first. It can
be used for a year, the longest that Ontario allows for agreements about personal services. Nothing of it is ever lost
to the runner: unused visits go back to her card at what she paid for each, whenever she asks, and unasked when it ends.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

SIZES = (3, 5, 10)
"""Visits of a package."""
LASTS = timedelta(days=365)
REMINDED = timedelta(days=30)
"""So long before its end its runner is told, while visits are left."""


def values(price: int, visits: int) -> Sequence[int]:
    """What each visit is worth, in minor units, in the order in which they are used; together the price."""
    least, odd = divmod(price, visits)
    return [least + (number < odd) for number in range(visits)]


def less(price: int, visits: int, percent: Decimal) -> int:
    """The price of a package that costs so many per cent less than its visits one by one; minor units, half up."""
    whole = Decimal(price * visits) * (100 - percent) / 100
    return int(whole.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def is_dearer(price: int, visits: int, package_price: int) -> bool:
    """Whether a package costs more than its visits one by one: such a one is not sold."""
    return package_price > price * visits


def saved_percent(price: int, visits: int, package_price: int) -> int:
    """How much less a package costs than its visits one by one, in whole per cent, rounded down; never under 0."""
    whole = price * visits
    return max(0, (whole - package_price) * 100 // whole) if whole else 0


def ends_at(bought_at: datetime) -> datetime:
    """Until when the visits of a package can be booked."""
    return bought_at + LASTS
