"""A story as tokens that remember where they stood: folded letters, sentences, clauses.

Folding makes letters lower case and takes accents off, so that the vocabulary is written once. What is
somebody else's text (readers' comments under a post, quoted lines of a thread) is left out, mark-up too.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from marketplace.knowledge.need.vocabulary import small_words

LONGEST_STORY = 20_000  # characters; what follows is not read
NO_FIGURE = re.compile(r"\d{9,}")  # nobody runs, weighs or counts as much

_TOKEN = re.compile(r"\d+(?:[.,:]\d+)+[a-z]*|\d+:xx|[a-z0-9œæß]+(?:'[a-z]+)*")
_MARKUP = re.compile(r"<[^<>\n]{0,300}>|&#?\w{1,8};")
_ENTITIES = {"&amp;": "&", "&#39;": "'", "&apos;": "'", "&rsquo;": "'", "&#8217;": "'", "&#x27;": "'", "&eacute;": "é"}
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$|^.{0,60}\bwrote:\s*$", re.MULTILINE)
_COMMENTS = re.compile(
    r"^[ \t#*]*(?:\(?\d+\)? (?:comments?|replies|responses|commentaires?|reponses?)\b.{0,40}"
    r"|(?:comments?|commentaires?|replies|reponses?|responses?) ?(?:\(\d+\))?:?[ \t]*"
    r"|related posts?\b.*|share this\b.{0,40}|leave a (?:comment|reply)\b.*|filed under\b.*|posted in\b.*"
    r"|laisser un commentaire.*|articles similaires.*|publie dans\b.*|partager\b.{0,20}"
    r"|\d{1,3}[.)] {1,4}[a-z][\w .'@&-]{1,60}$(?=\s*\n\s*\n)"
    r"|[a-z][\w .'@&-]{0,40} (?:says|said|writes|a ecrit|dit) ?:?[ \t]*)$",
    re.MULTILINE,
)
FEWEST_BEFORE_COMMENTS = 120  # characters of her own before anything counts as a comment
CLAUSE, SENTENCE = 1, 2
FIRST_PICTURE = "\u2600"  # emoji and other signs, which stand where others put a comma
MOST_GREETINGS = 2  # sentences within which a story names the child that it is about
LONGEST_REFERRED = 14  # words of a sentence that an "it" may join to the one before
LONGEST_SENTENCE, SHORTEST_PIECE = 120, 80  # words; a longer one is read in pieces, which bounds the time of any text
SHORTEST_SENTENCE, LONGEST_JOINED = 3, 9  # words


@dataclass(slots=True)
class Sentence:
    """Tokens first..last (exclusive) of a story; `hits` are the concepts found, as (start, end) token pairs."""

    first: int
    last: int
    hits: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    is_joined: bool = False  # two sentences read as one


@dataclass
class Story:
    """The story and its tokens. `breaks[i]` says what stands before token i: 0, CLAUSE or SENTENCE."""

    original: str
    folded: str
    offsets: list[int] | None
    words: list[str]
    starts: list[int]
    ends: list[int]
    breaks: list[int]
    sentences: list[Sentence]

    @cached_property
    def for_another(self) -> bool:
        """Whether she writes for her child: then what is the child's is what is asked about."""
        found = {
            concept
            for sentence in self.sentences
            for concept in ("ward", "child", "helped", "own_running")
            if concept in sentence.hits
        }
        opens = any("child_first" in sentence.hits for sentence in self.sentences[:MOST_GREETINGS])
        childs = opens and "own_running" not in found
        return childs or "ward" in found or found >= {"child", "helped"}

    def quote(self, first: int, last: int) -> str:
        """The story's own words from token `first` to `last` (exclusive)."""
        return self.between(self.starts[first], self.ends[last - 1])

    def between(self, start: int, end: int) -> str:
        """The story's own words between two places of the folded text."""
        if self.offsets is None:
            return self.original[start:end]
        after = self.offsets[end] if end < len(self.offsets) else len(self.original)
        return self.original[self.offsets[start] : after]

    def original_at(self, place: int) -> str:
        """The unfolded letter at a place of the folded text."""
        return self.original[place if self.offsets is None else self.offsets[place]]

    def clause(self, first: int, last: int) -> tuple[int, int]:
        """The clause round tokens first..last, as tokens, within its sentence."""
        while first > 0 and not self.breaks[first]:
            first -= 1
        while last < len(self.words) and not self.breaks[last]:
            last += 1
        return first, last


class _Fold(dict[int, str]):
    """One letter to one letter, so that places stay: lower case, accents off, typographic marks made plain."""

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        plain = unicodedata.normalize("NFKD", letter)[0].lower()[:1]
        folded = {"’": "'", "‘": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "\u00a0": " "}.get(
            letter, plain
        )
        self[code] = folded or " "
        return self[code]


_FOLD = _Fold()


def fold(text: str) -> str:
    """The folded text, letter for letter as long as the original (for text in composed form)."""
    return text.translate(_FOLD)


def read(story: str) -> Story:
    """The story's tokens, sentences and clauses; only the first LONGEST_STORY characters, and only her own words."""
    story = story[:LONGEST_STORY]
    text, offsets = _plain(story)
    folded = NO_FIGURE.sub(lambda digits: " " * len(digits[0]), _without_others(fold(text)))
    words, starts, ends = _tokens(folded)
    breaks = [_break(folded, words, starts, ends, text, i) for i in range(len(words))]
    _join_fragments(folded, words, ends, breaks)
    edges = [i for i, b in enumerate(breaks) if b == SENTENCE] + [len(words)]
    sentences = [piece for first, last in zip(edges, edges[1:], strict=False) for piece in _pieces(words, first, last)]
    for sentence in sentences:
        breaks[sentence.first] = SENTENCE  # a piece of a sentence without end counts as one
    return Story(story, folded, offsets, words, starts, ends, breaks, sentences)


def _pieces(words: list[str], first: int, last: int) -> Iterator[Sentence]:
    """The sentence, or what a dictated one without full stops is made of: cut before an "and" where there is one."""
    while last - first > LONGEST_SENTENCE:
        cuts = (
            i for i in range(first + LONGEST_SENTENCE, first + SHORTEST_PIECE, -1) if words[i] in small_words("ands")
        )
        cut = next(cuts, first + LONGEST_SENTENCE)
        yield Sentence(first, cut)
        first = cut
    if first < last:
        yield Sentence(first, last)


def _join_fragments(folded: str, words: list[str], ends: list[int], breaks: list[int]) -> None:
    """Terse writers put full stops where others put commas ("Left knee. Outer side. It burns."): join what is short."""
    edges = [i for i, b in enumerate(breaks) if b == SENTENCE and i] + [len(breaks)]
    start = 0
    for edge, following in zip(edges, edges[1:], strict=False):
        before, after = edge - start, following - edge
        start = edge
        short = min(before, after) <= SHORTEST_SENTENCE and max(before, after) <= LONGEST_JOINED
        refers = words[edge] in small_words("pronouns") and max(before, after) <= LONGEST_REFERRED
        if (short or refers) and folded[ends[edge - 1] : ends[edge - 1] + 2] == ". ":
            breaks[edge] = CLAUSE


def words_of(phrase: str) -> list[str]:
    """The tokens of a short phrase."""
    return _tokens(fold(phrase))[0]


def _plain(story: str) -> tuple[str, list[int] | None]:
    """The story without mark-up and in composed letters, with each letter's place where places moved."""
    if unicodedata.is_normalized("NFC", story) and "&" not in story and "<" not in story:
        return story, None
    letters: list[str] = []
    offsets: list[int] = []
    place = 0
    for mark in [*_MARKUP.finditer(story), None]:
        end = mark.start() if mark else len(story)
        for i in range(place, end):
            if unicodedata.combining(story[i]) and letters:
                continue
            letters.append(story[i])
            offsets.append(i)
        if mark:
            letters.append(
                _ENTITIES.get(mark.group(), "\n" if mark.group()[1:3].lower() in ("p>", "/p", "br", "li") else " ")
            )
            offsets.append(mark.start())
            place = mark.end()
    return "".join(letters), offsets


def _without_others(folded: str) -> str:
    if ">" in folded or "wrote:" in folded:
        folded = _QUOTED_LINE.sub(lambda m: " " * len(m.group()), folded)
    for mark in _COMMENTS.finditer(folded):
        if len(folded[: mark.start()].strip()) >= FEWEST_BEFORE_COMMENTS:
            return folded[: mark.start()]
    return folded


def _tokens(folded: str) -> tuple[list[str], list[int], list[int]]:
    found: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(folded):
        start, word = match.start(), match.group()
        while "'" in word:
            head, _, tail = word.partition("'")
            end = start + len(head)
            if tail == "s":
                found += [(head, start, end), ("'s", end, end + 2)]
                word = ""
            elif head in small_words("elisions") and tail not in ("t", "m", "ve", "ll", "d", "re"):
                found.append((head, start, end))
                start, word = end + 1, tail
            else:
                break
        if word:
            found.append((word, start, start + len(word)))
    return [word for word, _, _ in found], [start for _, start, _ in found], [end for _, _, end in found]


def _break(folded: str, words: list[str], starts: list[int], ends: list[int], text: str, i: int) -> int:
    """What stands between token i-1 and token i."""
    if i == 0:
        return SENTENCE
    gap = folded[ends[i - 1] : starts[i]]
    if gap in (" ", "'", "", "-", "/"):
        return 0
    if "\n" in gap:
        paragraph = gap.count("\n") > 1 or any(c in ".!?;:…" for c in gap)
        return SENTENCE if paragraph or not text[starts[i]].islower() else CLAUSE
    if any(c in "!?;" for c in gap):
        return SENTENCE
    if "…" in gap or "..." in gap:
        return CLAUSE
    if "." in gap:
        before = words[i - 1]
        initial = len(before) == 1 and before.isalpha() and text[starts[i - 1]].isupper() and before != "i"
        if gap.startswith(".") and (before in small_words("titles") or initial):
            return 0
        inside = before in small_words("shortened") and not text[starts[i]].isupper()
        return 0 if inside or " " not in gap and "\n" not in gap else SENTENCE
    if any(c in ',:()–—[]|•*"«»“”' or c >= FIRST_PICTURE for c in gap) or " - " in gap or "--" in gap or "+" in gap:
        return CLAUSE
    return 0
