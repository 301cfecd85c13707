"""The facts hang together: every id that one names exists, in both languages."""

import pytest

from marketplace.knowledge import catalogue
from marketplace.knowledge.facts import Words

PROMISED_ISSUES = [
    "hip-drop",
    "weak-glutes",
    "itb",
    "shin-pain",
    "low-cadence",
    "overstride",
    "trunk-lean",
    "heel-strike",
    "knee-valgus",
    "crossover",
    "arm-swing",
    "bounce",
    "front-knee-pain",
    "achilles-calf",
]
PROMISED_FLAGS = [
    "night-pain",
    "bone-point-pain",
    "cannot-hop",
    "groin-pain",
    "swelling-locking",
    "numbness",
    "saddle-numbness",
    "hot-swollen-calf",
    "chest-pain",
    "fever-weight-loss",
    "missed-periods",
    "growing-pain",
    "clinician-first",
]


def test_the_promised_issues_come_first_and_in_their_order():
    assert list(catalogue.issue_ids()[: len(PROMISED_ISSUES)]) == PROMISED_ISSUES
    assert len(catalogue.issue_ids()) <= 63, "search keeps them in one signed 64-bit mask"


def test_the_promised_red_flags_are_all_there():
    assert [flag.id for flag in catalogue.all_red_flags()] == PROMISED_FLAGS


def test_the_promised_distances_and_wants_are_all_there():
    assert [d.id for d in catalogue.all_distances()] == ["1mile", "5k", "10k", "half", "marathon", "ultra", "other"]
    assert {w.id for w in catalogue.all_wants()} == {"form-review", "plan", "strength", "rehab", "online", "in-person"}


@pytest.mark.parametrize("issue", catalogue.all_issues(), ids=lambda issue: issue.id)
def test_what_an_issue_names_exists(issue):
    assert catalogue.drills_for(issue.id)
    assert all(catalogue.issue(companion) for companion in issue.companions)
    assert issue.best_view in issue.views
    assert all(catalogue.source(source) for threshold in issue.thresholds for source in threshold.sources)
    assert set(issue.figure.angles) <= {"pelvis", "lean", "valgus", "cross", "knee", "reach"}
    assert issue.figure.view in ("rear", "side")


@pytest.mark.parametrize("drill", catalogue.all_drills(), ids=lambda drill: drill.id)
def test_a_drill_has_sources_and_is_given_for_some_issue(drill):
    assert all(catalogue.source(source) for source in drill.sources)
    assert any(drill.id in issue.drills for issue in catalogue.all_issues())


def test_emergencies_come_before_other_red_flags():
    found = catalogue.urgent_first(["night-pain", "groin-pain", "chest-pain"])
    assert [flag.id for flag in found] == ["chest-pain", "groin-pain", "night-pain"]


def test_every_text_stands_in_both_languages():
    facts = [*catalogue.all_issues(), *catalogue.all_drills(), *catalogue.all_red_flags(), *catalogue.all_wants()]
    texts = [getattr(fact, name) for fact in facts for name in ("name", "line", "how", "why") if hasattr(fact, name)]
    texts += [*catalogue.filming().rules, *catalogue.disclaimers().values()]
    for issue in catalogue.all_issues():
        texts += [issue.measure, *issue.cautions, *issue.cues, *([issue.note] if issue.note else [])]
        texts += [text for each in issue.thresholds for text in (each.label, each.value, each.strength)]
    assert all(isinstance(text, Words) and text.en and text.fr for text in texts)
    assert catalogue.issue("hip-drop").name.in_language("fr") == "Bassin qui s’affaisse"


def test_no_text_of_an_issue_is_left_in_english():
    issues = catalogue.all_issues()
    told = [text for each in issues for text in (each.line, each.measure, *each.cautions, *each.cues)]
    assert not [text.en for text in told if text.en == text.fr]
    assert not [text for each in told for text in (each.en, each.fr) if any(mark in text for mark in ("'", "+-", ">="))]


def test_what_often_comes_together_is_said_on_both_sides():
    for issue in catalogue.all_issues():
        for other in catalogue.companions_of(issue.id):
            assert issue in catalogue.companions_of(other.id) and other != issue


def test_the_sources_of_an_issue_are_all_that_its_figures_and_drills_name():
    for issue in catalogue.all_issues():
        named = {name for fact in (*issue.thresholds, *catalogue.drills_for(issue.id)) for name in fact.sources}
        found = [source.id for source in catalogue.sources_of(issue.id)]
        assert set(found) == named and len(found) == len(named)


def test_an_unknown_id_is_a_key_error():
    with pytest.raises(KeyError):
        catalogue.issue("hip_drop")
