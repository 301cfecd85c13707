"""Whether a time or a distance of a story is wished for: no result, no habit, no kilometre where it hurts."""

from collections.abc import Sequence
from itertools import pairwise

from marketplace.knowledge.need.clockings import Distance, Time
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.spans import tokens
from marketplace.knowledge.need.stance import stance
from marketplace.knowledge.need.terse import NAME_REACH, stands_alone, terse_wish
from marketplace.knowledge.need.text import CLAUSE, Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words
from marketplace.knowledge.need.waypoints import FIRSTS, comes_to, on_the_way, starts_from

NEAR_PB = 4  # tokens back from "a 5K PB" to the wish
CUE_REACH = 22  # tokens back to the wish that a distance belongs to
# Tokens from "finished" to "my first", from "from 2:10" to the better time, from "forget" to what is given up.
RAN_REACH, NEAR_FROM, DROPPED_REACH = 2, 6, 3
NEVER, NEVER_REACH = frozenset({"never", "jamais"}), 5  # tokens from "I've never broken" to the time
WENT = frozenset({"went", "dropped", "improved", "came", "descendu", "descendue"})
ANDS = frozenset({"and", "but", "et", "mais"})
BECOMES = frozenset({"be", "become", "etre", "devenir"})
MINE = frozenset({"my", "mon"})
ARTICLES = frozenset({"a", "an", "the", "my"})
RUNS = frozenset({"run", "running", "doing", "cours", "court", "fais", "fait", "have", "i've"})
ARROWS = ("->", "→", "=>")
_PEOPLE = ("marathoner", "runner", "guy", "marathonien", "coureur", "coureuse")
_NO_RACE = ("training", "shape", "pace", "runner", "mark", "plan")


def wished_time(
    story: Story, sentence: Sentence, time: Time, races: Sequence[Distance], clocked: Sequence[Time]
) -> bool:
    """Whether a time is a target. `races` and `clocked`: the distances and all times of its sentence."""
    first, last = tokens(story, time.start, time.end)
    if somebody_elses(story, sentence, time) or _belongs_to_a_result(story, sentence, time, first, races):
        return False
    becomes = BECOMES & set(story.words[max(sentence.first, first - 3) : first])
    if {*_PEOPLE, "now", "currently", "presentement"} & set(story.words[last : last + 1]) and not becomes:
        return False
    if story.folded[max(0, time.start - 4) : time.start].rstrip().endswith(ARROWS):
        return True
    if story.folded[time.end : time.end + 4].lstrip().startswith(ARROWS):
        return False
    if time.less and NEVER & set(story.words[max(sentence.first, first - NEVER_REACH) : first]):
        return True
    if _bettered_from(story, sentence, time, first, clocked) or stands_alone(story, sentence, first, last):
        return True
    aim, done = _aim_before(story, sentence, first), _done_before(story, sentence, first)
    if (
        story.words[first - 2 : first] in (["i", "run"], ["run", "a"])
        and aim < 0
        and not _stopped(story, first - 2, first)
    ):
        return False
    if done > aim and not (time.less and _crossed(story, done, first)):
        return any(
            last <= h[0] <= last + 4
            and not _crossed(story, last - 1, h[0])
            and not ANDS & set(story.words[last : h[0]])
            for h in sentence.hits.get("aim", ())
        )
    if aim < 0 and {"no_goal", "no_race"} & sentence.hits.keys():
        return False
    if aim >= 0 and not time.less and _habitual(story, sentence, aim, last):
        return False
    if aim >= 0 or time.less:
        return True
    if _aimed_after(story, sentence, last, clocked) or _coming(sentence):
        return True
    return terse_wish(story, sentence, races, clocked)


def wished_distance(story: Story, sentence: Sentence, distance: Distance) -> bool:
    """Whether a distance without a time is a wish: something to train for, or a race to come."""
    first, last = tokens(story, distance.start, distance.end)
    how = stance(story, sentence, Match("", first, last, frozenset()), pain=False, past_counts=True)
    if how != "now" or "no_race" in sentence.hits:
        return False
    if story.words[first].startswith(("marathoner", "marathonien")):
        return story.words[first - 1] in ("time", "aspiring", "future", "futur")
    if story.folded.startswith(("couch", "c25k", "c 25k"), distance.start):
        return not small_words("started") & set(story.words[max(first - 5, 0) : last + 3])
    if story.words[last : last + 1] in (["days"], ["weeks"], ["months"]):
        return False
    if distance.km and distance.id in ("ultra", "other") and comes_to(story, first):
        return False
    if any(0 <= h[0] - last <= 1 and story.words[h[0]] == "is" for h in sentence.hits.get("future", ())):
        return True
    if NEVER & set(story.words[max(sentence.first, first - NEVER_REACH) : first]):
        return False
    if _habit(story, sentence, first, last) or on_the_way(story, sentence, distance, first):
        return False
    if starts_from(story, distance, last):
        return False
    following = story.words[last] if last < len(story.words) else ""
    aim, done = _aim_before(story, sentence, first), _done_before(story, sentence, first)
    if _has_entered(story, sentence, done, first):
        return True
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


def wished_again(story: Story, sentence: Sentence) -> tuple[int, int] | None:
    """The tokens of "do another one", "en refaire un", where that is wished for."""
    for first, last in sentence.hits.get("once_more", ()) if "aim" in sentence.hits else ():
        if stance(story, sentence, Match("", first, last, frozenset()), pain=False, past_counts=True) == "now":
            return first, last
    return None


def _aim_before(story: Story, sentence: Sentence, first: int) -> int:
    """The last token of the nearest wish before token `first`; "my first" of a race that was run is none."""
    done = sentence.hits.get("done_result", ())
    wishes = [
        h
        for h in sentence.hits.get("aim", ())
        if h[0] < first
        and not (FIRSTS & set(story.words[h[0] : h[1]]) and any(0 <= h[0] - d[1] <= RAN_REACH for d in done))
    ]
    opens = sentence.first < first and story.words[sentence.first] in small_words("infinitives")
    return max((h[1] - 1 for h in wishes), default=sentence.first if opens else -1)


def _done_before(story: Story, sentence: Sentence, first: int) -> int:
    """The last token of the nearest result before token `first`; in "que mon 10 km passe" the "mon 10" is none."""
    wishes = sentence.hits.get("aim", ())
    done = [h for h in sentence.hits.get("done_result", ()) if not any(w[0] < h[0] < w[1] for w in wishes)]
    done = [h for h in done if not (story.words[h[0]] in MINE and any(0 <= h[0] - w[1] <= 1 for w in wishes))]
    return max((h[1] - 1 for h in done if h[0] < first), default=-1)


def given_up(story: Story, sentence: Sentence, time: Time) -> bool:
    """ "I don't care about the 1:40 any more"."""
    first, _ = tokens(story, time.start, time.end)
    return any(0 <= first - h[1] <= DROPPED_REACH for h in sentence.hits.get("dropped", ()))


def _habitual(story: Story, sentence: Sentence, aim: int, last: int) -> bool:
    """Whether "je cours le 5 km en 30 minutes" tells what is, because a wish follows ("et je voudrais 27")."""
    if any(h[0] == last for h in sentence.hits.get("aim", ())):
        return False
    told = any(h[1] - 1 == aim and story.words[h[0]] in RUNS for h in sentence.hits.get("aim", ()))
    told = told or (story.words[aim] in RUNS) or (aim > 0 and story.words[aim - 1] in RUNS)
    return told and any(h[0] >= last for h in sentence.hits.get("aim", ()))


def _bettered_from(story: Story, sentence: Sentence, time: Time, first: int, clocked: Sequence[Time]) -> bool:
    """The second time of "from 2:10 to 2:00"."""
    before = max((t for t in clocked if t.end <= time.start), key=lambda t: t.end, default=None)
    if before is None or story.words[first - 1] not in ("to", "a") or first == sentence.first:
        return False
    start = tokens(story, before.start, before.end)[0]
    opened = story.words[start - 1 : start] in (["from"], ["de"]) and start > sentence.first
    verb = story.words[max(start - 3, 0) : start - 1]
    if WENT & set(verb[-1:]) or verb in (["suis", "passe"], ["suis", "passee"]):
        return False
    return opened and first - start <= NEAR_FROM and time.readings[0][0] < before.readings[0][0]


def somebody_elses(story: Story, sentence: Sentence, time: Time) -> bool:
    """Whether the time is that of somebody who is named before it ("a friend ran 3:30")."""
    first, last = tokens(story, time.start, time.end)
    return stance(story, sentence, Match("", first, last, frozenset()), pain=False, past_counts=True) == "other"


def _belongs_to_a_result(story: Story, sentence: Sentence, time: Time, first: int, races: Sequence[Distance]) -> bool:
    """ "from 21:48", "my 4:25 marathon", "I've got my sub-2"."""
    if "from" in story.words[max(sentence.first, first - 2) : first] or story.words[first - 2 : first] == ["j", "ai"]:
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
        last <= h[0] < later and not (later < sentence.last and _crossed(story, last - 1, h[0] + 1))
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


def _has_entered(story: Story, sentence: Sentence, done: int, first: int) -> bool:
    """ "Got a 50-miler in August": not run yet."""
    told = story.words[max(done, 0)] == "got" and 0 < first - done <= NAME_REACH
    return told and story.words[done + 1] in ARTICLES and "future" in sentence.hits and "past_time" not in sentence.hits


def _stopped(story: Story, first: int, last: int) -> bool:
    """Whether a comma or a full stop stands between two tokens."""
    return any(story.breaks[i] for i in range(first + 1, last + 1))


def _crossed(story: Story, first: int, last: int) -> bool:
    """Whether a comma, or a new start ("and I…"), stands between two tokens."""
    words = story.words[first : last + 1]
    if any(a in ("and", "but", "et", "mais", "to") and b in small_words("fresh_start") for a, b in pairwise(words)):
        return True
    return any(story.breaks[i] >= CLAUSE for i in range(first + 1, min(last + 1, len(story.breaks))))
