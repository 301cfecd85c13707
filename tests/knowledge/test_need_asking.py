"""What she wants to run, and what she asks of a coach, in plain sentences of one kind each."""

import pytest

from marketplace.knowledge.need import understand
from tests.knowledge.finder import Towns


@pytest.mark.parametrize(
    ("story", "goals"),
    [
        ("I'm hoping for fifty minutes on a 10k this fall.", [("10k", 3000)]),
        ("I'm aiming for forty-five minutes over 10k.", [("10k", 2700)]),
        (
            "I'd like to do the ten-kilometre race and, if I managed it in about 65 minutes, I'd be happy.",
            [("10k", 3900)],
        ),
        ("J'aimerais faire le 20 km en environ deux heures.", [("other", 7200)]),
        ("My 10k is 58 and I want to get down to 52.", [("10k", 3120)]),
        ("My 10k PB is 49, I want 46.", [("10k", 2760)]),
        ("Mon 10 km est à 55 et je veux descendre à 50.", [("10k", 3000)]),
        ("It's the last ten kilometres that kill me in a marathon. I want to run 3:30.", [("marathon", 12600)]),
        ("Je veux un plan pour ne pas manquer mon trail de 30 km en septembre.", [("other", None)]),
        ("I don't want to miss my half marathon in May.", [("half", None)]),
        ("My 10k is in 6 weeks. I want to finish it.", [("10k", None)]),
        ("I'm going for a run of 30 minutes three times a week.", []),
        ("In about 20 minutes my knee starts to hurt.", []),
        ("After about 30 minutes of a 10k my knee hurts.", []),
    ],
)
def test_a_goal_is_read_however_its_time_is_told(story, goals):
    found = understand(story, Towns()).goals
    assert [(goal.distance, goal.target_seconds_max) for goal in found] == goals


@pytest.mark.parametrize(
    ("story", "asked", "not_asked"),
    [
        ("I run. Could you look at a few clips of me?", {"form-review", "online"}, set()),
        ("Je cours. Quelqu'un pourrait regarder quelques vidéos de moi?", {"form-review", "online"}, set()),
        ("Tout peut se faire par mail, je veux un plan de course.", {"plan", "online"}, set()),
        ("Runner here. I'd rather get stronger feet. Is there somebody who can help?", {"strength"}, set()),
        ("Je cours et j'aimerais avoir des hanches plus fortes.", {"strength"}, set()),
        ("I run. My coach is good for the schedule; I want someone to look at my form.", {"form-review"}, {"plan"}),
        ("Mon coach s'occupe du plan, je veux juste un avis sur ma foulée.", {"form-review"}, {"plan"}),
        ("I run. Check my gait, please. I still do my exercises, so no need for more of those.", set(), {"strength"}),
        ("Mon tibia fait mal en courant. Quelqu'un pour m'aider à guérir ça sans tout arrêter?", {"rehab"}, set()),
        ("Mon ischio est raide. J'ai besoin de quelqu'un pour me ramener à mon niveau d'avant.", {"rehab"}, set()),
        ("My calf is sore after runs. Can someone help me get rid of it for good?", {"rehab"}, set()),
    ],
)
def test_what_is_asked_of_a_coach_is_told_from_what_she_has(story, asked, not_asked):
    wants = set(understand(story, Towns()).wants)
    assert asked <= wants, wants
    assert not not_asked & wants, wants
