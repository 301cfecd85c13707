"""The stretches of a story that may name a place, and what the words beside each make it worth."""

import re
from dataclasses import dataclass, replace
from functools import cache

from marketplace.knowledge.need.capitals import gap, name_end, writes_capitals
from marketplace.knowledge.need.placeworth import ALONE, IN, LIVES, NAMED, RACE, worth
from marketplace.knowledge.need.spans import tokens
from marketplace.knowledge.need.text import Sentence, Story, fold
from marketplace.knowledge.need.vocabulary import entries, small_words, vocabulary

PART = 5  # what a part of a longer name ("Bow" of "Bow Valley") is worth less
SHORT_CLAUSE = 4  # tokens
ANDS = frozenset({"and", "et"})
_POSTAL = re.compile(r"\b(?:([abceghj-nprstvxy]\d[a-z])(?:[ -]?(\d[a-z]\d))?|zip(?: code)?:? (\d{5}))\b")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Tokens that may name a place, what the words beside them make of it, and how a gazetteer may know it."""

    first: int
    last: int
    worth: int
    phrases: tuple[str, ...]
    capital: bool


def candidates(story: Story) -> list[Candidate]:
    """All that may be places, the likeliest first."""
    capitals = writes_capitals(story)
    found = [c for s in story.sentences for c in [*_in(story, s, capitals), *_peoples(story, s)]]
    found += _postal_codes(story)
    found = _of_races(story, _containers(story, found))
    return sorted(found, key=lambda c: (-c.worth, c.first, c.first - c.last))


def _in(story: Story, sentence: Sentence, capitals: bool) -> list[Candidate]:
    spoken_for = frozenset[int]() if capitals and "lives_sure" not in sentence.hits else _spoken_for(sentence)
    found: list[Candidate] = []
    tails: set[int] = set()  # tokens that stand behind a name and a comma: "Waterloo, Ontario"
    i = sentence.first
    while i < sentence.last:
        last = name_end(story, sentence, i)
        if last == i and i not in spoken_for and (not capitals or _surely_lives(sentence, i)):
            found += _lower_case(story, sentence, i)
        for first, end in _parts(i, last):
            if candidate := _candidate(story, sentence, first, end, capital=True):
                whole = (
                    (first, end) == (i, last)
                    or _before_region(story, first == i, end, last)
                    or (end == last and _behind_a_cue(sentence, i, first))
                )
                less = candidate.worth - (0 if whole else PART)
                found.append(replace(candidate, worth=min(less, NAMED) if first in tails else less))
        if last > i and last < sentence.last and gap(story, last).strip() == ",":
            tails |= set(range(last, name_end(story, sentence, last)))
        i = max(last, i + 1)
    return found


def _before_region(story: Story, opens: bool, end: int, last: int) -> bool:
    """ "Charlottetown PEI": the whole name, less the region behind it."""
    return opens and end == last - 1 and story.words[end] in small_words("region_codes")


def _behind_a_cue(sentence: Sentence, start: int, first: int) -> bool:
    """ "Bonjour d'Edmundston", "Coureuse de Rimouski": the name, less the cue in capitals before it."""
    cues = (*sentence.hits.get("lives", ()), *sentence.hits.get("meets", ()))
    return any(h[0] <= start < first == h[1] for h in cues)


def _parts(first: int, last: int) -> list[tuple[int, int]]:
    """The name found, and shorter ones in it: "Ottawa River" may be Ottawa."""
    return [(a, b) for a in range(first, last) for b in range(last, a, -1)][:12]


def _candidate(story: Story, sentence: Sentence, first: int, last: int, *, capital: bool) -> Candidate | None:
    words = story.words[first:last]
    name = " ".join(words)
    letter = story.original_at(story.starts[first])
    if (
        name in _not_places()
        or all(w in _not_places() for w in words)
        or (words[0] in small_words("connectors") and not (last - first > 1 and letter.isupper()))
        or words[-1] in (small_words("connectors") - {"'s"})
    ):
        return None
    if len(name) < 3 or (any(map(str.isdigit, words)) and not (len(words) == 1 and len(name) == 5)):
        return None
    whole = story.quote(first, last)
    phrases = [whole]
    end = last
    if (
        last < sentence.last
        and gap(story, last).strip() in (",", "(")
        and (after := name_end(story, sentence, last)) > last
    ):
        phrases.insert(0, f"{whole}, {story.quote(last, after)}")
        end = after
    elif last < sentence.last and _region_code(story, last):
        phrases.insert(0, f"{whole}, {story.quote(last, last + 1)}")
        end = last + 1
    value = worth(story, sentence, first, last, end)
    if name.isdigit() and (value < IN or value == ALONE):
        return None  # a number of an order
    return Candidate(first, last, value, tuple(phrases), capital)


def _region_code(story: Story, i: int) -> bool:
    """Whether token i is a region behind a name: "Kelowna, bc", "Charlottetown PEI"; "on" only in capitals."""
    between, code = gap(story, i).strip(), story.words[i]
    if code not in small_words("region_codes") or between not in (",", ""):
        return False
    return between == "," or story.quote(i, i + 1).isupper()


def _lower_case(story: Story, sentence: Sentence, i: int) -> list[Candidate]:
    """For those who write no capitals: what stands after "in" or "near", or ends a short clause ("27 calgary")."""
    found: list[Candidate] = []
    for last in range(min(i + 3, sentence.last), i, -1):
        if any(story.breaks[j] for j in range(i + 1, last)):
            continue
        candidate = _candidate(story, sentence, i, last, capital=False)
        if candidate and candidate.worth >= NAMED and (candidate.worth >= IN or _ends_short_clause(story, i, last)):
            found.append(replace(candidate, worth=max(candidate.worth, IN)))
    return found


def _spoken_for(sentence: Sentence) -> frozenset[int]:
    """The words that have another meaning here that the vocabulary knows ("tell me", "pain")."""
    others = (hits for concept, hits in sentence.hits.items() if concept not in _place_cues())
    return frozenset(i for hits in others for h in hits for i in range(*h))


def _ends_short_clause(story: Story, first: int, last: int) -> bool:
    start, end = story.clause(first, last)
    return (end == last and end - start <= SHORT_CLAUSE) or (start == first and end - start <= SHORT_CLAUSE - 1)


@cache
def _place_cues() -> frozenset[str]:
    return frozenset(vocabulary("placewords")) - {"not_place"}


def _surely_lives(sentence: Sentence, first: int) -> bool:
    return any(h[1] == first for h in sentence.hits.get("lives_sure", ()))


def _peoples(story: Story, sentence: Sentence) -> list[Candidate]:
    """ "Parisienne", "a proud Haligonian": who says what she is says where she lives."""
    return [
        Candidate(i, i + 1, ALONE, (_demonyms()[story.words[i]],), True)
        for i in range(sentence.first, sentence.last)
        if story.words[i] in _demonyms()
    ]


def _postal_codes(story: Story) -> list[Candidate]:
    """ "K1S", "h2x 1y4": the first half in capitals, or the whole."""
    found: list[Candidate] = []
    for match in _POSTAL.finditer(story.folded):
        written = story.between(*match.span(1 if match.group(1) else 3))
        if match.group(2) or match.group(3) or written.isupper():
            found.append(Candidate(*tokens(story, *match.span()), LIVES, (written.upper(),), True))
    return found


def _containers(story: Story, found: list[Candidate]) -> list[Candidate]:
    """ "Victoria Park in Kitchener": the town is worth what the park is, and more than it."""
    by_end: dict[int, int] = {}
    for each in found:
        by_end[each.last] = max(by_end.get(each.last, NAMED), each.worth)
    return [
        replace(each, worth=max(each.worth, by_end[each.first - 1] + 1))
        if each.first - 1 in by_end
        and story.words[each.first - 1] in ("in", "a", "de")
        and not story.breaks[each.first - 1]
        and by_end[each.first - 1] > NAMED
        else each
        for each in found
    ]


def _of_races(story: Story, found: list[Candidate]) -> list[Candidate]:
    """ "I ran Berlin, Chicago and London": what only stands in a row with a race is one."""
    raced = {each.last for each in found if each.worth == RACE}
    races: set[Candidate] = set()
    for each in sorted(found, key=lambda c: c.first):
        joined = each.first - 1 if story.words[each.first - 1] in ANDS else -1
        if gap(story, each.first).strip() == "," and (story.words[each.last : each.last + 1] or [""])[0] in ANDS:
            joined = each.first
        if joined in raced and each.worth in (NAMED, ALONE):
            raced.add(each.last)
            races.add(each)
    return [replace(each, worth=RACE) if each in races else each for each in found]


@cache
def _demonyms() -> dict[str, str]:
    peoples: dict[str, str] = vocabulary("demonyms")
    return {fold(word.strip()): town for town, words in peoples.items() for word in words.split(",")}


@cache
def _not_places() -> frozenset[str]:
    words = entries(vocabulary("placewords"))["not_place"]
    return frozenset(fold(word) for word in words)
