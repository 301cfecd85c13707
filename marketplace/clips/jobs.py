"""What clips do by themselves: erase files whose clip is gone, and clips whose booking came to nothing."""

from datetime import timedelta
from itertools import islice

from flask import current_app

from marketplace import clock
from marketplace.clips import queries, service
from marketplace.db import transaction
from marketplace.jobs import job
from marketplace.storage import Storage

STRAY_AFTER = timedelta(days=1)
MOST_AT_ONCE = 1000


@job("clips.erase", transactional=False)
def erase(storage_key: str) -> None:
    """Remove the file of a deleted clip."""
    _storage().delete(storage_key)


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
