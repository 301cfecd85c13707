"""How a finding is meant: hers and of now, over, denied, feared, or somebody else's.

In the manner of NegEx: cues before and after the words found, each with a reach that ends at "but" or at the
sentence; phrases that only look like a denial ("won't go away") switch the cue off.
"""

from typing import Literal

from marketplace.knowledge.need.nearness import between, has_near, near_before, never_without
from marketplace.knowledge.need.owners import others
from marketplace.knowledge.need.questions import answered_no, wonders
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

Stance = Literal["now", "past", "over", "denied", "feared", "other"]
NEG_REACH, STRONG_NEG_REACH, PAST_REACH, AFTER_REACH, FEAR_REACH, AGAIN_REACH = 5, 11, 9, 9, 9, 3
SINCE = frozenset({"since", "depuis", "after", "apres", "avec", "with", "thanks", "grace"})
LONGEST_VERDICT, THEN_REACH, COMPARED_REACH, WAS_REACH, USED_REACH = 9, 18, 5, 9, 2


def stance(story: Story, sentence: Sentence, match: Match, *, pain: bool = True, past_counts: bool = False) -> Stance:
    """How `match` is meant: "over" is said to be so, "past" only told in the past tense.

    `pain`: past tense and fear matter; `past_counts`: told in the past, it is still of now.
    """
    if never_without(story, sentence, match):
        return "now"
    if (
        _denied(story, sentence, match)
        or answered_no(story, sentence)
        or (not pain and ("not_running" in sentence.hits or wonders(story, sentence, match)))
    ):
        return "denied"
    if not story.for_another and others(story, sentence, match):
        return "other"
    if pain and near_before(sentence, match, "fear", FEAR_REACH, spare="now_strong"):
        return "feared"
    if pain and near_before(sentence, match, "fear_again", AGAIN_REACH):
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


def _lasts(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether what was told in the past still hurts in the next sentence ("Today it hurts on the stairs")."""
    if _over_after(story, sentence, match) or "used to" in story.quote(sentence.first, sentence.last).lower():
        return False
    following = next((s for s in story.sentences if s.first == sentence.last), None)
    if following is None or "past_time" in sentence.hits or small_words("body") & following.hits.keys():
        return False
    if "lasting" in following.hits:
        return True
    opens = any(h[0] < following.first + 3 for h in following.hits.get("now", ()))
    return opens and "pain" in following.hits and not {"neg", "neg_strong"} & following.hits.keys()


def _denied(story: Story, sentence: Sentence, match: Match) -> bool:
    if _denied_after(story, match):
        return True
    spared = _tokens(sentence, ("neg_not",)) | match.used
    strong = _apart(sentence, "neg_strong", match) - spared
    weak = _apart(sentence, "neg", match) - spared
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


def _denied_after(story: Story, match: Match) -> bool:
    """ "Mon genou n'enfle pas": French denies behind its verb."""
    behind = story.words[match.last : match.last + 1]
    if behind not in (["pas"], ["jamais"], ["plus"]) or story.breaks[match.last]:
        return False
    return any(story.words[i] in ("n", "ne") and i not in match.used for i in range(match.first, match.last))


def _apart(sentence: Sentence, concept: str, match: Match) -> set[int]:
    """The tokens of a concept that is no part of what was found ("pas de fesses" denies nothing)."""
    hits = sentence.hits.get(concept, ())
    return {i for h in hits if not match.used & set(range(*h)) for i in range(*h)}


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


def _over(story: Story, sentence: Sentence, match: Match, pain: bool) -> bool:
    if pain and any(match.last <= h[0] <= match.last + AFTER_REACH for h in sentence.hits.get("painless", ())):
        return True
    if not pain and _used_to(story, sentence, match):
        return True
    if has_near(sentence, match, "now_strong", 10):
        return _over_after(story, sentence, match) and not near_before(sentence, match, "now_strong", 6)
    if _over_after(story, sentence, match):
        return True
    asked = near_before(sentence, match, "ask_want", 9)
    if near_before(sentence, match, "over_before", 8) and not asked:
        return True
    reported = _has(sentence, "reported")
    if _past_before(story, sentence, match) and not (reported and not pain):
        return True
    seen = (
        reported and not pain and not has_near(sentence, match, "was", WAS_REACH)
    )  # what a film of last summer shows is still so
    if not seen and _told_of_then(story, sentence, match) and not _has(sentence, "now") and not asked:
        return True
    if not pain or reported or _has(sentence, "now"):
        return False
    return any(
        match.first - 3 <= h[0] <= match.last + 6 and not between(sentence, h, match, "stop")
        for h in sentence.hits.get("was", ())
        if not _compared(sentence, h[0])
    )


def _used_to(story: Story, sentence: Sentence, match: Match) -> bool:
    """ "I used to overstride … and now I land under my hips"."""
    told = [h[1] for h in sentence.hits.get("past", ()) if story.words[h[0] : h[1]] == ["used", "to"]]
    return any(0 <= match.first - end <= USED_REACH for end in told)


def _told_of_then(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether a time that is past is named with it: not in another short sentence that was joined to its own."""
    for first, last in sentence.hits.get("past_time", ()):
        low, high = (last, match.first) if first < match.first else (match.last, first)
        if high - low > THEN_REACH:
            continue
        if low > high or ". " not in story.folded[story.ends[low - 1] : story.starts[min(high, len(story.starts) - 1)]]:
            return True
    return False


def _past_before(story: Story, sentence: Sentence, match: Match) -> bool:
    ages = _tokens(sentence, ("yearsold", "now"))
    for first, last in sentence.hits.get("past", ()):
        told = first in ages or first in match.used or "asked_others" in sentence.hits
        if told or not match.first - PAST_REACH <= first < match.last or _compared(sentence, first):
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
            and not between(sentence, (first, last), match, "stop")
            and not has_near(sentence, match, "now", 5)
        ):
            return True
    return False


def _compared(sentence: Sentence, at: int) -> bool:
    """Whether a past tense only paints ("as if it were", "comme si j'avais")."""
    return any(0 <= at - h[1] <= COMPARED_REACH for h in sentence.hits.get("compared", ()))


def _over_after(story: Story, sentence: Sentence, match: Match) -> bool:
    spared = _tokens(sentence, ("neg_not",)) - _tokens(sentence, ("over_after",))
    for first, last in sentence.hits.get("over_after", ()):
        if first in spared or not match.last <= first <= match.last + AFTER_REACH:
            continue
        if story.words[first - 1] in small_words("unsettled") or _for_a_while(story, last):
            continue
        told = range(match.last, first)
        if any(story.breaks[i] for i in told) and small_words("contrast") & {story.words[i] for i in told}:
            continue
        if not between(sentence, (first, last), match, "stop") or _of_the_same(story, sentence, first):
            return True
    return False


def _of_the_same(story: Story, sentence: Sentence, first: int) -> bool:
    """ "but it's gone", "mais depuis l'hiver c'est fini": a "but" that goes on about the same thing."""
    stop = max((h[1] for h in sentence.hits.get("stop", ()) if h[1] <= first), default=first)
    told = story.words[stop:first]
    if stop < first and (told[0] in SINCE or story.words[stop - 1] in SINCE):
        return bool(small_words("same") & set(story.words[first - 1 : first + 1]))
    return stop < first and set(told) <= small_words("same")


def _for_a_while(story: Story, last: int) -> bool:
    """ "gone by supper", "fine once I'm warm": it comes back."""
    return story.words[last : last + 1] != [] and story.words[last] in small_words("passing") and not story.breaks[last]


def _has(sentence: Sentence, concept: str) -> bool:
    return concept in sentence.hits


def _tokens(sentence: Sentence, concepts: tuple[str, ...]) -> set[int]:
    return {i for concept in concepts for h in sentence.hits.get(concept, ()) for i in range(*h)}


__all__ = ["Stance", "resolved_next", "stance"]
