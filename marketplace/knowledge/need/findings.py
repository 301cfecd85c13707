"""What troubles her: issues of form and pain, and the signs that want a doctor first."""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.knowledge.need.cadence import counted_steps
from marketplace.knowledge.need.details import onset, side
from marketplace.knowledge.need.owners import said_of_one
from marketplace.knowledge.need.passages import passages
from marketplace.knowledge.need.rules import PAST, VAGUE, Match, matches
from marketplace.knowledge.need.spans import quotation
from marketplace.knowledge.need.stance import Stance, resolved_next, stance
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.tree import NeededIssue, NeedFlag
from marketplace.knowledge.need.vocabulary import small_words, vocabulary

LONGEST_CLAUSE = 14  # tokens of a clause that is quoted whole
SLOWLY_TOLD = ("night-pain", "bone-point-pain", "growing-pain", "groin-pain")  # signs that may take two sentences
PASSING = ("fever-weight-loss",)  # a sign of any time, but not when it is said to be over
MOST_FINDINGS = 40  # of one topic; what a longer story adds is a repetition
# What is felt in a part of the body that is named without saying how.
FELT = (
    "shin-pain",
    "achilles-calf",
    "hamstring",
    "hip-flexor",
    "low-back",
    "plantar-fascia",
    "itb",
    "arm-swing",
)
AWAY = 2  # tokens from what is plain to what is only mentioned
BESIDE = 3  # tokens
CLEARED_REACH = 5  # tokens back from "cleared" to what denies it
# What is well, or asked for lest anything begin: a part only mentioned beside it is no issue.
PRAISE = frozenset({"keeps_fit", "armeasy", "hipfine", "partfine", "prevention"})
SETTLED = ("past", "over", "other")  # what is so told is not mentioned once more as hers of now
KNEE_PAINS = ("itb", "front-knee-pain")


@dataclass(frozen=True, slots=True)
class Finding:
    """One place of the story that says something of a topic."""

    topic: str
    because: str
    stance: Stance
    sentence: Sentence
    match: Match


def issues(story: Story, *, faint: bool) -> tuple[NeededIssue, ...]:
    """The issues of now, then those that are over; denied, feared and other people's are none.

    `faint`: parts of the body that are only mentioned count too, where nothing plainer stands.
    """
    found: dict[str, list[Finding]] = {}
    for sentence, marks in _marks(story):
        over = resolved_next(story, sentence)
        for match in marks:
            topic = match.topic.lstrip(PAST)
            if len(found.setdefault(topic, [])) >= MOST_FINDINGS or _meant_otherwise(sentence, match):
                continue
            how = stance(story, sentence, match, pain=_hurts(topic))
            if sentence.is_joined and how != "now":
                continue
            if how == "now" and not story.for_another and said_of_one(sentence, match):
                how = "other"
            if how == "now" and (over or match.topic.startswith(PAST)):
                how = "over"
            found[topic].append(Finding(topic, _quote(story, match), how, sentence, match))
    told = [issue for topic, findings in _plainly(found).items() if (issue := _told(story, topic, findings))]
    if faint:
        told += _mentioned(story, found, any(issue.when == "now" for issue in told))
    return tuple(sorted(told, key=lambda issue: issue.when == "past"))


def _meant_otherwise(sentence: Sentence, match: Match) -> bool:
    """ "I bounce between jobs", "on se croise au parc": a word found stands in a saying of another meaning."""
    return any(match.used & set(range(*h)) for h in sentence.hits.get("otherwise", ()))


def _mentioned(story: Story, found: dict[str, list[Finding]], any_now: bool) -> list[NeededIssue]:
    """What a part of the body that she only names most likely means: beside other issues, only what is felt there.

    Of form a bare mention says too little in a story that asks for a plan ("my arms get cold on winter runs"), of pain
    in one that says that nothing hurts.
    """
    plain = {i for findings in found.values() for f in findings if f.stance == "now" for i in f.match.used}
    spoken_of = {
        topic.lstrip(VAGUE)
        for topic, findings in found.items()
        if any(any_now or finding.stance in SETTLED for finding in findings)
    }
    asks_else = any("plan" in s.hits for s in story.sentences)
    well = any("all_well" in s.hits for s in story.sentences)
    for sentence in (s for s in story.sentences if not PRAISE & s.hits.keys()):
        for match in sorted(matches("mentions", sentence), key=lambda match: (match.first, -match.last)):
            if match.topic in spoken_of or (any_now and match.topic not in FELT):
                continue
            if well if _hurts(match.topic) else asks_else:
                continue
            near = set(range(match.first - AWAY, match.last + AWAY))
            if near & plain or not _hers(story, match) or said_of_one(sentence, match):
                continue
            if stance(story, sentence, match, pain=_hurts(match.topic)) == "now" and not resolved_next(story, sentence):
                because = Finding(match.topic, _quote(story, match), "now", sentence, match)
                return [_of_now(story, match.topic, [because])]
    return []


def _hers(story: Story, match: Match) -> bool:
    """Whether "my", "both" or a side stands right before it, or in it."""
    return bool(small_words("possessed") & set(story.words[max(match.first - 3, 0) : match.last]))


def _marks(story: Story) -> Iterator[tuple[Sentence, list[Match]]]:
    pairs = zip(story.sentences, [None, *story.sentences], strict=False)
    counted = {s.first: steps for s, before in pairs if (steps := counted_steps(story, s, before))}
    for sentence, marks in passages(story, "issues", _told_across, hints="hints", skip=frozenset(counted)):
        yield sentence, [*_widest(marks), *counted.pop(sentence.first, [])]
    yield from ((s, counted[s.first]) for s in story.sentences if s.first in counted)


def _told_across(topic: str, fragment: bool) -> bool:
    return fragment or _hurts(topic)


def _hurts(topic: str) -> bool:
    return bool(vocabulary("issues")[topic.lstrip(VAGUE + PAST)].get("kind") == "pain")


def red_flags(story: Story) -> tuple[NeedFlag, ...]:
    """The signs that stand for now."""
    found: dict[str, NeedFlag] = {}
    cleared = _cleared(story)
    for sentence, marks in passages(story, "flags", lambda topic, _: topic in SLOWLY_TOLD):
        for match in marks:
            any_tense = vocabulary("flags")[match.topic].get("tense") == "any"
            if match.topic in PASSING and stance(story, sentence, match) == "over":
                continue
            if (
                match.topic in found
                or (any_tense and _long_ago(story, sentence, match))
                or (cleared and match.topic == "clinician-first")
            ):
                continue
            if stance(story, sentence, match, past_counts=any_tense) == "now" and not (
                resolved_next(story, sentence) and not any_tense
            ):
                found[match.topic] = NeedFlag(match.topic, _quote(story, match))
    return tuple(found.values())


def _cleared(story: Story) -> bool:
    """Whether a doctor has let her run; not "nobody's cleared me", "until I'm cleared"."""
    told = (h[0] for s in story.sentences for h in s.hits.get("cleared", ()))
    return any(not small_words("uncleared") & set(story.words[max(0, i - CLEARED_REACH) : i + 1]) for i in told)


def _long_ago(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether a time long past is named in the clause, or right beside it."""
    first, last = story.clause(match.first, match.last)
    return any(first <= h[0] < last + BESIDE for h in sentence.hits.get("long_ago", ()))


def _plainly(found: dict[str, list[Finding]]) -> dict[str, list[Finding]]:
    """A vague finding ("my knee hurts") counts as its topic where the story does not say which pain it is."""
    plain = {topic: findings for topic, findings in found.items() if not topic.startswith(VAGUE)}
    for topic in found.keys() - plain.keys():
        if not any(f.stance == "now" for other in KNEE_PAINS for f in plain.get(other, ())):
            plain[topic.lstrip(VAGUE)] = plain.get(topic.lstrip(VAGUE), []) + found[topic]
    return plain


def _told(story: Story, topic: str, findings: list[Finding]) -> NeededIssue | None:
    """One issue of all that is said of it: now wins, unless it is later said to be over or absent."""
    now = [f for f in findings if f.stance == "now"]
    past = [f for f in findings if f.stance in ("past", "over")]
    if now:
        last_now = findings.index(now[-1])
        later = [f for f in findings[last_now + 1 :] if f.sentence is not now[-1].sentence]
        settled = any(f.stance in ("over", "denied") for f in later)
        settled = settled and not any("now_strong" in f.sentence.hits for f in now)
        if not settled:
            return _of_now(story, topic, now)
        return NeededIssue(topic, (past or now)[0].because, "past")
    return NeededIssue(topic, past[0].because, "past") if past else None


def _of_now(story: Story, topic: str, now: list[Finding]) -> NeededIssue:
    """An issue of now with the first side and the first beginning that are told of it."""
    sides = (side(story, f.sentence, f.match) for f in now)
    onsets = (onset(story, f.sentence, f.match) for f in now) if _hurts(topic) else iter(())
    which, begins = next((s for s in sides if s), None), next((o for o in onsets if o), None)
    return NeededIssue(topic, now[0].because, "now", which, begins)


def _widest(found: list[Match]) -> list[Match]:
    """Of matches of one topic at the same words, the closest only, in the order told."""
    kept: list[Match] = []
    for match in sorted(found, key=lambda m: (m.last - m.first, m.first)):
        if not any(k.topic == match.topic and match.first <= k.first and k.last <= match.last for k in kept):
            kept.append(match)
    return sorted(kept, key=lambda m: m.first)


def _quote(story: Story, match: Match) -> str:
    """Her words: the clause when it is short, else what was matched."""
    first, last = story.clause(match.first, match.last)
    if last - first <= LONGEST_CLAUSE:
        return quotation(story, first, last)
    first, last = max(first, match.first - 2), min(last, match.last + 2)
    return quotation(story, first, last)
