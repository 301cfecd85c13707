"""What comes back, and until when."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bookings.policy import ALL, NOTHING, Terms, check_cancel, check_reschedule, refund_percent
from marketplace.bookings.states import Actor
from marketplace.errors import Conflict

START = datetime(2026, 5, 12, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)
seconds = st.integers(-10 * 86_400, 10 * 86_400).map(lambda n: START + n * SECOND)
hours = st.integers(0, 24 * 14)
terms = st.builds(
    Terms,
    cancel_hours=hours,
    starts_at=st.none() | st.just(START),
    opened_at=st.none() | seconds,
    due_at=st.none() | seconds,
)


@given(hours, seconds)
def test_all_comes_back_up_to_the_deadline_and_nothing_after(cancel_hours: int, now: datetime) -> None:
    agreed = Terms(cancel_hours, START)
    in_time = now + timedelta(hours=cancel_hours) <= START
    assert refund_percent(agreed, by=Actor.RUNNER, now=now) == (ALL if in_time else NOTHING)


def test_the_very_second_of_the_deadline_is_in_time() -> None:
    agreed = Terms(24, START)
    assert agreed.free_until == START - timedelta(hours=24)
    assert refund_percent(agreed, by=Actor.RUNNER, now=START - timedelta(hours=24)) == ALL
    assert refund_percent(agreed, by=Actor.RUNNER, now=START - timedelta(hours=24) + SECOND) == NOTHING


@given(terms, st.sampled_from([Actor.COACH, Actor.STAFF, Actor.SYSTEM]), seconds)
def test_the_runner_gets_all_back_when_others_cancel(agreed: Terms, by: Actor, now: datetime) -> None:
    assert refund_percent(agreed, by=by, now=now) == ALL
    check_cancel(agreed, by=by, now=now)


def test_a_clip_review_gives_all_back_until_the_coach_opened_the_clip() -> None:
    assert refund_percent(Terms(24), by=Actor.RUNNER, now=START) == ALL
    opened = Terms(24, opened_at=START)
    assert refund_percent(opened, by=Actor.RUNNER, now=START + SECOND) == NOTHING


def test_a_late_clip_review_gives_all_back_again() -> None:
    late = Terms(24, opened_at=START - timedelta(days=1), due_at=START)
    assert refund_percent(late, by=Actor.RUNNER, now=START) == NOTHING
    assert refund_percent(late, by=Actor.RUNNER, now=START + SECOND) == ALL


def test_the_runner_cancels_before_the_start_only() -> None:
    check_cancel(Terms(24, START), by=Actor.RUNNER, now=START - SECOND)
    with pytest.raises(Conflict):
        check_cancel(Terms(24, START), by=Actor.RUNNER, now=START)


@given(terms, st.sampled_from([Actor.RUNNER, Actor.COACH]), seconds)
def test_whoever_may_move_a_visit_could_have_cancelled_it_for_nothing(agreed: Terms, by: Actor, now: datetime) -> None:
    try:
        check_reschedule(agreed, by=by, now=now)
    except Conflict:
        return
    assert agreed.starts_at is not None and now < agreed.starts_at
    assert refund_percent(agreed, by=by, now=now) == ALL
