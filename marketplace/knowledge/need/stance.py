"""How a finding is meant: hers and of now, over, denied, feared, or somebody else's.

In the manner of NegEx: cues before and after the words found, each with a reach that ends at "but" or at the
sentence; phrases that only look like a denial ("won't go away") switch the cue off.
"""

from collections.abc import Iterable
from typing import Literal

from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import SENTENCE, Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

Stance = Literal["now", "past", "over", "denied", "feared", "other"]
NEG_REACH, STRONG_NEG_REACH, PAST_REACH, AFTER_REACH, OWNER_REACH, FEAR_REACH = 5, 11, 9, 9, 14, 9
HEARING_REACH, LONGEST_VERDICT, ALSO_REACH = 6, 9, 6


def stance(story: Story, sentence: Sentence, match: Match, *, pain: bool = True, past_counts: bool = False) -> Stance:
    """How `match` is meant: "over" is said to be so, "past" only told in the past tense.

    `pain`: past tense and fear matter; `past_counts`: told in the past, it is still of now.
    """
    if _denied(story, sentence, match) or _answered_no(story, sentence):
        return "denied"
    if not story.for_another and _others(story, sentence, match):
        return "other"
    if pain and _near_before(sentence, match, "fear", FEAR_REACH, spare="now_strong"):
        return "feared"
    if past_counts:
        return "now"
    if not _over(story, sentence, match, pain) or (pain and _lasts(story, sentence, match)):
        return "now"
    return "over" if _over_after(story, sentence, match) else "past"


def resolved_next(story: Story, sentence: Sentence) -> bool:
    """Whether the next sentence says, of all that was just told, that it is over ("All good now.")."""
    following = next((s for s in story.sentences if s.first == sentence.last), None)
    if following is None or following.last - following.first > LONGEST_VERDICT:
        return False
    if story.words[following.first] not in small_words("verdict"):
        return False
    if small_words("body") & following.hits.keys():
        return False
    return "over_after" in following.hits and not (_has(following, "now_strong") and not _has(following, "was"))


def _answered_no(story: Story, sentence: Sentence) -> bool:
    """ "Knee pain? No." """
    end = story.ends[sentence.last - 1]
    if sentence.last >= len(story.words) or "?" not in story.folded[end : story.starts[sentence.last]]:
        return False
    return sentence.last - sentence.first <= 6 and story.words[sentence.last] in small_words("answers_no")


def _lasts(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether what was told in the past still hurts in the next sentence ("Today it hurts on the stairs")."""
    if _over_after(story, sentence, match) or "used to" in story.quote(sentence.first, sentence.last).lower():
        return False
    following = next((s for s in story.sentences if s.first == sentence.last), None)
    if following is None or "past_time" in sentence.hits or small_words("body") & following.hits.keys():
        return False
    opens = any(h[0] < following.first + 3 for h in following.hits.get("now", ()))
    return opens and "pain" in following.hits and not {"neg", "neg_strong"} & following.hits.keys()


def _denied(story: Story, sentence: Sentence, match: Match) -> bool:
    spared = _tokens(sentence, ("neg_not",)) | match.used
    strong = _tokens(sentence, ("neg_strong",)) - spared
    weak = _tokens(sentence, ("neg",)) - spared
    if not (strong or weak):
        return False
    stops = _tokens(sentence, ("stop",))
    inside = set(range(match.first, match.last)) - match.used
    if inside & (strong | weak):
        return True
    crossed = False
    for i in range(match.first - 1, sentence.first - 1, -1):
        crossed = crossed or bool(story.breaks[i + 1])
        away = match.first - i
        if i in stops and i not in strong and (story.words[i] not in ("instead", "only", "just") or story.breaks[i]):
            return False
        if i in strong and away <= STRONG_NEG_REACH and (not crossed or _lists(story, i, match)):
            return True
        if i in weak and away <= NEG_REACH and not crossed:
            return True
    return False


def _lists(story: Story, first: int, match: Match) -> bool:
    """Whether what stands between is a list ("never had X, Y or Z") rather than another statement."""
    between = range(first + 1, match.first)
    start, end = story.clause(match.first, match.last)
    clause = story.words[start:end]
    if clause[0] in small_words("openers") and small_words("verbs") & set(clause):
        return False
    return not any(
        story.words[i] in small_words("statement") and story.words[i + 1 : i + 2] not in (["band"], ["bands"])
        for i in between
    )


def _others(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether the nearest owner named before the words is somebody else."""
    if any(0 <= h[0] - match.last <= ALSO_REACH for h in sentence.hits.get("me_too", ())):
        return False
    if _near_before(sentence, match, "hearing", HEARING_REACH):
        return True
    if match.used and _possessed(story, match):
        return True
    if "study" in sentence.hits and not {"mine"} & sentence.hits.keys():
        return True
    people = [h for h in sentence.hits.get("other", ()) if h[0] < match.last]
    theirs = [h for h in sentence.hits.get("theirs", ()) if h[0] < match.last]
    if not people and not theirs:
        return False
    reports = sentence.hits.get("reported", ())
    has = sentence.hits.get("has", ())
    mine = [h for h in sentence.hits.get("mine", ()) if h[0] < match.last and not _names_person(h, people)]
    nearest_mine = max((h[1] for h in mine), default=-1)
    owners = [h[1] for h in people if any(0 <= x[0] - h[1] <= 1 for x in has) and not _reports(h, reports)]
    owners += [h[1] for h in theirs if not _reports(h, reports)] if people else []
    owner = max((o for o in owners if o <= match.first + 1 and match.first - o <= OWNER_REACH), default=-1)
    return owner > nearest_mine


def _possessed(story: Story, match: Match) -> bool:
    """ "her hip", "his knees": the word before the first that was found."""
    first = min(match.used)
    if first and story.words[first - 1] in ("left", "right", "both"):
        first -= 1
    before = story.words[first - 1] if first else ""
    return before in ("his", "her", "their") or (before == "'s" and first > 1 and _person(story, first - 2))


def _person(story: Story, i: int) -> bool:
    """Whether a "'s" after token i names an owner ("my coach's hips"): no part of the body, no time, no "it's"."""
    told = i and story.words[i - 1] in ("my", "our", "a", "the", "his", "her")
    return bool(told) and story.words[i] not in small_words("no_owner")


def _names_person(own: tuple[int, int], people: list[tuple[int, int]]) -> bool:
    """ "my" of "my husband" (or "my best friend") names the husband, not her."""
    return any(0 <= p[0] - own[1] <= 1 for p in people)


def _reports(person: tuple[int, int], reports: Iterable[tuple[int, int]]) -> bool:
    """ "my sister says", "a friend has noticed": she tells, she is not the one told of."""
    return any(0 <= r[0] - person[1] <= 2 for r in reports)


def _over(story: Story, sentence: Sentence, match: Match, pain: bool) -> bool:
    if pain and any(match.last <= h[0] <= match.last + AFTER_REACH for h in sentence.hits.get("painless", ())):
        return True
    if _has_near(sentence, match, "now_strong", 10):
        return _over_after(story, sentence, match) and not _near_before(sentence, match, "now_strong", 6)
    if _over_after(story, sentence, match):
        return True
    asked = _near_before(sentence, match, "ask_want", 9)
    if _near_before(sentence, match, "over_before", 8) and not asked:
        return True
    reported = _has(sentence, "reported")
    if _past_before(story, sentence, match) and not (reported and not pain):
        return True
    if _told_of_then(story, sentence, match) and not _has(sentence, "now") and not asked:
        return True
    if not pain or reported or _has(sentence, "now"):
        return False
    return any(
        match.first - 3 <= h[0] <= match.last + 6 and not _between(sentence, h, match, "stop")
        for h in sentence.hits.get("was", ())
    )


def _told_of_then(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether a time that is past is named with it: not in another short sentence that was joined to its own."""
    for first, last in sentence.hits.get("past_time", ()):
        low, high = (last, match.first) if first < match.first else (match.last, first)
        if low > high or ". " not in story.folded[story.ends[low - 1] : story.starts[min(high, len(story.starts) - 1)]]:
            return True
    return False


def _past_before(story: Story, sentence: Sentence, match: Match) -> bool:
    ages = _tokens(sentence, ("yearsold", "now"))
    for first, last in sentence.hits.get("past", ()):
        if first in ages or not match.first - PAST_REACH <= first < match.last:
            continue
        before = story.words[first - 1] if first > sentence.first else ""
        perfect = (
            before in ("have", "i've", "'ve", "has", "ive", "haven't")
            or story.words[first] == "had"
            and "have" in story.words[max(first - 2, 0) : first]
        )
        if (
            story.words[first] == "had"
            and last < len(story.words)
            and story.words[last] in ("my", "to", "a", "him", "her")
            and _has(sentence, "reported")
        ):
            continue
        if (
            not perfect
            and not _between(sentence, (first, last), match, "stop")
            and not _has_near(sentence, match, "now", 5)
        ):
            return True
    return False


def _over_after(story: Story, sentence: Sentence, match: Match) -> bool:
    spared = _tokens(sentence, ("neg_not",)) - _tokens(sentence, ("over_after",))
    for first, last in sentence.hits.get("over_after", ()):
        if first in spared or not match.last <= first <= match.last + AFTER_REACH:
            continue
        if story.words[first - 1] in small_words("unsettled"):
            continue
        told = range(match.last, first)
        if any(story.breaks[i] for i in told) and small_words("contrast") & {story.words[i] for i in told}:
            continue
        if not _between(sentence, (first, last), match, "stop"):
            return True
    return False


def _between(sentence: Sentence, hit: tuple[int, int], match: Match, concept: str) -> bool:
    low, high = (hit[1], match.first) if hit[0] < match.first else (match.last, hit[0])
    return any(low <= h[0] < high for h in sentence.hits.get(concept, ()))


def _near_before(sentence: Sentence, match: Match, concept: str, reach: int, spare: str = "") -> bool:
    if spare and _has_near(sentence, match, spare, 5):
        return False
    return any(
        h[0] < match.first and match.first - h[1] <= reach and not _between(sentence, h, match, "stop")
        for h in sentence.hits.get(concept, ())
        if h[0] not in match.used
    )


def _has_near(sentence: Sentence, match: Match, concept: str, reach: int) -> bool:
    return any(h[1] > match.first - reach and h[0] < match.last + reach for h in sentence.hits.get(concept, ()))


def _has(sentence: Sentence, concept: str) -> bool:
    return concept in sentence.hits


def _tokens(sentence: Sentence, concepts: tuple[str, ...]) -> set[int]:
    return {i for concept in concepts for h in sentence.hits.get(concept, ()) for i in range(*h)}


__all__ = ["SENTENCE", "Stance", "resolved_next", "stance"]
