"""Pages of bookings: choosing, paying, the booking itself, changing it, the waitlist, feeds."""

from marketplace.bookings.views import (
    absences,
    booking,
    changing,
    cheaper,
    choosing,
    complaining,
    feed,
    paying,
    proposing,
    receipts,
    waiting,
    words,
)
from marketplace.bookings.views.blueprint import bp

__all__ = [
    "absences",
    "booking",
    "bp",
    "changing",
    "cheaper",
    "choosing",
    "complaining",
    "feed",
    "paying",
    "proposing",
    "receipts",
    "waiting",
    "words",
]
