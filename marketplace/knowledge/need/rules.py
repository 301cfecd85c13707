"""Rules of the vocabulary: concepts that mean something when they stand close together.

"hip|pelvis sinks /6" fires when both stand within six tokens of one sentence, in any order; ">" asks for the
written order; "-outer" forbids a concept in or beside the span, "--calf" in the whole sentence; "=" is a
phrase of the topic itself.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

from marketplace.knowledge.need.text import Sentence
from marketplace.knowledge.need.vocabulary import vocabulary

USUAL_WINDOW = 8  # tokens from the first word of the first concept to the last of the last
MOST_HITS = 10  # places of a sentence that a rule is tried at
BESIDE = 4  # tokens before and after the span in which a forbidden concept counts
VAGUE = "~"  # before the topic of a rule that holds only where nothing plainer was found
PAST = "<"  # before the topic of a rule that tells of what is over
Hit = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the vocabulary, read."""

    topic: str
    terms: tuple[tuple[str, ...], ...]
    forbidden: tuple[str, ...]
    banned: tuple[str, ...]
    window: int
    ordered: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fired: the topic, the tokens from first to last (exclusive), and the tokens that it used."""

    topic: str
    first: int
    last: int
    used: frozenset[int]


@cache
def rules(name: str) -> dict[str, list[Rule]]:
    """The rules of one file, under each concept of their first term."""
    by_first: dict[str, list[Rule]] = {}
    for topic, table in vocabulary(name).items():
        for rule in _of_topic(topic, table):
            for concept in rule.terms[0]:
                by_first.setdefault(concept, []).append(rule)
    return by_first


def matches(name: str, sentence: Sentence) -> list[Match]:
    """What the rules of one file find in a sentence, at most one span for each first hit of a rule."""
    hits = sentence.hits
    by_first = rules(name)
    found: list[Match] = []
    for concept in hits:
        for rule in by_first.get(concept, ()):
            if all(any(option in hits for option in term) for term in rule.terms[1:]):
                found.extend(match for hit in hits[concept][:MOST_HITS] if (match := _fit(rule, hit, hits)))
    return _each_once(found)


def _each_once(found: list[Match]) -> list[Match]:
    """One match for each topic and span."""
    return list({(match.topic, match.first, match.last): match for match in found}.values())


def _fit(rule: Rule, hit: Hit, hits: dict[str, list[Hit]]) -> Match | None:
    """The rule with its first term at `hit` and the others at their nearest, or None."""
    chosen = [hit]
    for term in rule.terms[1:]:
        options = [h for concept in term for h in hits.get(concept, ()) if not any(_overlap(h, c) for c in chosen)]
        if rule.ordered:
            options = [h for h in options if h[0] >= chosen[-1][1]]
        if not options:
            return None
        chosen.append(min(options, key=lambda h: (_distance(h, hit), h)))
    first, last = min(h[0] for h in chosen), max(h[1] for h in chosen)
    if last - first > rule.window and len(chosen) > 1:
        return None
    if any(concept in hits for concept in rule.banned):
        return None
    for concept in rule.forbidden:
        if any(h[1] > first - BESIDE and h[0] < last + BESIDE for h in hits.get(concept, ())):
            return None
    used = frozenset(i for h in chosen for i in range(*h))
    return Match(rule.topic, first, last, used)


def _overlap(a: Hit, b: Hit) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def _distance(a: Hit, b: Hit) -> int:
    return a[0] - b[1] if a[0] >= b[1] else b[0] - a[1]


def _of_topic(topic: str, table: dict[str, Any]) -> list[Rule]:
    written = list(table.get("rules", []))
    if "phrases" in table:
        written.append("=")
    vague = [_read(VAGUE + topic, line) for line in table.get("vague", [])]
    past = [_read(PAST + topic, line) for line in table.get("past", [])]
    return [_read(topic, line) for line in written] + vague + past


def _read(topic: str, line: str) -> Rule:
    terms: list[tuple[str, ...]] = []
    forbidden: list[str] = []
    banned: list[str] = []
    window, ordered = USUAL_WINDOW, False
    for part in line.split():
        if part == ">":
            ordered = True
        elif part.startswith("/"):
            window = int(part[1:])
        elif part.startswith("--"):
            banned += part[2:].split("|")
        elif part.startswith("-"):
            forbidden += part[1:].split("|")
        else:
            terms.append(tuple(f"@{topic}" if option == "=" else option for option in part.split("|")))
    return Rule(topic, tuple(terms), tuple(forbidden), tuple(banned), window, ordered)
