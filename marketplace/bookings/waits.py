"""A wait's life: a runner's place on the waitlist of an offer's full week. Pure.

waiting ── offer ──▶ offered ── take ──▶ taken      a time was freed, held for her, and she paid it
 │  │                   └────── pass ──▶ passed     she let the hold go or end: the next one is asked
 │  └─ close ──▶ closed                             the week is past
 └─ leave ──▶ left
"""

from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.bookings.states import Actor, after, table
from marketplace.scheduling.walltime import instant_of, start_of


class WaitStatus(StrEnum):
    """Where a place on the waitlist stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    TAKEN = "taken"
    PASSED = "passed"
    LEFT = "left"
    CLOSED = "closed"


WAITING, OFFERED, TAKEN = WaitStatus.WAITING, WaitStatus.OFFERED, WaitStatus.TAKEN
PASSED, LEFT, CLOSED = WaitStatus.PASSED, WaitStatus.LEFT, WaitStatus.CLOSED
RUNNER, SYSTEM = Actor.RUNNER, Actor.SYSTEM

MOVES = table(
    (
        ("ask", None, WAITING, {RUNNER}),
        ("offer", WAITING, OFFERED, {SYSTEM}),
        ("take", OFFERED, TAKEN, {SYSTEM}),
        ("pass", OFFERED, PASSED, {SYSTEM}),
        ("leave", WAITING, LEFT, {RUNNER}),
        ("close", WAITING, CLOSED, {SYSTEM}),
    )
)


def move(name: str, status: WaitStatus | None, by: Actor) -> WaitStatus:
    """A wait's status after a named move. Forbidden `move-forbidden`, Conflict `move-impossible`."""
    return WaitStatus(after(MOVES, name, status, by))


def monday_of(on: date) -> date:
    """The first day of a date's week."""
    return on - timedelta(days=on.weekday())


def span_of(zone: str, monday: date) -> tuple[datetime, datetime]:
    """The instants [from, until) of the local week that begins on `monday`."""
    return instant_of(start_of(zone, monday)), instant_of(start_of(zone, monday + timedelta(days=7)))
