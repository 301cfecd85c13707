"""Taking and giving back what a booking occupies: minutes of the calendar, or a place of the week."""

from datetime import datetime, timedelta

from sqlmodel import Session

from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict, Invalid
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.walltime import instant_of, minute_of, week_of


def check_open(session: Session, offer: Offer, starts_at: datetime, now: datetime) -> None:
    """Refuse a start that can't be booked, under the lock of the calendar.

    Invalid with the reason for what never was a bookable time, Conflict `time-gone` for what was one.
    """
    reason = calendars.why_closed(session, offer, starts_at, now)
    if reason is None:
        return
    if reason.was_never_open:
        raise Invalid(f"time-{reason.value}", field="starts_at")
    raise Conflict("time-gone", field="starts_at", reason=reason.value)


def take_time(session: Session, booking: Booking, offer: Offer, starts_at: datetime) -> None:
    """Claim the minutes of a visit for a booking. Conflict `time-gone` where any of them is taken."""
    assert offer.minutes is not None  # noqa: S101  (only offers with a fixed hour come here)
    ends_at = starts_at + timedelta(minutes=offer.minutes)
    buffers, place = (offer.buffer_before, offer.buffer_after), calendars.place_of(offer)
    visit = scheduling.claim(session, offer.coach_id, booking.id, starts_at, ends_at, *buffers, place)
    booking.starts_at, booking.ends_at = starts_at, ends_at
    booking.visit_id, booking.seat = visit.id, 1


def give_time_back(session: Session, booking: Booking) -> None:
    """Free the minutes of a booking; its times stay written in it."""
    visit_id, booking.visit_id, booking.seat = booking.visit_id, None, None
    session.flush()
    if visit_id is not None:
        scheduling.free(session, visit_id)


def check_place(session: Session, offer: Offer, timezone: str, now: datetime) -> None:
    """Conflict `no-place-this-week` when the coach has taken on all the clip reviews of her week."""
    if offer.weekly_places is None:
        return
    since, until = (instant_of(minute) for minute in week_of(timezone, minute_of(now)))
    if queries.places_taken(session, offer.id, since, until) >= offer.weekly_places:
        raise Conflict("no-place-this-week", places=offer.weekly_places)
