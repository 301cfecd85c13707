"""What comes back, and until when."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from marketplace.bookings.policy import (
    Terms,
    check_cancel,
    check_report,
    check_reschedule,
    refund,
    refund_percent,
)
from marketplace.bookings.states import Actor
from marketplace.coaches.cancelling import ALL, NOTHING, POLICIES, UNTIL_START, Policy, Preset
from marketplace.errors import Conflict
from marketplace.money import Money
from marketplace.payments import ledger

START = datetime(2026, 5, 12, 14, tzinfo=UTC)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
seconds = st.integers(-10 * 86_400, 10 * 86_400).map(lambda n: START + n * SECOND)
hours = st.integers(0, 24 * 14)
policies = st.sampled_from(list(POLICIES.values())) | st.builds(
    lambda part, more, percent: Policy(part + more, percent, part),
    st.integers(0, 24 * 7),
    st.integers(1, 24 * 7),
    st.integers(1, 99),
)
terms = st.builds(
    Terms,
    policy=policies | hours.map(Policy),
    starts_at=st.none() | st.just(START),
    opened_at=st.none() | seconds,
    due_at=st.none() | seconds,
)
prices = st.integers(100, 100_000)


@given(hours, seconds)
def test_all_comes_back_up_to_the_deadline_and_nothing_after(full_hours: int, now: datetime) -> None:
    agreed = Terms(Policy(full_hours), START)
    in_time = now + timedelta(hours=full_hours) <= START
    assert refund_percent(agreed, by=Actor.RUNNER, now=now) == (ALL if in_time else NOTHING)


@given(policies, seconds)
def test_between_the_two_deadlines_a_part_comes_back(policy: Policy, now: datetime) -> None:
    before = START - now
    expected = (
        ALL
        if before >= policy.full_hours * HOUR
        else policy.part_percent
        if before >= policy.part_hours * HOUR
        else NOTHING
    )
    assert refund_percent(Terms(policy, START), by=Actor.RUNNER, now=now) == expected


@given(policies)
def test_each_step_holds_to_its_very_second(policy: Policy) -> None:
    agreed = Terms(policy, START)
    for step, after in zip(agreed.steps, [*(each.percent for each in agreed.steps[1:]), NOTHING], strict=True):
        assert step.until is not None
        assert refund_percent(agreed, by=Actor.RUNNER, now=step.until) == step.percent
        assert refund_percent(agreed, by=Actor.RUNNER, now=step.until + SECOND) == after


@given(terms, seconds, seconds, prices)
def test_who_waits_never_gets_more_but_from_a_coach_who_is_late(
    agreed: Terms, one: datetime, other: datetime, price: int
) -> None:
    sooner, later = sorted((one, other))
    assume(not agreed.is_late(later))
    cost = Money(price, "CAD")
    sums = [refund(agreed, cost, by=Actor.RUNNER, now=now).amount for now in (sooner, later)]
    assert price >= sums[0] >= sums[1] >= 0


@given(terms, seconds, prices, st.integers(0, 40), st.integers(0, 300_000))
def test_refund_coach_and_fee_are_the_price_to_the_cent(
    agreed: Terms, now: datetime, price: int, fee_percent: int, others: int
) -> None:
    """Of one booking, or of one of a series that were paid together."""
    whole = price + others
    fee = Money(whole, "CAD").percent(fee_percent).amount
    back = refund(agreed, Money(price, "CAD"), by=Actor.RUNNER, now=now).amount
    rest = price - back
    ours = ledger.fee_of(rest, whole=whole, fee=fee)
    entry = ledger.earned("booking", "coach", rest, ours)
    coach = -entry.lines.get("coach:coach", 0)
    assert back + coach + ours == price and min(back, coach, ours) >= 0
    assert abs(ours * whole - rest * fee) * 2 <= whole, "our share is that of the whole, rounded to a cent"


@pytest.mark.parametrize("preset", Preset)
def test_the_presets_are_as_they_were_when_they_got_their_names(preset: Preset) -> None:
    """Whoever was shown a name was shown these hours; other hours need another name."""
    known = {"flexible": (12, 50, 0), "moderate": (24, 50, 12), "strict": (72, 50, 24)}
    policy = POLICIES[preset]
    assert (policy.full_hours, policy.part_percent, policy.part_hours) == known[preset.value]


@given(seconds)
def test_a_stricter_policy_never_gives_more(now: datetime) -> None:
    order = [POLICIES[each] for each in (Preset.FLEXIBLE, Preset.MODERATE, Preset.STRICT)]
    given_back = [refund_percent(Terms(each, START), by=Actor.RUNNER, now=now) for each in [UNTIL_START, *order]]
    assert given_back == sorted(given_back, reverse=True)


@pytest.mark.parametrize("night", ["2026-11-01", "2027-03-14"])
@pytest.mark.parametrize("preset", Preset)
def test_hours_before_are_real_hours_when_the_clocks_change(night: str, preset: Preset) -> None:
    """The start said as a local time of Toronto is the same start; a day before it is 24 hours, not a wall time."""
    local = datetime.fromisoformat(f"{night} 12:00").replace(tzinfo=ZoneInfo("America/Toronto"))
    policy, agreed = POLICIES[preset], Terms(POLICIES[preset], local)
    until = [step.until for step in agreed.steps]
    assert until == [local.astimezone(UTC) - n * HOUR for n in (policy.full_hours, policy.part_hours)]
    assert agreed.free_until == until[0]


@given(terms, st.sampled_from([Actor.COACH, Actor.STAFF, Actor.SYSTEM]), seconds)
def test_the_runner_gets_all_back_when_others_cancel(agreed: Terms, by: Actor, now: datetime) -> None:
    assert refund_percent(agreed, by=by, now=now) == ALL
    check_cancel(agreed, by=by, now=now)


def test_a_clip_review_gives_all_back_until_the_coach_opened_the_clip() -> None:
    assert refund_percent(Terms(UNTIL_START), by=Actor.RUNNER, now=START) == ALL
    opened = Terms(UNTIL_START, opened_at=START)
    assert refund_percent(opened, by=Actor.RUNNER, now=START + SECOND) == NOTHING


def test_a_late_clip_review_gives_all_back_again() -> None:
    late = Terms(UNTIL_START, opened_at=START - timedelta(days=1), due_at=START)
    assert refund_percent(late, by=Actor.RUNNER, now=START) == NOTHING
    assert refund_percent(late, by=Actor.RUNNER, now=START + SECOND) == ALL


def test_the_runner_cancels_before_the_start_only() -> None:
    check_cancel(Terms(UNTIL_START, START), by=Actor.RUNNER, now=START - SECOND)
    with pytest.raises(Conflict):
        check_cancel(Terms(UNTIL_START, START), by=Actor.RUNNER, now=START)


@given(terms, st.sampled_from([Actor.RUNNER, Actor.COACH]), seconds)
def test_whoever_may_move_a_visit_could_have_cancelled_it_for_nothing(agreed: Terms, by: Actor, now: datetime) -> None:
    try:
        check_reschedule(agreed, by=by, now=now)
    except Conflict:
        return
    assert agreed.starts_at is not None and now < agreed.starts_at
    assert refund_percent(agreed, by=by, now=now) == ALL


@given(terms, st.booleans(), seconds)
def test_an_absence_is_said_of_a_visit_that_has_begun_and_then_nothing_comes_back(
    agreed: Terms, is_confirmed: bool, now: datetime
) -> None:
    try:
        check_report(agreed, is_confirmed=is_confirmed, now=now)
    except Conflict:
        return
    assert is_confirmed and agreed.starts_at is not None and now > agreed.starts_at
    assert refund_percent(agreed, by=Actor.RUNNER, now=now) == NOTHING
