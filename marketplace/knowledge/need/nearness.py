"""How near a cue stands to what was found, in tokens of one sentence."""

from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import Sentence


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
