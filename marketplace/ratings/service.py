"""Rating a session. Publishes `rating.given`."""

from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.jobs import publish
from marketplace.ratings import queries
from marketplace.ratings.models import Rating
from marketplace.ratings.policy import check_rate


def may_rate(session: Session, booking_id: UUID, *, by: User) -> Booking:
    """The booking, if this person may rate it now; otherwise raises as `policy.check_rate`, NotFound to strangers."""
    booking = bookings.visible(session, booking_id, by)
    known = queries.of_booking(session, booking_id)
    check_rate(booking.status, bookings.party_in(session, booking, by), is_rated=known is not None)
    return booking


def rate(session: Session, booking_id: UUID, *, by: User, stars: int, words: str = "") -> Rating:
    """Say once how a completed session was: one to five stars, and words that everybody may read."""
    bookings.locked(session, booking_id, by)
    booking = may_rate(session, booking_id, by=by)
    rating = Rating(
        booking_id=booking_id,
        coach_id=booking.coach_id,
        runner_id=booking.runner_id,
        stars=stars,
        words=words,
        created_at=clock.now(),
    )
    session.add(rating)
    session.flush()
    publish(session, "rating.given", booking_id=booking_id)
    return rating
