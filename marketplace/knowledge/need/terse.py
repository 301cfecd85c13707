"""Wishes told in few words, with no word that says so: "Half in 1:45", "Windsor half, 1:45", "Four-fifteen."."""

from collections.abc import Sequence

from marketplace.knowledge.need.clockings import Distance, Time
from marketplace.knowledge.need.spans import tokens
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

NAME_REACH = 4  # tokens behind a distance that may name the race: "semi de Lyon en…"
LONGEST_PLAIN = 9  # tokens of a sentence of a time and a race
LONGEST_TERSE = 8  # tokens behind the distance
LONGEST_TO_TIME = 24  # letters
INTO = frozenset({"in", "en", "entre", "between"})
PAST_BEST = frozenset(
    {"pb", "pr", "best", "record", "ran", "did", "took", "temps", "time", "meilleur", "fait", "couru"}
)


def terse_wish(story: Story, sentence: Sentence, races: Sequence[Distance], clocked: Sequence[Time] = ()) -> bool:
    """ "Half in 1:45": a clause that opens with a distance and only says in which time; or "Windsor half, 1:45"."""
    if {"done_result", "past", "was", "past_time", "habit"} & sentence.hits.keys():
        return False
    for distance in races if len(races) == 1 else ():
        first, last = tokens(story, distance.start, distance.end)
        begin, end = story.clause(first, last)
        if _told_with_comma(story, distance, clocked) or _opens_with_time(story, sentence, distance, clocked):
            return True
        opens = not small_words("subjects") & set(story.words[begin:end])
        if opens and end - last <= LONGEST_TERSE and INTO & set(story.words[last : last + NAME_REACH]):
            return True
    return False


def stands_alone(story: Story, sentence: Sentence, first: int, last: int) -> bool:
    """ "Four-fifteen. That's the number on my fridge.": a time that fills a sentence and that the next one names."""
    if (first, last) != (sentence.first, sentence.last):
        return False
    named = story.words[last : last + 2] in (["that", "'s"], ["c", "est"], ["that", "is"], ["voila", "ce"])
    following = next((s for s in story.sentences if s.first == last), None)
    return bool(named and following and not PAST_BEST & set(story.words[last : following.last]))


def _opens_with_time(story: Story, sentence: Sentence, distance: Distance, clocked: Sequence[Time]) -> bool:
    """ "90 minutes for the half.", "3h40 au marathon de Montréal": a short sentence of nothing else."""
    if len(clocked) != 1 or sentence.last - sentence.first > LONGEST_PLAIN:
        return False
    first, last = tokens(story, clocked[0].start, clocked[0].end)
    joined = story.words[last : last + 1] and story.words[last] in ("for", "at", "in", "au", "sur", "pour")
    return bool(joined) and first == sentence.first and clocked[0].end <= distance.start


def _told_with_comma(story: Story, distance: Distance, clocked: Sequence[Time]) -> bool:
    """A race named and, behind a comma, a time: "Marathon d'Ottawa, 3 h 59"."""
    behind = [t for t in clocked if t.start >= distance.end]
    if len(clocked) != 1 or not behind or distance.km is not None:
        return False
    between = story.folded[distance.end : behind[0].start]
    return "," in between and between.count(",") == 1 and len(between) <= LONGEST_TO_TIME
