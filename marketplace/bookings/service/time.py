"""Taking and giving back what a booking occupies: minutes of the calendar, or a place of the week."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Offer
from marketplace.db import made_at
from marketplace.errors import Conflict, Invalid
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.walltime import instant_of, minute_of, week_of

JUST_NOW = timedelta(minutes=2)


def check_open(session: Session, offer: Offer, starts_at: datetime, now: datetime, without: UUID | None = None) -> None:
    """Refuse a start that can't be booked, also `without` one visit, under the lock of the calendar.

    Invalid with the reason for what never was a bookable time, Conflict `time-gone` for what was one, with the nearest
    `others` that are open. Who asks for a time in hours that have just been changed may have seen the old ones.
    """
    reason = calendars.why_closed(session, offer, starts_at, now, without)
    if reason is None:
        return
    changed_at = made_at(calendars.calendar_of(session, offer.coach_id).hours_stamp)
    may_have_been = reason is calendars.Reason.OUTSIDE_HOURS and now - changed_at < JUST_NOW
    if reason.was_never_open and not may_have_been:
        raise Invalid(f"time-{reason.value}", field="starts_at")
    raise gone(session, offer, starts_at, now, reason.value, without)


def check_not_hers(session: Session, offer: Offer, starts_at: datetime, runner_id: UUID) -> None:
    """Conflict `time-yours` with the `booking` that the runner has of that very visit: nobody sits in one twice."""
    if (hers := queries.same_visit(session, offer.id, starts_at, runner_id)) is not None:
        raise Conflict("time-yours", field="starts_at", booking=str(hers))


def gone(
    session: Session,
    offer: Offer,
    starts_at: datetime,
    now: datetime,
    reason: str = "taken",
    without: UUID | None = None,
) -> Conflict:
    """The refusal of a time that somebody else was quicker to take; `others` are instants as text."""
    others = [each.isoformat() for each in queries.open_near(session, offer, starts_at, now, without)]
    return Conflict("time-gone", field="starts_at", reason=reason, others=others)


def take_time(session: Session, booking: Booking, offer: Offer, starts_at: datetime, seats: int = 1) -> None:
    """Claim the minutes of a visit for a booking, with room for so many at least, or a seat of a group visit that
    others sit in.

    Conflict `time-gone` where any of the minutes is taken.
    """
    assert offer.minutes is not None  # noqa: S101  (only offers with a fixed hour come here)
    ends_at = starts_at + timedelta(minutes=offer.minutes)
    visit = queries.joinable(session, offer, starts_at)
    if visit is None:
        buffers, place = (offer.buffer_before, offer.buffer_after), calendars.place_of(offer)
        try:
            visit = scheduling.claim(session, offer.coach_id, booking.id, starts_at, ends_at, *buffers, place)
        except Conflict:
            raise gone(session, offer, starts_at, clock.now()) from None
        visit.offer_id, visit.seats = offer.id, max(offer.seats, seats)
    else:
        scheduling.join(session, visit)
    booking.starts_at, booking.ends_at = starts_at, ends_at
    booking.seat, booking.visit_id = queries.free_seat(session, visit.id), visit.id


def give_time_back(session: Session, booking: Booking) -> None:
    """Free the minutes of a booking, or its seat where others sit; its times stay written in it."""
    scheduling.lock(session, booking.coach_id)
    visit_id, booking.visit_id, booking.seat = booking.visit_id, None, None
    session.flush()
    if visit_id is None:
        return
    if others := queries.sitting_in(session, visit_id):
        scheduling.leave(session, visit_id, holder_id=others[0])
    else:
        scheduling.free(session, visit_id)


def check_place(session: Session, offer: Offer, timezone: str, now: datetime) -> None:
    """Conflict `no-place-this-week` when the coach has taken on all the clip reviews of her week."""
    if offer.weekly_places is None:
        return
    since, until = (instant_of(minute) for minute in week_of(timezone, minute_of(now)))
    if queries.places_taken(session, offer.id, since, until) >= offer.weekly_places:
        raise Conflict("no-place-this-week", places=offer.weekly_places)
