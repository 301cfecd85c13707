"""What a story tells besides its issues: sides, beginnings, results, and which place of a name."""

from collections.abc import Mapping, Sequence

import pytest

from marketplace.knowledge.need import understand
from tests.knowledge.finder import Town, Towns

RUNS = "I run in Ottawa. "
LONDONS = [
    Town(1, "London", "ENG", "GB", 8_900_000, 51.5, -0.1),
    Town(2, "London", "ON", "CA", 422_000, 42.98, -81.23),
    Town(3, "London", "KY", "US", 8_000, 37.1, -84.1),
]
WOODSTOCK = [Town(4, "Woodstock", "ON", "CA", 46_000, 43.13, -80.75)]


class Two:
    """Londons and a Woodstock near one of them."""

    def find(self, phrases: Sequence[str]) -> Mapping[str, Sequence[Town]]:
        known = {"London": LONDONS, "Woodstock": WOODSTOCK, "London, Ontario": LONDONS[1:2]}
        return {phrase: known[phrase] for phrase in phrases if phrase in known}


@pytest.mark.parametrize(
    ("story", "side", "onset"),
    [
        ("The outside of my right knee burns after 6 km.", "right", "after 6 km"),
        ("My left Achilles is stiff in the morning.", "left", "in the morning"),
        ("Both my shins ache after 20 minutes.", "both", "after 20 minutes"),
        ("Mon genou gauche me fait mal en avant, dans les descentes.", "left", "dans les descentes"),
        ("Mes deux tibias brûlent au bout de dix minutes.", "both", "au bout de dix minutes"),
        ("Right now my shins hurt.", None, None),
        ("I am all right but my calf is tight.", None, None),
        ("My cadence is 152, what's left to try?", None, None),
    ],
)
def test_an_issue_says_which_side_and_when_it_begins(story, side, onset):
    issue = understand(RUNS + story, Towns()).issues[0]
    assert (issue.side, issue.onset) == (side, onset)


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("I ran a 10K in 54:10 in October. I want a half in 1:55.", [("10k", 3250)]),
        ("Mon dernier 10 km : 52 min. Je vise sous 50.", [("10k", 3120)]),
        ("My 5K PB is 22:40 and I'd like 21:30.", [("5k", 1360)]),
        ("My husband ran 3:10 in the marathon. I want to run 10K.", []),
        ("I ran 1:40 for the half ten years ago. I want to run a half in 1:55.", []),
        ("I want a half in 1:55.", []),
    ],
)
def test_a_result_is_hers_and_of_late(story, expected):
    assert [(each.distance, each.seconds) for each in understand(story, Towns()).results] == expected


def test_the_larger_place_is_meant_and_the_others_are_offered():
    place = understand("My hip drops when I run. I live in London.", Two()).place
    assert place is not None and (place.country, [each.region for each in place.others]) == ("GB", ["ON"])


def test_a_second_place_says_which_of_several_is_meant():
    place = understand("My hip drops when I run. I live in London and work in Woodstock.", Two()).place
    assert place is not None and (place.region, [each.country for each in place.others]) == ("ON", ["GB"])


def test_a_place_told_with_its_region_leaves_nothing_to_offer():
    place = understand("My hip drops when I run. I live in London, Ontario.", Two()).place
    assert place is not None and (place.region, place.others) == ("ON", ())


@pytest.mark.parametrize(
    ("story", "expected"),
    [
        ("44:10 now. 42 by fall", [("10k", 2520, 2520)]),
        ("sub 3 or bust", [("marathon", None, 10800)]),
        ("I'd like to knock two minutes off my 51:30 10K.", [("10k", 2970, 2970)]),
        ("I want my 5K to start with a 1.", [("5k", None, 1200)]),
        ("I'd like to run a 5K in under half an hour.", [("5k", None, 1800)]),
        ("My PB is 48:12 for 10K. I'd love to see a time that starts with 46.", [("10k", 2760, 2819)]),
        ("I run the 800 and want to go under 2 minutes.", [("other", None, 120)]),
        ("Je cours le 5 km en 30 minutes et je voudrais le faire en 27.", [("5k", 1620, 1620)]),
        ("I did my first half in 2:24 and I want help with my form.", []),
        ("I don't care about the 1:40 any more, I just want to finish the half.", [("half", None, None)]),
    ],
)
def test_times_are_read_as_runners_say_them(story, expected):
    found = understand(story, Towns()).goals
    assert [(g.distance, g.target_seconds_min, g.target_seconds_max) for g in found] == expected


def test_a_cadence_that_was_raised_is_an_issue_of_the_past():
    story = "My hips drop. I started to run with an increased cadence and that has helped my shin splints."
    found = {issue.id: issue.when for issue in understand(story, Towns()).issues}
    assert found == {"hip-drop": "now", "low-cadence": "past", "shin-pain": "past"}


def test_one_complaint_over_two_short_sentences_is_found():
    story = "I run. Left knee, on the outer side. Always after the fourth kilometre, like a butter knife."
    assert understand(story, Towns()).issues_now == ("itb",)


def test_what_is_only_mentioned_counts_where_nothing_plainer_stands():
    assert understand("I run. Something is up with my left calf.", Towns()).issues_now == ("achilles-calf",)
    beside = understand(
        "My physio says that my hips drop. Something odd goes on with my calf as well. I saw my posture.", Towns()
    )
    assert beside.issues_now == ("hip-drop", "achilles-calf")
    assert understand("I run. My calves are fine. I want a plan.", Towns()).issues_now == ()


def test_a_goal_has_the_date_that_stands_beside_it():
    goals = understand("I ran a 10K in 54:10 in October and want a half in 1:55 by May.", Towns()).goals
    assert [(each.distance, each.by) for each in goals] == [("half", "by May")]
