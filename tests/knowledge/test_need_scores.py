"""Labelled stories in many voices are understood: recall high, false findings rare, no red flag missed."""

import pytest

from marketplace.knowledge.need import understand
from tests.knowledge import labels
from tests.knowledge.finder import Towns
from tests.knowledge.score import Score, score

VOICES = [
    story for name in ("voices", *(f"voices{n}" for n in range(2, 13)), "pictures") for story in labels.invented(name)
]
STORIES = labels.examples() + labels.invented() + labels.invented("short") + VOICES


@pytest.fixture(scope="module")
def examples() -> Score:
    return score(labels.examples())


@pytest.fixture(scope="module")
def invented() -> Score:
    return score(labels.invented())


@pytest.fixture(scope="module")
def short() -> Score:
    return score(labels.invented("short"))


@pytest.fixture(scope="module", params=["en", "fr"])
def voices(request) -> Score:
    return score([story for story in VOICES if story["language"] == request.param])


@pytest.mark.parametrize("kind", ["issues", "goals", "place", "seeker"])
def test_voices_from_elsewhere_are_understood_in_both_languages(voices, kind):
    assert voices.stories >= 100
    assert voices.recall(kind) >= 0.95, voices.slips
    assert voices.false_a_story(kind) <= 0.1, voices.slips


def test_no_voice_has_a_red_flag_that_is_missed(voices):
    assert voices.recall("red flags") == 1, voices.slips
    assert voices.false_a_story("red flags") <= 0.1, voices.slips


@pytest.mark.parametrize("kind", ["issues", "goals", "place", "red flags", "wants", "preferences", "seeker"])
def test_short_and_plain_stories_are_understood(short, kind):
    assert short.recall(kind) >= 0.95, short.slips
    assert short.false_a_story(kind) <= 0.05, short.slips


@pytest.mark.parametrize("kind", ["issues", "goals", "wants", "place"])
def test_the_examples_are_understood(examples, kind):
    assert examples.recall(kind) >= 0.95, examples.slips


@pytest.mark.parametrize("kind", ["issues", "goals", "wants", "place", "preferences"])
def test_nine_of_ten_labels_are_found_in_our_own_stories(invented, kind):
    assert invented.recall(kind) >= 0.9, invented.slips


@pytest.mark.parametrize("kind", ["issues", "goals", "wants", "red flags"])
def test_at_most_one_story_in_five_gets_something_that_is_not_there(examples, invented, kind):
    assert examples.false_a_story(kind) <= 0.2, examples.slips
    assert invented.false_a_story(kind) <= 0.2, invented.slips


def test_every_red_flag_is_found(examples, invented):
    assert examples.recall("red flags") == 1, examples.slips
    assert invented.recall("red flags") == 1, invented.slips


@pytest.mark.parametrize("kind", ["language", "coach language", "seeker"])
def test_languages_and_seekers_are_told(examples, invented, kind):
    assert examples.recall(kind) == 1, examples.slips
    assert invented.recall(kind) >= 0.95, invented.slips


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story["id"])
def test_every_because_is_a_quotation(story):
    need = understand(story["text"], Towns())
    told = [*need.issues, *need.goals, *need.preferences, *need.red_flags, *([need.place] if need.place else [])]
    assert all(item.because and item.because in story["text"] for item in told), told


def test_there_are_enough_stories_in_both_languages():
    assert len(labels.invented()) >= 40
    assert sum(story["language"] == "fr" for story in labels.invented()) >= 15
    assert sum(not story["seeker"] for story in labels.invented()) >= 10
