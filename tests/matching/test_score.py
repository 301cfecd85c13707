"""The fit and its reasons, by the thousand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching.score import Candidate, Wish, fit, reasons

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
bits = st.integers(0, 2**20 - 1)
wishes = st.builds(
    Wish,
    now=st.just(NOW),
    issues=bits,
    past=bits,
    goals=st.integers(0, 127),
    languages=st.integers(0, 3),
    within_km=st.none() | st.floats(1, 300),
    gender=st.sampled_from([None, "female", "male"]),
    evenings=st.booleans(),
    weekends=st.booleans(),
    most_price=st.none() | st.integers(0, 50_000),
)
coaches = st.builds(
    Candidate,
    issues=bits,
    main_issues=bits,
    goals=st.integers(0, 127),
    languages=st.integers(1, 3),
    price=st.integers(0, 1_000_000),
    distance_km=st.none() | st.floats(0, 20_000),
    meets_in_person=st.booleans(),
    gender=st.sampled_from([None, "female", "male"]),
    evenings=st.booleans(),
    weekends=st.booleans(),
    rating_sum=st.integers(0, 500),
    rating_count=st.integers(100, 500),
    next_opening_at=st.none() | st.integers(-9000, 9000).map(lambda hours: NOW + timedelta(hours=hours)),
    turnaround_hours=st.none() | st.integers(1, 300),
).map(lambda coach: replace(coach, main_issues=coach.main_issues & coach.issues))


@given(wishes, coaches)
def test_a_fit_lies_between_nothing_and_a_hundred(wish: Wish, coach: Candidate) -> None:
    assert 0 <= fit(wish, coach) <= 100


@given(wishes, coaches)
def test_there_are_at_least_two_reasons_each_of_another_kind(wish: Wish, coach: Candidate) -> None:
    kinds = [reason.kind for reason in reasons(wish, coach)]
    assert len(kinds) >= 2
    assert len(set(kinds)) == len(kinds)


@given(wishes, coaches, st.integers(0, 19))
def test_one_more_issue_never_fits_worse(wish: Wish, coach: Candidate, issue: int) -> None:
    assert fit(wish, replace(coach, issues=coach.issues | 1 << issue)) >= fit(wish, coach)


@given(wishes, coaches, st.integers(0, 6))
def test_one_more_goal_never_fits_worse(wish: Wish, coach: Candidate, goal: int) -> None:
    assert fit(wish, replace(coach, goals=coach.goals | 1 << goal)) >= fit(wish, coach)


@given(wishes, coaches, st.floats(0, 100))
def test_nearer_never_fits_worse(wish: Wish, coach: Candidate, km: float) -> None:
    far = replace(coach, distance_km=km + 10)
    assert fit(wish, replace(coach, distance_km=km)) >= fit(wish, far)


@given(coaches, st.floats(0, 40))
def test_an_issue_of_now_counts_more_than_one_that_is_over(coach: Candidate, km: float) -> None:
    wish = Wish(now=NOW, issues=0b01, past=0b10, within_km=40)
    now = replace(coach, issues=0b01, main_issues=0b01, distance_km=km)
    over = replace(coach, issues=0b10, main_issues=0b10, distance_km=km)
    assert fit(wish, now) > fit(wish, over)


def test_a_coach_who_fixes_what_hurts_now_beats_one_who_fixes_only_what_is_over() -> None:
    wish = Wish(now=NOW, issues=0b11, past=0b11100, goals=0b11, within_km=40)
    now = Candidate(issues=0b01, price=20_000, distance_km=39)
    best = NOW + timedelta(hours=1)
    over = Candidate(issues=0b11100, main_issues=0b11100, goals=0b11, distance_km=0, next_opening_at=best)
    assert fit(wish, now) > fit(wish, over)


def test_a_coach_with_both_issues_beats_a_nearer_cheaper_one_with_none() -> None:
    wish = Wish(now=NOW, issues=0b11, within_km=40)
    soon = NOW + timedelta(hours=20)
    both = Candidate(issues=0b11, main_issues=0b01, price=20_000, distance_km=38)
    none = Candidate(issues=0b100, price=1000, distance_km=0.5, next_opening_at=soon, rating_sum=500, rating_count=100)
    assert fit(wish, both) > fit(wish, none)


def test_the_first_reason_is_what_she_fixes() -> None:
    wish = Wish(now=NOW, issues=0b11, within_km=40)
    coach = Candidate(issues=0b11, main_issues=0b01, distance_km=2.4, languages=1)
    assert [reason.kind for reason in reasons(wish, coach)][:3] == ["main-issues", "issues", "distance"]
