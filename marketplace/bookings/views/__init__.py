"""Pages of bookings: choosing, paying, the booking itself, changing it."""

from marketplace.bookings.views import booking, changing, choosing, feed, paying, words
from marketplace.bookings.views.blueprint import bp

__all__ = ["booking", "bp", "changing", "choosing", "feed", "paying", "words"]
