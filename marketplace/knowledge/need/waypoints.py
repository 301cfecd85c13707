"""Kilometres that are no race: those of a week, the place where it hurts, what she can already."""

from marketplace.knowledge.need.clockings import Distance
from marketplace.knowledge.need.distances import distances
from marketplace.knowledge.need.spans import tokens
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

BETTER = frozenset({"faster", "quicker", "better", "improve", "stronger"})
RACED_OVER = frozenset({"over", "environ", "around", "about", "plus", "more"})
TRACK = 3.0  # km
TO_REACH = 3  # tokens from "from 5 km" to "to a 10K"
FIRSTS = frozenset({"first", "premier", "premiere"})


def passed(story: Story, sentence: Sentence, distance: Distance) -> bool:
    """Whether kilometres are those of a week or a place of a run, and no race ("60 km a week", "cramps from 32 km")."""
    first, last = tokens(story, distance.start, distance.end)
    if distance.km and story.words[last : last + 1] in (["mark"], ["marker"], ["sign"]):
        return True
    if distance.km is None or distance.id not in ("other", "ultra") or distance.km <= TRACK:
        return False
    if any(h[0] == last for h in sentence.hits.get("habit", ())):
        return True
    return any(h[1] == first and story.words[h[0]] not in RACED_OVER for h in sentence.hits.get("locus", ()))


def on_the_way(story: Story, sentence: Sentence, distance: Distance, first: int) -> bool:
    """Whether a figure is a place of a run ("after 5 km", "at 30K") and no race."""
    if not (distance.km or story.folded[distance.start].isdigit()) or (
        distance.km is None and distance.id in ("half", "marathon")
    ):
        return False
    if FIRSTS & set(story.words[first - 1 : first]) and small_words("own_first") & set(
        story.words[first - 2 : first - 1]
    ):
        return False
    at = story.words[first - 1 : first] == ["at"] and story.words[first - 2] not in BETTER
    return at or any(h[1] == first for h in sentence.hits.get("locus", ()))


def starts_from(story: Story, distance: Distance, last: int) -> bool:
    """ "From 5 km to 10 km", "passer du 5 au 10": what she can already."""
    first = tokens(story, distance.start, distance.end)[0]
    if first == 0 or story.words[first - 1] not in ("from", "du", "de"):
        return False
    return story.words[last : last + 1] in (["to"], ["au"], ["a"]) and bool(
        distances(story.folded, distance.end, story.ends[min(last + TO_REACH, len(story.ends) - 1)])
    )


def comes_to(story: Story, first: int) -> bool:
    """ "back to 45 k", "à 45 k": how much is run in a week."""
    before = story.words[first - 1] if first else ""
    return before in ("to", "at", "from") or (before == "a" and story.original_at(story.starts[first - 1]) in "àÀ")
