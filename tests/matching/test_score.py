"""The fit and its reasons, by the thousand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching.masks import ISSUES
from marketplace.matching.reasons import Reason, reasons
from marketplace.matching.score import Candidate, Wish, fit, parts, score
from marketplace.matching.stored import BITS, LISTED, MAIN, NEW_FOR, PROVEN, STRONGEST, availability, newness, strength

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
SENSES = (LISTED, LISTED + PROVEN, MAIN, MAIN + PROVEN)
bits = st.integers(0, 2 ** len(ISSUES) - 1)
strengths = st.dictionaries(st.integers(0, len(ISSUES) - 1), st.sampled_from(SENSES), max_size=8).map(strength)
wishes = st.builds(
    Wish,
    issues=bits,
    past=bits,
    goals=st.integers(0, 127),
    languages=st.integers(0, 3),
    traits=st.integers(0, 15),
    within_km=st.none() | st.floats(1, 300),
    most_price=st.none() | st.integers(0, 50_000),
)
shares = st.floats(0, 1)
coaches = st.builds(
    Candidate,
    strength=strengths,
    goals=st.integers(0, 127),
    languages=st.integers(1, 3),
    traits=st.integers(0, 15),
    price=st.integers(0, 50_000),
    distance_km=st.none() | st.floats(0, 300),
    meets_in_person=st.booleans(),
    works_online=st.booleans(),
    same_zone=st.booleans(),
    newcomer=shares,
    availability=shares,
    rating_sum=st.integers(0, 500),
    rating_count=st.integers(100, 500),
    reply_hours=st.none() | st.floats(0, 1000),
).map(lambda coach: replace(coach, newcomer=newness((1 - coach.newcomer) * NEW_FOR, coach.strength)))


def why(wish: Wish, coach: Candidate) -> list[Reason]:
    return reasons(wish, coach, NOW + timedelta(hours=20), 48)


def affordable(wish: Wish, coach: Candidate) -> Candidate:
    """The coach at a price that a search for this wish lets through."""
    return coach if wish.most_price is None else replace(coach, price=min(coach.price, wish.most_price))


def test_all_issues_fit_into_the_strengths_of_one_number() -> None:
    assert len(ISSUES) * BITS < 64
    assert MAIN + PROVEN == STRONGEST
    assert len(set(SENSES)) == len(SENSES)


@given(wishes, coaches)
def test_a_fit_lies_between_nothing_and_a_hundred(wish: Wish, coach: Candidate) -> None:
    assert 0 <= fit(wish, affordable(wish, coach)) <= 100


@given(wishes)
def test_the_best_coach_there_could_be_has_a_hundred(wish: Wish) -> None:
    every = strength(dict.fromkeys(range(len(ISSUES)), STRONGEST))
    best = Candidate(strength=every, goals=127, languages=3, traits=15, distance_km=0, works_online=True)
    best = replace(best, availability=1, rating_sum=5_000_000, rating_count=1_000_000, reply_hours=1)
    assert fit(wish, best) == 100


@given(wishes, coaches)
def test_the_points_of_all_reasons_are_the_score(wish: Wish, coach: Candidate) -> None:
    coach = affordable(wish, coach)
    assert sum(reason.points for reason in why(wish, coach)) == pytest.approx(score(wish, coach))


@given(wishes, coaches)
def test_no_part_wins_more_than_it_could_and_what_could_be_won_is_a_hundred(wish: Wish, coach: Candidate) -> None:
    won = parts(wish, affordable(wish, coach))
    assert all(-1e-9 <= part.points <= part.most + 1e-9 for part in won)
    assert sum(part.most for part in won if part.kind != "new") == pytest.approx(100)


@given(wishes, coaches)
def test_each_reason_is_of_another_kind_and_earned_its_points(wish: Wish, coach: Candidate) -> None:
    found = why(wish, coach)
    assert len({(reason.kind, str(reason.facts)) for reason in found}) == len(found)
    assert all(reason.points > 0 for reason in found)


@given(wishes, coaches)
def test_every_issue_told_is_one_that_was_asked_and_that_she_has_in_that_sense(wish: Wish, coach: Candidate) -> None:
    senses = {"main-issues": MAIN, "issues": LISTED, "proven": PROVEN}
    for reason in why(wish, coach):
        if reason.kind in senses:
            told = int(str(reason.facts["issues"]))
            assert told and told & ~(wish.issues | wish.past) == 0
            hers = {number: coach.strength >> number * BITS & 7 for number in range(len(ISSUES)) if told >> number & 1}
            wanted = senses[reason.kind]
            assert all((each & PROVEN if wanted == PROVEN else each & ~PROVEN) == wanted for each in hers.values())


@given(wishes, coaches, st.integers(0, len(ISSUES) - 1), st.sampled_from(SENSES))
def test_a_specialism_more_or_stronger_never_lowers(wish: Wish, coach: Candidate, issue: int, sense: int) -> None:
    coach = affordable(wish, coach)
    before = coach.strength >> issue * BITS & 7
    more = coach.strength + (max(before, sense) - before << issue * BITS)
    assert score(wish, replace(coach, strength=more)) >= score(wish, coach) - 1e-9


@given(wishes, coaches, st.integers(0, 6))
def test_a_goal_more_never_lowers(wish: Wish, coach: Candidate, goal: int) -> None:
    assert score(wish, replace(coach, goals=coach.goals | 1 << goal)) >= score(wish, coach) - 1e-9


@given(wishes, coaches, st.floats(0, 300), st.floats(0, 300))
def test_moving_nearer_never_lowers(wish: Wish, coach: Candidate, km: float, further: float) -> None:
    near, far = replace(coach, distance_km=km), replace(coach, distance_km=km + further)
    assert score(wish, near) >= score(wish, far) - 1e-9
    if wish.within_km is not None and km <= wish.within_km:
        assert score(wish, near) >= score(wish, replace(coach, distance_km=None)) - 1e-9


@given(wishes, coaches, shares, shares)
def test_more_room_and_better_stars_never_lower(wish: Wish, coach: Candidate, a: float, b: float) -> None:
    less, more = sorted((a, b))
    better = replace(coach, availability=more, rating_sum=coach.rating_sum + 1)
    assert score(wish, better) >= score(wish, replace(coach, availability=less)) - 1e-9


@given(st.integers(0, 500), st.floats(-2, 3), st.floats(-2, 3))
def test_an_earlier_time_and_more_room_are_more_availability(hours: int, a: float, b: float) -> None:
    less, more = sorted((a, b))
    later, sooner = timedelta(hours=hours + 5), timedelta(hours=hours)
    assert availability(None, more) == 0 <= availability(later, less) <= availability(sooner, more) <= 1


def test_an_issue_of_now_counts_more_than_one_that_is_over() -> None:
    wish = Wish(issues=0b01, past=0b10, within_km=40)
    for km in (0, 20, 40):
        now, over = (Candidate(strength=strength({number: MAIN}), distance_km=km) for number in (0, 1))
        assert fit(wish, now) > fit(wish, over)


def test_a_coach_who_fixes_what_hurts_now_beats_one_who_fixes_only_what_is_over() -> None:
    wish = Wish(issues=0b11, past=0b11100, goals=0b11, within_km=40)
    now = Candidate(strength=strength({0: LISTED}), price=20_000, distance_km=39)
    past = strength(dict.fromkeys((2, 3, 4), MAIN))
    over = Candidate(strength=past, goals=0b11, distance_km=0, availability=1)
    assert fit(wish, now) > fit(wish, over)


def test_a_coach_with_both_issues_beats_a_nearer_and_freer_one_with_none() -> None:
    wish = Wish(issues=0b11, within_km=40)
    both = Candidate(strength=strength({0: MAIN, 1: LISTED}), distance_km=38)
    none = Candidate(strength=strength({2: MAIN}), distance_km=0.5, availability=1, rating_sum=500, rating_count=100)
    assert fit(wish, both) > fit(wish, none)


def test_proof_raises_what_is_stated_and_never_stands_for_it() -> None:
    wish = Wish(issues=0b1)
    ladder = [fit(wish, Candidate(strength=strength({0: sense}))) for sense in SENSES]
    assert ladder == sorted(set(ladder))


def test_the_first_reason_is_what_she_fixes() -> None:
    wish = Wish(issues=0b11, within_km=40)
    coach = Candidate(strength=strength({0: MAIN, 1: LISTED}), distance_km=2.4, languages=1)
    assert [reason.kind for reason in why(wish, coach)][:3] == ["main-issues", "issues", "distance"]


def test_a_newcomer_stands_a_little_below_a_proven_coach_and_above_one_who_proved_nothing() -> None:
    wish = Wish(issues=0b1, within_km=40)
    common = Candidate(strength=strength({0: MAIN}), distance_km=5, availability=0.8)
    new = replace(common, newcomer=newness(timedelta(days=3), common.strength))
    seasoned = replace(common, rating_sum=44, rating_count=10, reply_hours=60)
    proven = replace(seasoned, strength=strength({0: MAIN + PROVEN}))
    assert score(wish, seasoned) < score(wish, new) < score(wish, proven)


def test_newness_fades_and_ends_with_the_first_proof() -> None:
    stated, proven = strength({0: MAIN, 3: LISTED}), strength({0: MAIN, 3: LISTED + PROVEN})
    shares = [newness(timedelta(days=days), stated) for days in (-1, 0, 30, 60, 90, 1000)]
    assert shares == sorted(shares, reverse=True) and (shares[0], shares[-1]) == (1, 0)
    assert newness(timedelta(days=1), proven) == 0
