"""How near a cue stands to what was found, in tokens of one sentence."""

from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import Sentence, Story

WITHOUT_REACH, CANNOT_REACH = 5, 8  # tokens from "without" to what was found, and back to "can't"
_CANNOT = frozenset({"can't", "cannot", "cant", "couldn't", "peux", "pouvais", "capable", "arrive"})
_BELIEVE = frozenset({"believe", "croire", "imagine", "imaginer"})  # "I can't believe I ran it without pain"
_CANNOT_PLAIN = frozenset({"can't", "cannot", "cant", "couldn't"})  # the others want their "pas"


def between(sentence: Sentence, hit: tuple[int, int], match: Match, concept: str) -> bool:
    """Whether a concept stands between a cue and what was found."""
    low, high = (hit[1], match.first) if hit[0] < match.first else (match.last, hit[0])
    return any(low <= h[0] < high for h in sentence.hits.get(concept, ()))


def near_before(sentence: Sentence, match: Match, concept: str, reach: int, spare: str = "") -> bool:
    """Whether a concept stands at most `reach` tokens before what was found; not where `spare` is near."""
    if spare and has_near(sentence, match, spare, 5):
        return False
    return any(
        h[0] < match.first and match.first - h[1] <= reach and not between(sentence, h, match, "stop")
        for h in sentence.hits.get(concept, ())
        if h[0] not in match.used
    )


def has_near(sentence: Sentence, match: Match, concept: str, reach: int) -> bool:
    """Whether a concept stands at most `reach` tokens before or after what was found."""
    return any(h[1] > match.first - reach and h[0] < match.last + reach for h in sentence.hits.get(concept, ()))


def never_without(story: Story, sentence: Sentence, match: Match) -> bool:
    """ "I can't run 2 km without getting chest pains": what she is never without, she has."""
    for i in range(max(sentence.first, match.first - WITHOUT_REACH), match.first):
        before = set(story.words[max(sentence.first, i - CANNOT_REACH) : i])
        if before & _BELIEVE:
            continue
        if story.words[i] in ("without", "sans") and before & _CANNOT and before & (_CANNOT_PLAIN | {"pas", "plus"}):
            return True
    return False
