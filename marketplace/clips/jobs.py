"""What clips do by themselves: tell the coach, erase files whose clip is gone, drop what came to nothing."""

from datetime import timedelta
from itertools import islice
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.clips import queries, service
from marketplace.db import transaction
from marketplace.jobs import job, on
from marketplace.storage import Storage
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to

STRAY_AFTER = timedelta(days=1)
MOST_AT_ONCE = 1000


@on("account.closing")
def forget(session: Session, user_id: UUID) -> None:
    """A runner who leaves leaves no clip behind."""
    service.drop_all_of(session, user_id)


@job("clips.erase", transactional=False)
def erase(storage_key: str) -> None:
    """Remove the file of a deleted clip."""
    _storage().delete(storage_key)


@job("clips.mail_arrived")
def mail_arrived(session: Session, booking_id: str) -> None:
    """Tell the coach of a clip review that she can begin."""
    booking = session.get_one(Booking, UUID(booking_id))
    parties = bookings.parties(session, booking)
    coach = parties.coach_user
    url = absolute_url("analysis.of_booking", in_language=coach.language, booking_id=booking.id)
    key = f"clips:{booking.id}:arrived"
    mail_to(session, coach, "clips/mail/arrived.txt", key=key, booking=booking, runner=parties.runner, url=url)


@job("clips.sweep", transactional=False)
def sweep() -> None:
    """Delete clips of bookings that came to nothing, and files that an interrupted upload left behind."""
    with transaction() as session:
        service.drop_left_over(session)
    stray = list(islice(_storage().older_than(clock.now() - STRAY_AFTER), MOST_AT_ONCE))
    with transaction(write=False) as session:
        known = queries.known_keys(session, stray)
    for key in set(stray) - known:
        _storage().delete(key)


def _storage() -> Storage:
    found: Storage = current_app.extensions["storage"]
    return found
