"""What troubles her: issues of form and pain, and the signs that want a doctor first."""

import re
from dataclasses import dataclass

from marketplace.knowledge.need.rules import VAGUE, Match, matches
from marketplace.knowledge.need.spans import quotation
from marketplace.knowledge.need.stance import Stance, resolved_next, stance
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.tree import NeededIssue, NeedFlag
from marketplace.knowledge.need.vocabulary import vocabulary

LONGEST_CLAUSE = 14  # tokens of a clause that is quoted whole
SLOWEST_PLAIN, FASTEST_LOW = 120, 162  # steps a minute between which a figure alone is a low cadence
KNEE_PAINS = ("itb", "front-knee-pain")
_STEPS = re.compile(r"(1[2-9]\d)(?:spm|ppm)?(?:-?ish)?")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of the story that says something of a topic."""

    topic: str
    because: str
    stance: Stance
    insisted: bool


def issues(story: Story) -> tuple[NeededIssue, ...]:
    """The issues of now, then those that are over; denied, feared and other people's are none."""
    found: dict[str, list[Finding]] = {}
    for sentence in story.sentences:
        over = resolved_next(story, sentence)
        for match in [*_widest(matches("issues", sentence)), *_counted_steps(story, sentence)]:
            pain = vocabulary("issues")[match.topic.lstrip(VAGUE)].get("kind") == "pain"
            how = stance(story, sentence, match, pain=pain)
            how = "over" if over and how == "now" else how
            found.setdefault(match.topic, []).append(_finding(story, sentence, match, how))
    told = [issue for topic, findings in _plainly(found).items() if (issue := _told(topic, findings))]
    return tuple(sorted(told, key=lambda issue: issue.when == "past"))


def red_flags(story: Story) -> tuple[NeedFlag, ...]:
    """The signs that stand for now."""
    found: dict[str, NeedFlag] = {}
    cleared = any("cleared" in s.hits for s in story.sentences)
    for sentence in story.sentences:
        for match in matches("flags", sentence):
            any_tense = vocabulary("flags")[match.topic].get("tense") == "any"
            if (
                match.topic in found
                or (any_tense and "long_ago" in sentence.hits)
                or (cleared and match.topic == "clinician-first")
            ):
                continue
            if stance(story, sentence, match, past_counts=any_tense) == "now" and not (
                resolved_next(story, sentence) and not any_tense
            ):
                found[match.topic] = NeedFlag(match.topic, _quote(story, match))
    return tuple(found.values())


def _plainly(found: dict[str, list[Finding]]) -> dict[str, list[Finding]]:
    """A vague finding ("my knee hurts") counts as its topic where the story does not say which pain it is."""
    plain = {topic: findings for topic, findings in found.items() if not topic.startswith(VAGUE)}
    for topic in found.keys() - plain.keys():
        if not any(f.stance == "now" for other in KNEE_PAINS for f in plain.get(other, ())):
            plain[topic.lstrip(VAGUE)] = plain.get(topic.lstrip(VAGUE), []) + found[topic]
    return plain


def _told(topic: str, findings: list[Finding]) -> NeededIssue | None:
    """One issue of all that is said of it: now wins, unless it is later said to be over or absent."""
    now = [f for f in findings if f.stance == "now"]
    past = [f for f in findings if f.stance in ("past", "over")]
    if now:
        last_now = findings.index(now[-1])
        settled = any(f.stance in ("over", "denied") for f in findings[last_now + 1 :])
        settled = settled and not any(f.insisted for f in now)
        if not settled:
            return NeededIssue(topic, now[0].because)
        return NeededIssue(topic, (past or now)[0].because, "past")
    return NeededIssue(topic, past[0].because, "past") if past else None


def _finding(story: Story, sentence: Sentence, match: Match, how: Stance) -> Finding:
    return Finding(match.topic, _quote(story, match), how, insisted="now_strong" in sentence.hits)


def _widest(found: list[Match]) -> list[Match]:
    """Of matches of one topic at the same words, the first only."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (m.first, m.last - m.first)):
        if not any(k.topic == match.topic and k.first <= match.first and match.last <= k.last for k in kept):
            kept.append(match)
    return kept


def _counted_steps(story: Story, sentence: Sentence) -> list[Match]:
    """A cadence given as a figure: "my watch says 152 steps a minute"."""
    hits = sentence.hits
    if not ("turnover" in hits or ("steps" in hits and "device" in hits) or ("device" in hits and "slow" in hits)):
        return []
    if "raise" in hits and "over_before" in hits:
        return []
    last_named = max(h[0] for name in ("turnover", "steps", "device") for h in hits.get(name, ()))
    figures = [
        (i, int(m.group(1)))
        for i in range(sentence.first, sentence.last)
        if (m := _STEPS.fullmatch(story.words[i])) and not _other_unit(story, i)
    ]
    if not figures or any(n > FASTEST_LOW for _, n in figures) and "slow" not in hits:
        return []
    i = next((i for i, n in figures if SLOWEST_PLAIN <= n <= FASTEST_LOW), None)
    if i is None:
        return []
    return [Match("low-cadence", min(i, last_named), max(i, last_named) + 1, frozenset({i, last_named}))]


def _other_unit(story: Story, i: int) -> bool:
    """Whether the figure at token i counts something else: beats, pounds, centimetres."""
    after = story.words[i + 1 : i + 2] + story.words[i - 2 : i]
    return any(
        word
        in (
            "bpm",
            "hr",
            "lbs",
            "pounds",
            "lb",
            "cm",
            "kg",
            "km",
            "k",
            "heart",
            "watts",
            "beats",
            "livres",
            "minutes",
            "min",
            "dollars",
        )
        for word in after
    )


def _quote(story: Story, match: Match) -> str:
    """Her words: the clause when it is short, else what was matched."""
    first, last = story.clause(match.first, match.last)
    if last - first <= LONGEST_CLAUSE:
        return quotation(story, first, last)
    first, last = max(first, match.first - 2), min(last, match.last + 2)
    return quotation(story, first, last)
