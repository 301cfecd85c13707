"""Every move of a complaint, from every status, by everybody; and when one can be made."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock
from marketplace.bookings.complaints import DONE, MOVES, TO_COMPLAIN, ComplaintStatus, check_complain, move
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.errors import Conflict, Forbidden

OPEN = ComplaintStatus.OPEN
NOW = clock.now()


@pytest.mark.parametrize(("name", "status", "by"), list(product(MOVES, [None, *ComplaintStatus], Actor)))
def test_a_move_is_made_from_its_status_by_its_people_only(name, status, by):
    made = MOVES[name]
    if by not in made.by:
        with pytest.raises(Forbidden):
            move(name, status, by)
    elif status != made.before:
        with pytest.raises(Conflict):
            move(name, status, by)
    else:
        assert move(name, status, by) == made.after


@given(st.lists(st.tuples(st.sampled_from(sorted(MOVES)), st.sampled_from(list(Actor))), max_size=20))
def test_a_complaint_is_made_once_and_its_end_is_final(tries):
    status, life = None, []
    for name, by in tries:
        try:
            after = move(name, status, by)
        except (Conflict, Forbidden):
            continue
        assert status in (None, OPEN)
        status = after
        life.append((name, by))
    assert [name for name, _ in life].count("complain") <= 1
    deciding = {by for name, by in life if name.startswith(("dismiss", "uphold"))}
    assert deciding <= {Actor.STAFF}


@pytest.mark.parametrize("status", list(ComplaintStatus))
def test_every_status_can_be_reached(status):
    assert any(made.after == status and made.before != status for made in MOVES.values())


@given(
    status=st.sampled_from(list(BookingStatus)),
    minutes=st.integers(-3000, 3000),
    is_paid=st.booleans(),
    by=st.sampled_from([Actor.RUNNER, Actor.STAFF]),
)
def test_a_runner_has_a_day_and_staff_have_longer_for_what_is_paid_and_over(status, minutes, is_paid, by):
    over_at = NOW - timedelta(minutes=minutes)
    allowed = is_paid and status in DONE and minutes >= 0
    allowed = allowed and (by is Actor.STAFF or timedelta(minutes=minutes) <= TO_COMPLAIN)
    try:
        check_complain(is_paid=is_paid, status=status, over_at=over_at, now=NOW, by=by)
    except Conflict as refusal:
        assert not allowed
        late = refusal.kind == "complaint-too-late"
        assert late == (is_paid and status in DONE and minutes >= 0)
    else:
        assert allowed


def test_what_has_no_end_yet_is_not_complained_of():
    with pytest.raises(Conflict):
        check_complain(is_paid=True, status=BookingStatus.COMPLETED, over_at=None, now=NOW, by=Actor.STAFF)
