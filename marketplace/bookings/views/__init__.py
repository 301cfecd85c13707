"""Pages of bookings: choosing, paying, the booking itself, changing it, the waitlist, feeds."""

from marketplace.bookings.views import absences, booking, changing, choosing, feed, paying, proposing, waiting, words
from marketplace.bookings.views.blueprint import bp

__all__ = ["absences", "booking", "bp", "changing", "choosing", "feed", "paying", "proposing", "waiting", "words"]
