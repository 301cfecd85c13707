"""A complaint's life: what a runner says went wrong with a session, until staff have decided. Pure.

open ── withdraw ──▶ withdrawn     by the runner; the coach is paid as if there had been none
 ├─ dismiss ──▶ dismissed          by staff; the same
 └─ uphold ──▶ upheld              by staff; some or all goes back to the runner

The coach answers while it is open. The coach's pay waits for its end, and is sent at once then. It begins only when it
is settled whether both came.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.bookings.states import Actor, BookingStatus, after, table
from marketplace.errors import Conflict

TO_COMPLAIN = timedelta(hours=24)
"""After a session, or the delivery of a clip review; then the coach is paid."""


class ComplaintStatus(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    WITHDRAWN = "withdrawn"
    DISMISSED = "dismissed"
    UPHELD = "upheld"


OPEN, WITHDRAWN = ComplaintStatus.OPEN, ComplaintStatus.WITHDRAWN
DISMISSED, UPHELD = ComplaintStatus.DISMISSED, ComplaintStatus.UPHELD
RUNNER, COACH, STAFF, SYSTEM = Actor.RUNNER, Actor.COACH, Actor.STAFF, Actor.SYSTEM

MOVES = table(
    (
        ("complain", None, OPEN, {RUNNER, STAFF}),
        ("answer-complaint", OPEN, OPEN, {COACH}),
        ("withdraw-complaint", OPEN, WITHDRAWN, {RUNNER}),
        ("dismiss-complaint", OPEN, DISMISSED, {STAFF}),
        ("uphold-complaint", OPEN, UPHELD, {STAFF}),
    )
)
DONE = (BookingStatus.COMPLETED, BookingStatus.MISSED)


def move(name: str, status: ComplaintStatus | None, by: Actor) -> ComplaintStatus:
    """A complaint's status after a named move. Forbidden `move-forbidden`, Conflict `move-impossible`."""
    return ComplaintStatus(after(MOVES, name, status, by))


def check_complain(*, is_paid: bool, status: BookingStatus, over_at: datetime | None, now: datetime, by: Actor) -> None:
    """Conflict when nobody can complain of a session, or `by` not any more.

    `nothing-paid`; `not-over-yet` before it is done; `complaint-too-late` for the runner a day after that. Staff may
    take a complaint up later: then what the coach was sent is taken back.
    """
    if not is_paid:
        raise Conflict("nothing-paid")
    if status not in DONE or over_at is None or over_at > now:
        raise Conflict("not-over-yet")
    if by is RUNNER and now > over_at + TO_COMPLAIN:
        raise Conflict("complaint-too-late")
