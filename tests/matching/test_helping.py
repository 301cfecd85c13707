"""What is said to help does help, as much as is said, and is nothing but honest."""

from dataclasses import fields, replace
from datetime import timedelta

from hypothesis import given

from marketplace.matching.helping import MOST_MAIN_ISSUES, fit, what_helps
from marketplace.matching.masks import ISSUES, mask
from marketplace.matching.score import Candidate, Wish, parts
from tests.matching.test_score import NOW, coaches, wishes

HONEST = {"issues", "main_issues", "goals", "languages", "evenings", "weekends", "next_opening_at", "turnaround_hours"}


@given(wishes, coaches)
def test_nothing_is_promised_that_the_score_would_not_give(wish: Wish, coach: Candidate) -> None:
    for each in what_helps(wish, coach):
        won = fit(wish, each.then) - fit(wish, coach)
        assert 1 <= each.points <= won + 1e-6 < each.points + 1 + 1e-6


@given(wishes, coaches)
def test_only_what_is_honest_to_change_is_advised(wish: Wish, coach: Candidate) -> None:
    for each in what_helps(wish, coach):
        changed = {one.name for one in fields(coach) if getattr(coach, one.name) != getattr(each.then, one.name)}
        assert changed and changed <= HONEST
        assert each.then.issues & coach.issues == coach.issues
        assert each.then.main_issues & ~each.then.issues == 0
        if each.kind == "main-issue":
            assert each.then.main_issues.bit_count() <= MOST_MAIN_ISSUES


@given(wishes, coaches)
def test_the_most_helpful_stands_first_and_nothing_twice(wish: Wish, coach: Candidate) -> None:
    found = what_helps(wish, coach)
    assert [each.points for each in found] == sorted((each.points for each in found), reverse=True)
    said = [(each.kind, tuple(each.facts.items())) for each in found]
    assert len(set(said)) == len(said)
    assert sum(each.kind in ("opening", "answer") for each in found) <= 1


@given(wishes, coaches)
def test_parts_sum_to_the_fit(wish: Wish, coach: Candidate) -> None:
    found = parts(wish, coach)
    assert all(0 <= part.points <= part.most + 1e-9 for part in found)
    assert abs(sum(part.most for part in found) - 100) < 1e-6


def test_a_runner_for_evenings_is_helped_by_evenings_her_issues_and_an_earlier_time() -> None:
    issues = mask(["hip-drop", "weak-glutes", "itb"], ISSUES)
    wish = Wish(now=NOW, issues=issues, languages=2, within_km=40, evenings=True)
    coach = Candidate(
        issues=mask(["hip-drop", "weak-glutes"], ISSUES),
        main_issues=mask(["hip-drop"], ISSUES),
        languages=1,
        price=9000,
        distance_km=3,
        next_opening_at=NOW + timedelta(days=18),
    )
    found = {(each.kind, each.facts.get("issues")): each for each in what_helps(wish, coach)}
    assert {kind for kind, _ in found} == {"list-issue", "main-issue", "language", "evenings", "opening"}
    assert ("list-issue", mask(["itb"], ISSUES)) in found and ("main-issue", mask(["weak-glutes"], ISSUES)) in found
    assert found["opening", None].facts["instead"] == 18 * 24


def test_a_coach_who_has_it_all_is_told_nothing() -> None:
    wish = Wish(now=NOW, issues=1, goals=1, languages=1, within_km=40, evenings=True)
    coach = Candidate(issues=1, main_issues=1, goals=1, languages=3, evenings=True, distance_km=1)
    assert not what_helps(wish, replace(coach, next_opening_at=NOW + timedelta(hours=5)))


def test_who_only_answers_clips_is_told_of_answers_and_not_of_openings() -> None:
    wish = Wish(now=NOW, issues=1)
    found = what_helps(wish, Candidate(issues=1, main_issues=1, turnaround_hours=240))
    assert [each.kind for each in found] == ["answer"]


def test_a_fourth_main_issue_is_never_advised() -> None:
    wish = Wish(now=NOW, issues=0b1111)
    coach = Candidate(issues=0b1111, main_issues=0b111, next_opening_at=NOW + timedelta(hours=2))
    assert not what_helps(wish, coach)
