"""What clips do by themselves: ask for one, tell the coach, erase files without a clip, drop what came to nothing."""

from datetime import timedelta
from itertools import islice
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from marketplace import clock
from marketplace.clips import mails, queries, service
from marketplace.db import transaction
from marketplace.jobs import job, on
from marketplace.storage import Storage

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


@job("clips.ask_due", transactional=False)
def ask_due() -> None:
    """Look for runners who are to be asked for their clip."""
    service.ask_due()


@job("clips.ask")
def ask(session: Session, booking_id: str) -> None:
    """Ask one runner for her clip, if that is still owed."""
    if service.ask(session, UUID(booking_id)):
        mails.ask(session, UUID(booking_id))


@job("clips.mail_arrived")
def mail_arrived(session: Session, booking_id: str) -> None:
    """Tell the coach of a clip review that she can begin."""
    mails.arrived(session, UUID(booking_id))


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
