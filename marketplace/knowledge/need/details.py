"""What a complaint tells besides: which side, and when in a run it begins, in the story's words."""

from marketplace.knowledge.need.clockings import pattern
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.spans import letters
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.tree import Side
from marketplace.knowledge.need.vocabulary import small_words

BESIDE = 5  # tokens before and after the words found in which a side counts
LONGEST_ONSET = 48  # letters
SIDELESS = frozenset({"trunk-lean", "low-back", "bounce", "low-cadence", "heel-strike", "overstride", "pelvic-tilt"})


def side(story: Story, sentence: Sentence, match: Match) -> Side | None:
    """ "left", "right", "both", or None where none is named or the two are told apart."""
    if match.topic in SIDELESS:
        return None
    first, last = max(sentence.first, match.first - BESIDE), min(sentence.last, match.last + BESIDE)
    named: set[Side] = {
        found
        for i in range(first, last)
        if (found := _side_at(story, i, sentence.last)) and not _crossed(story, i, match)
    }
    if "both" in named:
        return "both"
    return next(iter(named)) if len(named) == 1 else None


def onset(story: Story, sentence: Sentence, match: Match) -> str | None:
    """When it begins: "after 8 km", "au bout de 20 minutes", "on downhills"."""
    start, end = letters(story, sentence)
    found = [m for m in pattern("onset").finditer(story.folded, start, end) if m.end() - m.start() <= LONGEST_ONSET]
    middle = story.starts[match.first]
    nearest = min(found, key=lambda m: abs(m.start() - middle), default=None)
    return story.between(nearest.start(), nearest.end()) if nearest else None


def _side_at(story: Story, i: int, last: int) -> Side | None:
    word = story.words[i]
    following = story.words[i + 1] if i + 1 < last and not story.breaks[i + 1] else ""
    before = story.words[i - 1] if i else ""
    if word in small_words("side_both") or (word == "deux" and before in small_words("side_both_before")):
        return "both"
    if word in small_words("side_left"):
        meant = word != "left" or (following not in small_words("side_left_not") and before != "'s")
        return "left" if meant else None
    if word in small_words("side_right"):
        return (
            "right"
            if following not in small_words("side_right_not") and before not in small_words("side_not")
            else None
        )
    return None


def _crossed(story: Story, i: int, match: Match) -> bool:
    """Whether more than a comma's breath lies between: another clause with a side of its own."""
    low, high = (i + 1, match.first) if i < match.first else (match.last, i)
    return sum(1 for k in range(low, high + 1) if k < len(story.breaks) and story.breaks[k]) > 1
