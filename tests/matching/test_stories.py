"""The stories that a coach may try are understood as what they are meant to say."""

import pytest

from marketplace.knowledge import catalogue
from marketplace.knowledge.need import Need, understand
from marketplace.matching.stories import AIMS, typical
from tests.knowledge.finder import Towns


def read(story: str) -> Need:
    return understand(story, Towns())


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("issue", catalogue.issue_ids())
def test_each_story_says_its_issue_its_place_and_no_more(issue: str, language: str) -> None:
    for story in typical([issue], [], "Ottawa, ON", language):
        need = read(story)
        assert [each.id for each in need.issues] == [issue], story
        assert need.place and need.place.name == "Ottawa", story
        assert need.seeker and not need.red_flags and not need.goals, story
        assert need.language == language


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("goal", AIMS)
def test_the_second_story_has_two_issues_a_goal_and_evenings(goal: str, language: str) -> None:
    story = typical(["hip-drop", "shin-pain", "bounce"], [goal], "Ottawa, ON", language)[1]
    need = read(story)
    assert {each.id for each in need.issues} == {"shin-pain", "bounce"}, story
    assert [each.distance for each in need.goals] == [goal], story
    assert "evenings" in {each.kind for each in need.preferences}, story


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_third_story_is_of_somebody_free_at_weekends(language: str) -> None:
    need = read(typical(["hip-drop", "itb"], ["10k"], "Ottawa, ON", language)[2])
    assert "weekends" in {each.kind for each in need.preferences}


def test_who_lists_nothing_has_no_story() -> None:
    assert typical([], ["10k"], "Ottawa, ON", "en") == []
