"""Pages of bookings: choosing, paying, the booking itself, changing it, the waitlist, feeds."""

from marketplace.bookings.views import booking, changing, cheaper, choosing, feed, paying, proposing, waiting, words
from marketplace.bookings.views.blueprint import bp

__all__ = ["booking", "bp", "changing", "cheaper", "choosing", "feed", "paying", "proposing", "waiting", "words"]
