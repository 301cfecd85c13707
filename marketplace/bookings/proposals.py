"""A proposal's life: other times that one side of a booking asks the other to choose from. Pure.

open ── accept ──▶ accepted     by the other side; the visit moves in the same transaction
 ├─ decline ──▶ declined        by the other side
 ├─ withdraw ──▶ withdrawn      by who proposed
 └─ lapse ──▶ lapsed            the booking moved or is over, or the last of the times is past
"""

from enum import StrEnum

from marketplace.bookings.states import Actor, after, table

MOST_TIMES = 3


class ProposalStatus(StrEnum):
    """Where a proposal stands."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class Side(StrEnum):
    """In which part somebody meets a proposal."""

    PROPOSER = "proposer"
    OTHER = "other"
    SYSTEM = "system"


OPEN, ACCEPTED, DECLINED = ProposalStatus.OPEN, ProposalStatus.ACCEPTED, ProposalStatus.DECLINED
WITHDRAWN, LAPSED = ProposalStatus.WITHDRAWN, ProposalStatus.LAPSED
PROPOSER, OTHER, SYSTEM = Side.PROPOSER, Side.OTHER, Side.SYSTEM

MOVES = table(
    (
        ("propose", None, OPEN, {PROPOSER}),
        ("accept", OPEN, ACCEPTED, {OTHER}),
        ("decline", OPEN, DECLINED, {OTHER}),
        ("withdraw", OPEN, WITHDRAWN, {PROPOSER}),
        ("lapse", OPEN, LAPSED, {SYSTEM}),
    )
)


def side(by: Actor, proposed_by: Actor) -> Side:
    """In which part an actor meets what `proposed_by` proposed. Staff are neither side: they only look."""
    if by in (Actor.SYSTEM, Actor.STAFF):
        return SYSTEM
    return PROPOSER if by is proposed_by else OTHER


def move(name: str, status: ProposalStatus | None, by: Side) -> ProposalStatus:
    """A proposal's status after a named move. Forbidden `move-forbidden`, Conflict `move-impossible`."""
    return ProposalStatus(after(MOVES, name, status, by))
