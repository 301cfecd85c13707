"""A cadence told as a figure: "my watch says 152 steps a minute", "76 on the left foot"."""

import re

from marketplace.knowledge.need.passages import joined
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

SLOWEST_PLAIN, FASTEST_LOW = 120, 162  # steps a minute between which a figure alone is a low cadence
ONE_FOOT = range(62, 82)  # the same, counted for one foot
AIMED = 3  # tokens back from a figure to "aim for"
NEAR = 6  # tokens between a figure and what it counts, where nothing says so plainly
_STEPS = re.compile(r"(1[2-9]\d)(?:spm|ppm)?(?:-?ish)?")


def counted_steps(story: Story, sentence: Sentence, before: Sentence | None = None) -> list[Match]:
    """The low cadence that a figure of the sentence tells, or nothing; the one before may say what is counted."""
    if before and "turnover" in before.hits and "turnover" not in sentence.hits:
        sentence = joined(before, sentence)
    hits = sentence.hits
    if "raise" in hits and "over_before" in hits:
        return []
    named = [h[0] for name in ("turnover", "steps", "device") for h in hits.get(name, ())]
    told = [(i, n) for i, n in _figures(story, sentence) if not (_wished(story, i) or _of_another(sentence, i))]
    a_minute = [i for i, _ in told if _a_minute(story, sentence, i)]
    if not (named or a_minute) or not told or (any(n > FASTEST_LOW for _, n in told) and "slow" not in hits):
        return []
    plain = "turnover" in hits or ("steps" in hits and "device" in hits) or ("device" in hits and "slow" in hits)
    low = [
        i
        for i, n in told
        if SLOWEST_PLAIN <= n <= FASTEST_LOW and (plain or i in a_minute or _on_a_watch(story, sentence, i))
    ]
    if not low:
        return []
    nearest = min(named or a_minute, key=lambda at: abs(at - low[0]))
    first, last = min(low[0], nearest), max(low[0], nearest)
    return [Match("low-cadence", first, last + 1, frozenset({first, last}))]


def _figures(story: Story, sentence: Sentence) -> list[tuple[int, int]]:
    """Each figure that may count steps a minute, with its token; one foot's count is doubled."""
    one_foot = "counted" in sentence.hits and "one_foot" in sentence.hits
    found: list[tuple[int, int]] = []
    for i in range(sentence.first, sentence.last):
        word = story.words[i]
        if (match := _STEPS.fullmatch(word)) and not _other_unit(story, i):
            found.append((i, int(match.group(1))))
        elif one_foot and word.isdigit() and int(word) in ONE_FOOT and not _other_unit(story, i):
            found.append((i, 2 * int(word)))
    return found


def _wished(story: Story, i: int) -> bool:
    """Whether a figure is what she shall come to ("I was told to aim for 170")."""
    return bool(small_words("cadence_aimed") & set(story.words[max(0, i - AIMED) : i]))


def _of_another(sentence: Sentence, i: int) -> bool:
    """Whether somebody else is named right before a figure ("my friend takes 180")."""
    return any(0 < i - h[0] <= AIMED for h in sentence.hits.get("other", ()))


def _on_a_watch(story: Story, sentence: Sentence, i: int) -> bool:
    """ "My Coros puts me at 151"; a watch tells of the heart too."""
    if small_words("heart_words") & set(story.words[sentence.first : sentence.last]):
        return False
    return any(abs(h[0] - i) <= NEAR for h in sentence.hits.get("wristwatch", ()))


def _a_minute(story: Story, sentence: Sentence, i: int) -> bool:
    """ "I'm at 152 a minute", where nothing is said of a heart."""
    if small_words("heart_words") & set(story.words[sentence.first : sentence.last]):
        return False
    return story.words[i + 1 : i + 3] in (["a", "minute"], ["per", "minute"], ["par", "minute"], ["a", "la"])


def _other_unit(story: Story, i: int) -> bool:
    """Whether the figure at token i counts something else: beats, pounds, centimetres."""
    return bool(small_words("other_units") & set(story.words[i + 1 : i + 2] + story.words[max(i - 2, 0) : i]))
