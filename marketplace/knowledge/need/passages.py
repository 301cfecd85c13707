"""Where to look in a story: sentence by sentence, and across two that follow each other when both were silent.

Terse writers spread one complaint over full stops ("Left knee, on the outer side. Always after the fourth
kilometre."). Weaker signs (`hints`) count only where nothing plainer stands.
"""

from collections.abc import Callable, Iterator

from marketplace.knowledge.need.rules import Match, matches
from marketplace.knowledge.need.text import Sentence, Story

LONGEST_PAIR = 50  # tokens
FRAGMENT = 7  # tokens of a sentence that leans on the one beside it
Passage = tuple[Sentence, list[Match]]


def passages(
    story: Story, name: str, across: Callable[[str, bool], bool], *, hints: str = "", skip: frozenset[int] = frozenset()
) -> Iterator[Passage]:
    """Each passage in which the rules of a file find something.

    `across` says whether a topic may be told over two sentences, given it and whether one of them is a fragment;
    `skip` holds the first tokens of sentences that speak of something else.
    """
    silent: Sentence | None = None
    for sentence in story.sentences:
        found = _found(name, hints, sentence)
        if not found and silent is not None and sentence.last - silent.first <= LONGEST_PAIR:
            both = joined(silent, sentence)
            fragment = min(silent.last - silent.first, sentence.last - sentence.first) <= FRAGMENT
            told = [
                m for m in _found(name, hints, both) if m.first < silent.last < m.last and across(m.topic, fragment)
            ]
            if told:
                yield both, told
                silent = None
                continue
        if found:
            yield sentence, found
        silent = None if found or sentence.first in skip else sentence


def _found(name: str, hints: str, sentence: Sentence) -> list[Match]:
    found = matches(name, sentence)
    return found or (matches(hints, sentence) if hints else [])


def joined(first: Sentence, last: Sentence) -> Sentence:
    """Two sentences read as one."""
    hits = {concept: [*places] for concept, places in first.hits.items()}
    for concept, places in last.hits.items():
        hits.setdefault(concept, []).extend(places)
    return Sentence(first.first, last.last, hits, is_joined=True)
