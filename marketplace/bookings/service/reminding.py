"""Reminders set off: a sweep looks for those that are owed, one job sends each.

Nothing is planned ahead, so a visit that is moved or cancelled leaves nothing to be undone.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import queries
from marketplace.bookings.reminders import HOURS, owed
from marketplace.bookings.states import Actor
from marketplace.db import transaction
from marketplace.jobs import enqueue

AT_ONCE = 200
AHEAD = timedelta(hours=max(HOURS))


def remind_due() -> None:
    """Ask for a job for every visit of which somebody has to be reminded. Uses transactions of its own."""
    now = clock.now()
    with transaction(write=False) as session:
        soon = queries.starting(session, after=now, until=now + AHEAD)
    due = [(id_, f"{at.isoformat()}:{hours}") for id_, at, told_at in soon if (hours := owed(at, told_at, now))]
    enqueue_each("bookings.remind", due)


def enqueue_each(job: str, due: Sequence[tuple[UUID, str]]) -> None:
    """Ask for a job for each booking, once for its mark; in transactions so short that nobody waits for them."""
    for first in range(0, len(due), AT_ONCE):
        with transaction() as session:
            for booking_id, mark in due[first : first + AT_ONCE]:
                enqueue(session, job, key=f"{job}:{booking_id}:{mark}", booking_id=booking_id)


def remind(session: Session, booking_id: UUID) -> int | None:
    """Note in the history that both are reminded now; which reminder it is, in hours ahead.

    None when it is no longer owed: sent meanwhile, moved, cancelled, begun.
    """
    now = clock.now()
    booking = queries.locked(session, booking_id)
    if not booking.is_confirmed or booking.starts_at is None:
        return None
    hours = owed(booking.starts_at, queries.told_at(session, booking), now)
    if hours:
        booking.make("remind", by=Actor.SYSTEM, at=now, reason=f"{hours} h")
    return hours
