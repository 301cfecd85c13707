"""The vocabulary: which words mean which concept, and finding them in a story in one pass.

An entry is a phrase: "a|b" are alternatives for one word, "word?" may be missing, "stem*" ends anyhow.
Long words of the vocabulary's `spelling` list are recognised with a letter wrong.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from itertools import product
from sys import intern
from types import MappingProxyType

from marketplace.knowledge.need.text import Story, fold, words_of
from marketplace.knowledge.need.vocabulary import entries, listed, vocabulary

MOST_REMEMBERED = 50_000  # words; then all are forgotten
LONGEST_STEM = 20  # letters; no word of the vocabulary is longer
SIDES = frozenset({"left", "right", "gauche", "droit", "droite"})
LONG_ENOUGH_FOR_ONE, LONG_ENOUGH_FOR_TWO = 6, 9  # letters that a word needs to be forgiven one or two slips
NOTHING: Mapping[str, "Node"] = MappingProxyType({})


class Node:
    """A place in the phrase tree: what may follow, exactly or by its beginning, and what ends here."""

    __slots__ = ("concepts", "exact", "stems")

    def __init__(self) -> None:
        self.exact: Mapping[str, Node] = NOTHING  # of some forty thousand nodes most have no stems, and half are ends
        self.stems: Mapping[str, Node] = NOTHING
        self.concepts: tuple[str, ...] = ()

    def grow(self, word: str) -> "Node":
        """The node that a word of a phrase leads to, made where there is none."""
        kind, word = ("stems", word[:-1]) if word.endswith("*") else ("exact", word)
        if getattr(self, kind) is NOTHING:
            setattr(self, kind, {})
        node: Node = getattr(self, kind).setdefault(word, Node())
        return node

    def after(self, word: str) -> list["Node"]:
        """The nodes that a word leads to."""
        found = [self.exact[word]] if word in self.exact else []
        if self.stems:
            found += [
                self.stems[word[:n]] for n in range(2, min(len(word), LONGEST_STEM) + 1) if word[:n] in self.stems
            ]
        return found


class Lexicon:
    """All phrases of all concepts."""

    def __init__(self, concepts: dict[str, list[str]], spelling: Iterable[str], short: dict[str, str]) -> None:
        self._short = short
        self._root = Node()
        self._first: dict[str, list[Node]] = {}
        self._known: set[str] = set()
        self._righted: dict[str, str] = {}
        for concept, phrases in concepts.items():
            for entry in phrases:
                self._add(concept, entry)
        self._root = _shared(self._root, {})
        self._near = _slips(spelling)

    def mark(self, story: Story) -> None:
        """Write the concepts found into the story's sentences."""
        words = [self._righted.get(word) or self._right(word) for word in story.words]
        for sentence in story.sentences:
            hits = sentence.hits
            for i in range(sentence.first, sentence.last):
                nodes = self._begin(words[i])
                j = i + 1
                while nodes:
                    for node in nodes:
                        for concept in node.concepts:
                            hits.setdefault(concept, []).append((i, j))
                    if j >= sentence.last:
                        break
                    following = [after for node in nodes if node.exact or node.stems for after in node.after(words[j])]
                    j += 1
                    if not following and words[j - 1] in SIDES:
                        nodes = [_unended(node) for node in nodes if node.exact or node.stems]
                    else:
                        nodes = following

    def _begin(self, word: str) -> list[Node]:
        if word not in self._first:
            if len(self._first) > MOST_REMEMBERED:
                self._first.clear()
            self._first[word] = self._root.after(word)
        return self._first[word]

    def _right(self, word: str) -> str:
        """The word, or the word of the spelling list that it nearly is; remembered."""
        if len(self._righted) > MOST_REMEMBERED:
            self._righted.clear()
        return self._righted.setdefault(word, self._corrected(word))

    def _corrected(self, word: str) -> str:
        if word in self._short:
            return self._short[word]
        if "," in word:  # "11,9": the vocabulary writes figures with a point
            return word.replace(",", ".")
        if not LONG_ENOUGH_FOR_ONE <= len(word) <= LONGEST_STEM or word in self._known or not word.isalpha():
            return word
        for form in _without(word):
            if form in self._near and abs(len(self._near[form]) - len(word)) <= 2:
                return self._near[form]
        return word

    def _add(self, concept: str, entry: str) -> None:
        for phrase in _spelt_out(entry):
            node = self._root
            for word in map(intern, phrase):
                node = node.grow(word)
                if not word.endswith("*"):
                    self._known.add(word)
            if node is not self._root and concept not in node.concepts:
                node.concepts += (concept,)


def _shared(node: Node, known: dict[object, Node]) -> Node:
    """The one of all nodes after which the same follows: most phrases end like many others."""
    what: list[object] = [node.concepts]
    for kind in ("exact", "stems"):
        if following := getattr(node, kind):
            shared = {word: _shared(after, known) for word, after in following.items()}
            setattr(node, kind, shared)
            what += (kind, *shared, *map(id, shared.values()))
    return known.setdefault(tuple(what), node)


def _unended(node: Node) -> Node:
    """The node without what ends at it: a side stands inside a phrase ("front of my left hip"), never behind it."""
    inside = Node()
    inside.exact, inside.stems = node.exact, node.stems
    return inside


def _spelt_out(entry: str) -> list[list[str]]:
    """Every plain phrase that an entry stands for."""
    choices: list[list[list[str]]] = []
    for part in entry.split():
        optional = part.endswith("?")
        options = [_stem_or_words(option) for option in part.rstrip("?").split("|")]
        choices.append(options + [[]] if optional else options)
    return [[word for option in pick for word in option] for pick in product(*choices)]


def _stem_or_words(option: str) -> list[str]:
    if option.endswith("*"):
        *before, last = words_of(option[:-1])
        return [*before, last + "*"]
    return [option] if option == "'s" else words_of(option)


def _slips(spelling: Iterable[str]) -> dict[str, str]:
    """Each word of the list under the forms that it has with letters missing."""
    found: dict[str, str] = {}
    for word in map(fold, spelling):
        for form in _without(word):
            found.setdefault(form, word)
    return found


def _without(word: str) -> set[str]:
    """The word, the word less any letter, and a long word less any two."""
    once = {word[:i] + word[i + 1 :] for i in range(len(word))}
    forms = once | {word}
    if len(word) >= LONG_ENOUGH_FOR_TWO:
        forms |= {form[:i] + form[i + 1 :] for form in once for i in range(len(form))}
    return {form for form in forms if len(form) >= LONG_ENOUGH_FOR_ONE - 1}


@cache
def lexicon() -> Lexicon:
    """The lexicon of all files of the vocabulary."""
    concepts: dict[str, list[str]] = {}
    for name in ("body", "complaints", "cues", "asking", "flagwords", "goalwords", "placewords"):
        for concept, phrases in entries(vocabulary(name)).items():
            concepts.setdefault(concept, []).extend(phrases)
    for name in ("issues", "flags", "wants", "preferences"):
        for topic, table in vocabulary(name).items():
            if "phrases" in table:
                concepts[f"@{topic}"] = listed(table["phrases"])
    short = dict(pair.split() for pair in listed(vocabulary("spelling")["short"]))
    return Lexicon(concepts, listed(vocabulary("spelling")["words"]), short)
