"""Every move from every status, by everybody."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bookings.states import MOVES, Actor, BookingStatus, move
from marketplace.errors import Conflict, Forbidden

STATUSES = [None, *BookingStatus]
ENDS = {BookingStatus.CANCELLED, BookingStatus.MISSED, BookingStatus.COMPLETED}


@pytest.mark.parametrize(("name", "status", "by"), list(product(MOVES, STATUSES, Actor)))
def test_a_move_is_made_from_its_status_by_its_people_only(name: str, status: BookingStatus | None, by: Actor) -> None:
    made = MOVES[name]
    if by not in made.by:
        with pytest.raises(Forbidden):
            move(name, status, by)
    elif status != made.before:
        with pytest.raises(Conflict):
            move(name, status, by)
    else:
        assert move(name, status, by) == made.after


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.sampled_from(list(Actor))), max_size=30))
def test_a_life_begins_with_a_hold_and_an_end_is_final(tries: list[tuple[str, Actor]]) -> None:
    status: BookingStatus | None = None
    life: list[str] = []
    for name, by in tries:
        before = status
        try:
            status = move(name, status, by)
        except (Conflict, Forbidden):
            assert status == before
            continue
        life.append(name)
        assert before not in ENDS or status == before
    assert life[:1] in ([], ["hold"])
    assert life.count("hold") <= 1


@pytest.mark.parametrize("status", list(BookingStatus))
def test_every_status_can_be_reached(status: BookingStatus) -> None:
    assert any(made.after == status and made.before != status for made in MOVES.values())


def test_nobody_but_the_system_confirms() -> None:
    confirming = [m for m in MOVES.values() if m.after == BookingStatus.CONFIRMED and m.before != m.after]
    assert {made.name for made in confirming} == {"confirm", "confirm-late"}
    assert all(made.by == {Actor.SYSTEM} for made in confirming)
