"""What a booking that is cancelled with all of it back gives back besides money: its code, its visit of a package."""

from sqlmodel import Session

from marketplace.bookings.models import Booking
from marketplace.packages import service as packages
from marketplace.promotions import service as promotions


def give_back(session: Session, booking: Booking) -> bool:
    """Free its code; True where its visit goes back to a package instead of money."""
    promotions.free(session, booking.id)
    return booking.credit_id is not None and packages.take_back(session, booking.id)
