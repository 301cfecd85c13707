"""Whether a time or a distance of a story is wished for: no result, no habit, no kilometre where it hurts."""

from collections.abc import Sequence
from itertools import pairwise

from marketplace.knowledge.need.clockings import Distance, Time
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.spans import last_before, tokens
from marketplace.knowledge.need.stance import stance
from marketplace.knowledge.need.text import CLAUSE, Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

NEAR_PB = 4  # tokens back from "a 5K PB" to the wish
LONGEST_TERSE = 8  # tokens behind the distance
CUE_REACH = 22  # tokens back to the wish that a distance belongs to
_PEOPLE = ("marathoner", "runner", "guy", "marathonien", "coureur", "coureuse")
_NO_RACE = ("training", "shape", "pace", "runner", "mark", "plan")


def wished_time(
    story: Story, sentence: Sentence, time: Time, races: Sequence[Distance], clocked: Sequence[Time]
) -> bool:
    """Whether a time is a target. `races` and `clocked`: the distances and all times of its sentence."""
    first, last = tokens(story, time.start, time.end)
    if _somebody_elses(story, sentence, first, last) or _belongs_to_a_result(story, sentence, time, first, races):
        return False
    if story.words[last : last + 1] and story.words[last] in (*_PEOPLE, "now", "currently", "presentement"):
        return False
    if story.folded[max(0, time.start - 4) : time.start].rstrip().endswith(("->", "→", "=>")):
        return True
    aim, done = last_before(sentence, "aim", first), last_before(sentence, "done_result", first)
    if story.words[first - 2 : first] in (["i", "run"], ["run", "a"]) and aim < 0:
        return False
    if done > aim and not (time.less and _crossed(story, done, first)):
        return any(
            last <= h[0] <= last + 4 and not _crossed(story, last - 1, h[0]) for h in sentence.hits.get("aim", ())
        )
    if aim >= 0 or time.less:
        return True
    return _aimed_after(story, sentence, last, clocked) or _coming(sentence) or terse_wish(story, sentence, races)


def wished_distance(story: Story, sentence: Sentence, distance: Distance) -> bool:
    """Whether a distance without a time is a wish: something to train for, or a race to come."""
    first, last = tokens(story, distance.start, distance.end)
    how = stance(story, sentence, Match("", first, last, frozenset()), pain=False, past_counts=True)
    if how != "now" or "no_goal" in sentence.hits or story.words[first].startswith(("marathoner", "marathonien")):
        return False
    if story.folded.startswith(("couch", "c25k", "c 25k"), distance.start):
        return not small_words("started") & set(story.words[max(first - 5, 0) : last + 3])
    if _habit(story, sentence, first, last) or _on_the_way(story, sentence, distance, first):
        return False
    following = story.words[last] if last < len(story.words) else ""
    aim, done = last_before(sentence, "aim", first), last_before(sentence, "done_result", first)
    if following in ("pb", "pr"):
        return aim >= max(0, first - NEAR_PB)
    if following in _NO_RACE and distance.id != "5k":
        return False
    if aim < 0 and any(last <= h[0] <= last + 6 for h in sentence.hits.get("past_time", ())):
        return False
    coming = sentence.hits.get("future", ())
    if done > aim and (done >= first - 8 or not any(h[0] >= last for h in coming)):
        return False
    if aim >= 0 and first - aim <= CUE_REACH:
        return True
    near = any(abs(h[0] - last) <= 7 for h in coming) or any(
        last <= h[0] <= last + 5 for h in sentence.hits.get("aim", ())
    )
    return near and done < 0


def terse_wish(story: Story, sentence: Sentence, races: Sequence[Distance]) -> bool:
    """ "Half in 1:45": a clause that opens with a distance and says no more than in which time."""
    if {"done_result", "past", "was", "past_time", "habit"} & sentence.hits.keys():
        return False
    for distance in races if len(races) == 1 else ():
        first, last = tokens(story, distance.start, distance.end)
        begin, end = story.clause(first, last)
        opens = first == max(begin, sentence.first) or story.words[begin:first] in (["a"], ["un"], ["my"], ["mon"])
        if opens and end - last <= LONGEST_TERSE and story.words[last : last + 1] in (["in"], ["en"]):
            return True
    return False


def _somebody_elses(story: Story, sentence: Sentence, first: int, last: int) -> bool:
    return stance(story, sentence, Match("", first, last, frozenset()), pain=False, past_counts=True) == "other"


def _belongs_to_a_result(story: Story, sentence: Sentence, time: Time, first: int, races: Sequence[Distance]) -> bool:
    """ "from 21:48", "my 4:25 marathon", "I've got my sub-2"."""
    if "from" in story.words[max(sentence.first, first - 2) : first]:
        return True
    if story.words[first - 1 : first] not in (["my"], ["mon"]) or first == sentence.first:
        return False
    named = any(0 <= d.start - time.end < 12 for d in races)
    return (named and not time.less) or story.words[first - 2] in ("got", "have", "had")


def _aimed_after(story: Story, sentence: Sentence, last: int, clocked: Sequence[Time]) -> bool:
    """Whether a wish follows ("1:55 would make my year") that is not the wish of a later time."""
    starts = [tokens(story, t.start, t.end)[0] for t in clocked]
    later = min((start for start in starts if start >= last), default=sentence.last)
    return any(
        last <= h[0] < later and not (later < sentence.last and _crossed(story, last, h[0] + 1))
        for h in sentence.hits.get("aim", ())
    )


def _coming(sentence: Sentence) -> bool:
    return "future" in sentence.hits and not {"done_result", "habit"} & sentence.hits.keys()


def _habit(story: Story, sentence: Sentence, first: int, last: int) -> bool:
    if any(h[0] == last for h in sentence.hits.get("habit", ())):
        return True
    if story.words[first - 1 : first] in (["the"], ["le"], ["a"], ["un"], ["first"], ["premier"]):
        return False
    return any(
        last - 1 <= h[0] <= last + 3 or (first - 4 <= h[0] < first and not _stopped(story, h[0], first))
        for h in sentence.hits.get("habit", ())
    )


def _stopped(story: Story, first: int, last: int) -> bool:
    """Whether a comma or a full stop stands between two tokens."""
    return any(story.breaks[i] for i in range(first + 1, last + 1))


def _on_the_way(story: Story, sentence: Sentence, distance: Distance, first: int) -> bool:
    """Whether a figure is a place of a run ("after 5 km", "at 30K") and no race."""
    if not story.folded[distance.start].isdigit():
        return False
    return story.words[first - 1 : first] == ["at"] or any(h[1] == first for h in sentence.hits.get("locus", ()))


def _crossed(story: Story, first: int, last: int) -> bool:
    """Whether a comma, or a new start ("and I…"), stands between two tokens."""
    words = story.words[first : last + 1]
    if any(a in ("and", "but", "et", "mais", "to") and b in small_words("fresh_start") for a, b in pairwise(words)):
        return True
    return any(story.breaks[i] >= CLAUSE for i in range(first + 1, min(last + 1, len(story.breaks))))
