"""The life of a report that the other side did not come to a visit. Pure.

open ── admit ──▶ counted      by the other side
 ├─ count ──▶ counted          nobody objected within a day
 ├─ retract ──▶ retracted      by who reported, where nothing has followed from it yet
 └─ object ──▶ contested       by the other side, within the day; then staff decide:
                  ├─ uphold ──▶ counted
                  └─ dismiss ──▶ dismissed

No money moves before its end. While the coach's absence is reported, the booking is not completed either; the runner's
absence makes it missed at once, since for her money that changes nothing.
"""

from datetime import timedelta
from enum import StrEnum

from marketplace.bookings.states import Actor, after, table

TO_OBJECT = timedelta(hours=24)
"""How long the other side may object."""


class AbsenceStatus(StrEnum):
    """Where a report stands."""

    OPEN = "open"
    COUNTED = "counted"
    CONTESTED = "contested"
    RETRACTED = "retracted"
    DISMISSED = "dismissed"


class Part(StrEnum):
    """In which part somebody meets a report."""

    REPORTER = "reporter"
    ABSENT = "absent"
    STAFF = "staff"
    SYSTEM = "system"


OPEN, COUNTED, CONTESTED = AbsenceStatus.OPEN, AbsenceStatus.COUNTED, AbsenceStatus.CONTESTED
RETRACTED, DISMISSED = AbsenceStatus.RETRACTED, AbsenceStatus.DISMISSED
REPORTER, ABSENT, STAFF, SYSTEM = Part.REPORTER, Part.ABSENT, Part.STAFF, Part.SYSTEM
UNSETTLED = (OPEN, CONTESTED)

MOVES = table(
    (
        ("report", None, OPEN, {REPORTER, STAFF}),
        ("admit", OPEN, COUNTED, {ABSENT}),
        ("count", OPEN, COUNTED, {SYSTEM}),
        ("retract", OPEN, RETRACTED, {REPORTER}),
        ("object", OPEN, CONTESTED, {ABSENT}),
        ("uphold", CONTESTED, COUNTED, {STAFF}),
        ("dismiss", CONTESTED, DISMISSED, {STAFF}),
    )
)


def absent_by_report_of(reporter: Actor) -> Actor:
    """Whose absence somebody reports: the coach's the runner, or staff for her; the runner's the coach."""
    return Actor.RUNNER if reporter is Actor.COACH else Actor.COACH


def part(by: Actor, absent: Actor) -> Part:
    """In which part an actor meets the report of `absent`'s absence."""
    if by is absent:
        return ABSENT
    return {Actor.STAFF: STAFF, Actor.SYSTEM: SYSTEM}.get(by, REPORTER)


def move(name: str, status: AbsenceStatus | None, by: Part) -> AbsenceStatus:
    """A report's status after a named move. Forbidden `move-forbidden`, Conflict `move-impossible`."""
    return AbsenceStatus(after(MOVES, name, status, by))
