"""The lives of a proposal and of a place on a waitlist: every move from every status, by everybody."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bookings import proposals, waits
from marketplace.bookings.proposals import ProposalStatus, Side
from marketplace.bookings.states import Actor, Move
from marketplace.bookings.waits import WaitStatus
from marketplace.errors import Conflict, DomainError, Forbidden

Make = Callable[[str, Any, Any], StrEnum]
LIVES = [
    (proposals.MOVES, proposals.move, ProposalStatus, Side),
    (waits.MOVES, waits.move, WaitStatus, Actor),
]
EVERY = [
    (moves[name], make, status, by)
    for moves, make, statuses, parts in LIVES
    for name, status, by in product(moves, [None, *statuses], parts)
]


@pytest.mark.parametrize(("made", "make", "status", "by"), EVERY)
def test_a_move_is_made_from_its_status_by_its_people_only(
    made: Move, make: Make, status: StrEnum | None, by: StrEnum
) -> None:
    if by not in made.by:
        with pytest.raises(Forbidden):
            make(made.name, status, by)
    elif status != made.before:
        with pytest.raises(Conflict):
            make(made.name, status, by)
    else:
        assert make(made.name, status, by) == made.after


@pytest.mark.parametrize(("moves", "make", "statuses", "parts"), LIVES)
@given(st.data())
def test_a_life_begins_once_and_its_ends_are_final(
    moves: Mapping[str, Move], make: Make, statuses: type[StrEnum], parts: type[StrEnum], data: st.DataObject
) -> None:
    onward = {made.before for made in moves.values()}
    tries = st.lists(st.tuples(st.sampled_from(sorted(moves)), st.sampled_from(list(parts))), max_size=20)
    status: StrEnum | None = None
    for name, by in data.draw(tries):
        before = status
        try:
            status = make(name, status, by)
        except DomainError:
            continue
        assert before in onward
    assert status is None or status in set(statuses)


@pytest.mark.parametrize(("moves", "make", "statuses", "parts"), LIVES)
def test_every_status_can_be_reached(
    moves: Mapping[str, Move], make: Make, statuses: type[StrEnum], parts: type[StrEnum]
) -> None:
    assert {made.after for made in moves.values()} == set(statuses)


def test_staff_are_on_neither_side_of_a_proposal() -> None:
    assert proposals.side(Actor.STAFF, Actor.COACH) is Side.SYSTEM
    assert proposals.side(Actor.COACH, Actor.COACH) is Side.PROPOSER
    assert proposals.side(Actor.RUNNER, Actor.COACH) is Side.OTHER
