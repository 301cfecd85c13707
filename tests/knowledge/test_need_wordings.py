"""Each issue and each red flag is understood however plainly it is put, in either language."""

from pathlib import Path

import pytest

from marketplace.knowledge import catalogue
from marketplace.knowledge.need import understand
from tests.knowledge.finder import Towns

HERE = Path(__file__).parent


def _said(name: str) -> dict[str, list[str]]:
    said: dict[str, list[str]] = {}
    for block in (HERE / f"{name}.txt").read_text(encoding="utf-8").split("\n# ")[1:]:
        topic, *lines = block.strip().splitlines()
        said[topic] = lines
    return said


def _issues(line: str) -> set[str]:
    return set(understand(line, Towns()).issues_now)


def _flags(line: str) -> set[str]:
    return {flag.id for flag in understand(line, Towns()).red_flags}


@pytest.mark.parametrize(("name", "found"), [("wordings", _issues), ("warnings", _flags)])
def test_nearly_every_plain_wording_is_understood(name, found):
    said = _said(name)
    missed = [(topic, line) for topic, lines in said.items() for line in lines if topic not in {*found(line), "none"}]
    assert len(missed) <= 0.04 * sum(map(len, said.values())), missed


@pytest.mark.parametrize(("name", "found"), [("wordings", _issues), ("warnings", _flags)])
def test_what_says_nothing_of_it_is_seldom_misread(name, found):
    plain = _said(name)["none"]
    wrong = [(line, found(line)) for line in plain if found(line)]
    assert len(wrong) <= 0.1 * len(plain), wrong


def test_what_only_sounds_like_a_fault_is_told_from_one():
    said = [(line, {topic} - {"none"}) for topic, lines in _said("plainly").items() for line in lines]
    wrong = [(line, _issues(line)) for line, meant in said if _issues(line) != meant]
    assert len(said) >= 100
    assert len(wrong) <= 0.08 * len(said), wrong


def test_there_are_many_wordings_of_every_issue_and_red_flag():
    wordings, warnings = _said("wordings"), _said("warnings")
    assert all(len(wordings[issue]) >= 50 for issue in catalogue.issue_ids())
    assert all(len(lines) >= 20 for lines in warnings.values())
    assert len(warnings) == 14


@pytest.mark.parametrize(
    ("story", "issues"),
    [
        ("Le physio parle de la bandelette.", {"itb"}),
        ("Les genoux de ma sœur rentrent vers l'intérieur.", set()),
        ("My knee hurts on the outside when I run long? No sorry, that was my sister.", set()),
        ("J'ai eu une fasciite mais c'est parti depuis deux ans.", set()),
        ("I take about 150 steps in a minute, my friend takes 180.", {"low-cadence"}),
        ("My cadence is 178 and my vertical oscillation 7.9.", set()),
    ],
)
def test_whose_it_is_and_whether_it_is_over_are_heard(story, issues):
    assert _issues(story) == issues


def test_the_story_of_a_child_alone_is_read_as_the_childs():
    need = understand("Mon fils a 14 ans et il court. Il atterrit fort sur les talons.", Towns())
    assert set(need.issues_now) == {"heel-strike"} and [flag.id for flag in need.red_flags] == ["clinician-first"]
    beside = understand("My daughter is 12 and I run with her. My shins hurt.", Towns())
    assert not beside.red_flags


def test_french_denies_behind_the_verb():
    assert not _flags("Mon genou n'enfle pas et ne bloque pas.")
    assert _flags("Mon genou enfle et bloque.") == {"swelling-locking"}
