"""A booking's life: one table of named moves. Pure.

    held ── confirm ──▶ confirmed ── complete ──▶ completed
     │                    │    │
     ├─ abandon, expire   │    └── miss ──▶ missed
     ▼                    └── cancel ──▶ cancelled
    expired ── confirm-late ──▶ confirmed

A move that keeps the status (reschedule, remind, tell-late, give-back, refund) still leaves a row in the history. What
the coach is sent has a life and a history of its own (payments).
"""

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Conflict, Forbidden


class BookingStatus(StrEnum):
    """Where a booking stands."""

    HELD = "held"
    CONFIRMED = "confirmed"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    MISSED = "missed"


class Actor(StrEnum):
    """In which part somebody makes a move."""

    RUNNER = "runner"
    COACH = "coach"
    STAFF = "staff"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Move:
    """A named move. `before` None begins a life."""

    name: str
    before: StrEnum | None
    after: StrEnum
    by: frozenset[StrEnum]


Row = tuple[str, StrEnum | None, StrEnum, AbstractSet[StrEnum]]
"""Name, status before, status after, who may."""


def table(rows: Iterable[Row]) -> Mapping[str, Move]:
    """The moves of one life, by name."""
    return {name: Move(name, before, after, frozenset(by)) for name, before, after, by in rows}


def after(moves: Mapping[str, Move], name: str, status: StrEnum | None, by: StrEnum) -> StrEnum:
    """The status after a named move.

    Forbidden `move-forbidden` where that part never makes it, Conflict `move-impossible` where the life is past it.
    """
    made = moves[name]
    if by not in made.by:
        raise Forbidden("move-forbidden", move=name, by=by.value)
    if status != made.before:
        raise Conflict("move-impossible", move=name, status=None if status is None else status.value)
    return made.after


HELD, CONFIRMED, COMPLETED = BookingStatus.HELD, BookingStatus.CONFIRMED, BookingStatus.COMPLETED
CANCELLED, EXPIRED, MISSED = BookingStatus.CANCELLED, BookingStatus.EXPIRED, BookingStatus.MISSED
RUNNER, COACH, STAFF, SYSTEM = Actor.RUNNER, Actor.COACH, Actor.STAFF, Actor.SYSTEM

_TABLE = (
    ("hold", None, HELD, {RUNNER}),
    ("confirm", HELD, CONFIRMED, {SYSTEM}),
    ("abandon", HELD, EXPIRED, {RUNNER}),
    ("expire", HELD, EXPIRED, {SYSTEM}),
    ("confirm-late", EXPIRED, CONFIRMED, {SYSTEM}),
    ("give-back", EXPIRED, EXPIRED, {SYSTEM}),
    ("cancel", CONFIRMED, CANCELLED, {RUNNER, COACH, STAFF, SYSTEM}),
    ("reschedule", CONFIRMED, CONFIRMED, {RUNNER, COACH}),
    ("remind", CONFIRMED, CONFIRMED, {SYSTEM}),
    ("ask-clip", CONFIRMED, CONFIRMED, {SYSTEM}),
    ("tell-late", CONFIRMED, CONFIRMED, {SYSTEM}),
    ("complete", CONFIRMED, COMPLETED, {SYSTEM, COACH}),
    ("miss-runner", CONFIRMED, MISSED, {COACH}),
    ("miss-coach", CONFIRMED, MISSED, {RUNNER, STAFF}),
    ("refund", COMPLETED, COMPLETED, {STAFF}),
)
MOVES = table(_TABLE)


def move(name: str, status: BookingStatus | None, by: Actor) -> BookingStatus:
    """A booking's status after a named move; refusals as `after`."""
    return BookingStatus(after(MOVES, name, status, by))
