"""A cadence told as a figure: "my watch says 152 steps a minute", "76 on the left foot"."""

import re
from collections.abc import Mapping

from marketplace.knowledge.need.passages import joined
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

SLOWEST_PLAIN, FASTEST_LOW = 120, 162  # steps a minute between which a figure alone is a low cadence
ONE_FOOT = range(62, 82)  # the same, counted for one foot
HALF_MINUTE_ONE_FOOT = range(31, 41)  # and for half a minute
DENIALS = frozenset({"never", "not", "can't", "cannot", "won't", "jamais", "pas", "don't"})
AIMED = 3  # tokens back from a figure to "aim for"
DENIED = 10  # tokens back from it to "never more than"
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
    plain = (
        "turnover" in hits
        or ("steps" in hits and "device" in hits)
        or ("device" in hits and bool({"slow", "metronomeword"} & hits.keys()))
    )
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
    found: list[tuple[int, int]] = []
    for i in range(sentence.first, sentence.last):
        word = story.words[i]
        if (match := _STEPS.fullmatch(word)) and not _other_unit(story, i):
            found.append((i, int(match.group(1))))
        elif word.isdigit() and (times := _times_counted(int(word), hits=sentence.hits)) and not _other_unit(story, i):
            found.append((i, times * int(word)))
    return found


def _times_counted(n: int, *, hits: Mapping[str, object]) -> int:
    """How often a count goes into the steps of a minute, one foot's or half a minute's; 0 where nothing is counted."""
    if "counted" not in hits:
        return 0
    if "halfminute" in hits:
        return 4 if n in HALF_MINUTE_ONE_FOOT else 2 if n in ONE_FOOT else 0
    return 2 if "one_foot" in hits and n in ONE_FOOT else 0


def _wished(story: Story, i: int) -> bool:
    """Whether a figure is what she shall come to ("I was told to aim for 170"), unlike "never more than 158"."""
    before = story.words[max(0, i - DENIED) : i]
    if "than" in before and DENIALS & set(before):
        return False
    return bool(small_words("cadence_aimed") & set(before[-AIMED:]))


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
    behind = [] if story.breaks[i + 1 : i + 2] != [0] else story.words[i + 1 : i + 2]
    return bool(small_words("other_units") & set(behind + story.words[max(i - 2, 0) : i]))
