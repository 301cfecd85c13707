"""What is said to help does help, as much as is said, and is nothing but honest."""

from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.matching.helping import MOST_MAIN_ISSUES, Waiting, what_helps
from marketplace.matching.masks import ISSUES, LANGUAGES, TRAITS, mask
from marketplace.matching.score import Candidate, Wish, score
from marketplace.matching.stored import LISTED, MAIN, PROVEN, availability, strength
from tests.matching.test_score import coaches, wishes

HONEST = {"strength", "newcomer", "goals", "languages", "traits", "availability", "reply_hours"}
HIP, GLUTES, ITB = (ISSUES.index(issue) for issue in ("hip-drop", "weak-glutes", "itb"))
waits = st.builds(
    Waiting, st.none() | st.integers(0, 900).map(lambda hours: timedelta(hours=hours)), for_clip=st.booleans()
)


def consistent(coach: Candidate, waiting: Waiting) -> Candidate:
    """The coach with the availability of that wait, and the room that she had."""
    return replace(coach, availability=availability(waiting.wait, coach.availability))


@given(wishes, coaches, waits)
def test_nothing_is_promised_that_the_score_would_not_give(wish: Wish, coach: Candidate, waiting: Waiting) -> None:
    coach = consistent(coach, waiting)
    for each in what_helps(wish, coach, waiting):
        won = score(wish, each.then) - score(wish, coach)
        assert 1 <= each.points <= won + 1e-6 < each.points + 1 + 1e-6
        assert each.then.availability <= 1 + 1e-9


@given(wishes, coaches, waits)
def test_only_what_is_honest_to_change_is_advised(wish: Wish, coach: Candidate, waiting: Waiting) -> None:
    coach = consistent(coach, waiting)
    for each in what_helps(wish, coach, waiting):
        changed = {one.name for one in fields(coach) if getattr(coach, one.name) != getattr(each.then, one.name)}
        assert changed and changed <= HONEST
        assert (each.then.traits ^ coach.traits) & ~mask(["evenings", "weekends"], TRAITS) == 0
        levels = [(coach.strength >> at & 7, each.then.strength >> at & 7) for at in range(0, 63, 3)]
        assert all(after >= before for before, after in levels)
        if each.kind == "main-issue":
            assert sum(after & MAIN == MAIN for _, after in levels) <= MOST_MAIN_ISSUES


@given(wishes, coaches, waits)
def test_the_most_helpful_stands_first_and_nothing_twice(wish: Wish, coach: Candidate, waiting: Waiting) -> None:
    found = what_helps(wish, consistent(coach, waiting), waiting)
    assert [each.points for each in found] == sorted((each.points for each in found), reverse=True)
    said = [(each.kind, tuple(each.facts.items())) for each in found]
    assert len(set(said)) == len(said)
    assert sum(each.kind in ("opening", "answer") for each in found) <= 1


def test_a_runner_for_evenings_is_helped_by_evenings_her_issues_proof_and_an_earlier_time() -> None:
    issues = mask(["hip-drop", "weak-glutes", "itb"], ISSUES)
    french, evenings = mask(["fr"], LANGUAGES), mask(["evenings"], TRAITS)
    wish = Wish(issues=issues, languages=french, within_km=40, traits=evenings)
    waiting = Waiting(timedelta(days=18))
    levels = strength({HIP: MAIN, GLUTES: LISTED})
    coach = Candidate(strength=levels, languages=1, distance_km=3, availability=availability(waiting.wait, 1))
    found = {(each.kind, each.facts.get("issues")): each for each in what_helps(wish, coach, waiting)}
    kinds = {kind for kind, _ in found}
    assert kinds == {"list-issue", "main-issue", "prove", "language", "evenings", "opening"}
    assert ("list-issue", 1 << ITB) in found and ("main-issue", 1 << GLUTES) in found
    assert found["opening", None].facts["instead"] == 18 * 24


def test_who_is_nearly_full_or_slow_is_told_so() -> None:
    wish, soon = Wish(issues=1 << HIP), Waiting(timedelta(hours=20))
    coach = Candidate(
        strength=strength({HIP: MAIN + PROVEN}), availability=availability(soon.wait, 0.1), reply_hours=90
    )
    assert {each.kind for each in what_helps(wish, coach, soon)} == {"room", "reply"}


def test_a_coach_who_has_it_all_is_told_nothing() -> None:
    wish = Wish(issues=1 << HIP, goals=1, languages=1, within_km=40, traits=1)
    best = Candidate(strength=strength({HIP: MAIN + PROVEN}), goals=1, languages=3, traits=1, distance_km=1)
    assert not what_helps(wish, replace(best, availability=1), Waiting(timedelta(hours=5)))


def test_who_only_answers_clips_is_told_of_answers_and_not_of_openings() -> None:
    wish, waiting = Wish(issues=1 << HIP), Waiting(timedelta(hours=240), for_clip=True)
    coach = Candidate(strength=strength({HIP: MAIN + PROVEN}), availability=availability(waiting.wait, 1))
    assert [each.kind for each in what_helps(wish, coach, waiting)] == ["answer"]


def test_a_fourth_main_issue_is_never_advised() -> None:
    wish = Wish(issues=0b1111)
    levels = {0: MAIN + PROVEN, 1: MAIN + PROVEN, 2: MAIN + PROVEN, 3: LISTED + PROVEN}
    coach = Candidate(strength=strength(levels), availability=1)
    assert not what_helps(wish, coach, Waiting(timedelta(hours=2)))
