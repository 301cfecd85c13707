"""Pages of bookings: choosing, paying, the booking itself, changing it, the waitlist, feeds."""

from marketplace.bookings.views import booking, changing, choosing, feed, paying, proposing, receipts, waiting, words
from marketplace.bookings.views.blueprint import bp

__all__ = ["booking", "bp", "changing", "choosing", "feed", "paying", "proposing", "receipts", "waiting", "words"]
