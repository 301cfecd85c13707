"""Where she lives or wants to meet, among all the places that a story names: never where the race is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from marketplace.knowledge.need.text import Sentence, Story, fold
from marketplace.knowledge.need.tree import NeedPlace, PlaceFinder, PlaceHit
from marketplace.knowledge.need.vocabulary import entries, small_words, vocabulary

MOST_PHRASES = 150
HOME = ("CA", "US")
LONGEST_NAME = 5  # tokens
LIVES, ALONE, MEETS, IN, NAMED, RACE = 10, 7, 6, 4, 1, -6  # what the words beside a place make it worth
LEAST_PEOPLE_ALONE, LEAST_PEOPLE_LOWER, LEAST_PEOPLE_NAMED = 3_000, 15_000, 40_000
PART = 5  # what a part of a longer name ("Bow" of "Bow Valley") is worth less
SHORT_CLAUSE = 4  # tokens


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Tokens that may name a place, and what the words beside them make of it."""

    first: int
    last: int
    worth: int
    phrases: tuple[str, ...]
    capital: bool


def place(story: Story, finder: PlaceFinder) -> NeedPlace | None:
    """The place of the story that is most likely hers; None when it names none."""
    candidates = [c for s in story.sentences for c in _candidates(story, s)]
    candidates.sort(key=lambda c: (-c.worth, c.first, c.first - c.last))
    phrases = list(dict.fromkeys(p for c in candidates for p in c.phrases))[:MOST_PHRASES]
    found = finder.find(phrases) if phrases else {}
    for candidate in candidates:
        for phrase in candidate.phrases:
            hits = found.get(phrase)
            if hits and _astray(phrase, hits[0], found):
                break
            if hits and _believable(candidate, hits[0]):
                return _as_place(story, candidate, phrase, hits[0])
    return None


def _as_place(story: Story, candidate: _Candidate, phrase: str, hit: PlaceHit) -> NeedPlace:
    because = phrase if phrase in story.original else story.quote(candidate.first, candidate.last)
    return NeedPlace(hit.name, hit.region, hit.country, hit.latitude, hit.longitude, because, hit.id, hit.timezone)


def _astray(phrase: str, hit: PlaceHit, found: Mapping[str, Sequence[PlaceHit]]) -> bool:
    """Whether a place "beside Vancouver" was found on the other side of the world."""
    beside = found.get(phrase.partition(", ")[2], ())
    return bool(beside) and hit.country not in HOME and beside[0].country in HOME


def _believable(candidate: _Candidate, hit: PlaceHit) -> bool:
    """Many words are a village somewhere: the less the words around say so, the larger it must be."""
    if candidate.worth <= RACE + NAMED:
        return False
    if not candidate.capital:
        return hit.population >= LEAST_PEOPLE_LOWER
    if candidate.worth < IN:
        return hit.population >= LEAST_PEOPLE_NAMED
    if "," in candidate.phrases[0] or candidate.worth > ALONE:
        return True
    known = hit.population >= LEAST_PEOPLE_ALONE or (hit.population == 0 and hit.country == "CA")
    return candidate.worth != ALONE or known


def _candidates(story: Story, sentence: Sentence) -> list[_Candidate]:
    lower = not _writes_capitals(story)
    found: list[_Candidate] = []
    tails: set[int] = set()  # tokens that stand behind a name and a comma: "Waterloo, Ontario"
    i = sentence.first
    while i < sentence.last:
        last = _name_end(story, sentence, i)
        if last == i:
            found += _lower_case(story, sentence, i) if lower or _surely_lives(sentence, i) else []
        for first, end in _parts(i, last):
            if candidate := _candidate(story, sentence, first, end, capital=True):
                less = candidate.worth - (0 if (first, end) == (i, last) else PART)
                found.append(replace(candidate, worth=min(less, NAMED) if first in tails else less))
        if last > i and last < sentence.last and _gap(story, last).strip() == ",":
            tails |= set(range(last, _name_end(story, sentence, last)))
        i = max(last, i + 1)
    return found


def _parts(first: int, last: int) -> list[tuple[int, int]]:
    """The name found, and shorter ones in it: "Ottawa River" may be Ottawa."""
    return [(a, b) for a in range(first, last) for b in range(last, a, -1)][:12]


def _candidate(story: Story, sentence: Sentence, first: int, last: int, *, capital: bool) -> _Candidate | None:
    words = story.words[first:last]
    name = " ".join(words)
    if (
        name in _not_places()
        or all(w in _not_places() for w in words)
        or words[0] in small_words("connectors")
        or words[-1] in (small_words("connectors") - {"'s"})
    ):
        return None
    if len(name) < 3 or (name.isdigit() and len(name) != 5):
        return None
    whole = story.quote(first, last)
    phrases = [whole]
    end = last
    if (
        last < sentence.last
        and _gap(story, last).strip() in (",", "(")
        and (after := _name_end(story, sentence, last)) > last
    ):
        phrases.insert(0, f"{whole}, {story.quote(last, after)}")
        end = after
    elif last < sentence.last and _gap(story, last).strip() == "," and story.words[last] in small_words("region_codes"):
        phrases.insert(0, f"{whole}, {story.quote(last, last + 1)}")
        end = last + 1
    return _Candidate(first, last, _worth(story, sentence, first, last, end), tuple(phrases), capital)


def _worth(story: Story, sentence: Sentence, first: int, last: int, end: int) -> int:
    hits = sentence.hits

    def before(concept: str) -> bool:
        return any(h[1] <= first and first - h[1] <= _bridge(story, h[1], first) for h in hits.get(concept, ()))

    joined = last < sentence.last and not story.breaks[last]
    if joined and any(h[0] == last for h in hits.get("race_after", ())):
        return RACE
    if not story.breaks[first] and (before("race_before") and not before("meets") or before("was_there")):
        return RACE
    if any(last <= h[0] <= last + 1 for h in hits.get("visited", ())):
        return NAMED
    worth = LIVES if before("lives") else MEETS if before("meets") else IN if before("inplace") else NAMED
    if any(h[0] in (last, end) for h in hits.get("area_after", ())):
        worth = max(worth, MEETS)
    if worth < ALONE and _stands_alone(story, sentence, first, end):
        worth = ALONE
    return worth + (1 if end > last else 0)


def _bridge(story: Story, start: int, first: int) -> int:
    """How many small words may stand between a cue and the place ("live in the …", "à Québec, dans …")."""
    between = story.words[start:first]
    small = frozenset(
        [
            "the",
            "downtown",
            "greater",
            "old",
            "beautiful",
            "sunny",
            "la",
            "le",
            "l",
            "les",
            "d",
            "de",
            "du",
            "st.",
            "north",
            "south",
            "east",
            "west",
            "secteur",
            "a",
            "ville",
            "lovely",
            "rural",
            "central",
        ]
    )
    if any(story.breaks[i] and _gap(story, i).strip() == "," for i in range(start, first + 1)):
        return 0
    return len(between) if len(between) <= 2 and all(w in small for w in between) else 0


def _stands_alone(story: Story, sentence: Sentence, first: int, last: int) -> bool:
    """A clause of nothing but the place: "Nelson, BC." or "27, Kelowna"."""
    starts = story.breaks[first] > 0
    ends = last >= sentence.last or story.breaks[last] > 0
    return starts and ends


def _lower_case(story: Story, sentence: Sentence, i: int) -> list[_Candidate]:
    """For those who write no capitals: what stands after "in" or "near", or ends a short clause ("27 calgary")."""
    if _spoken_for(sentence, i):
        return []
    found: list[_Candidate] = []
    for last in range(min(i + 3, sentence.last), i, -1):
        if any(story.breaks[j] for j in range(i + 1, last)):
            continue
        candidate = _candidate(story, sentence, i, last, capital=False)
        if candidate and candidate.worth >= NAMED and (candidate.worth >= IN or _ends_short_clause(story, i, last)):
            found.append(replace(candidate, worth=max(candidate.worth, IN)))
    return found


def _spoken_for(sentence: Sentence, i: int) -> bool:
    """Whether a word has another meaning here that the vocabulary knows ("tell me", "pain")."""
    return any(
        h[0] <= i < h[1] for concept, hits in sentence.hits.items() if concept not in _place_cues() for h in hits
    )


def _ends_short_clause(story: Story, first: int, last: int) -> bool:
    start, end = story.clause(first, last)
    return end == last and end - start <= SHORT_CLAUSE


@cache
def _place_cues() -> frozenset[str]:
    return frozenset(vocabulary("placewords")) - {"not_place"}


def _surely_lives(sentence: Sentence, first: int) -> bool:
    return any(h[1] == first for h in sentence.hits.get("lives_sure", ()))


def _name_end(story: Story, sentence: Sentence, first: int) -> int:
    """Where a name in capitals that begins at token `first` ends; `first` itself when none begins."""
    if not _capital(story, first):
        return first
    last = first + 1
    while last < sentence.last and last - first < LONGEST_NAME:
        gap = _gap(story, last)
        if story.words[last] == "'s" and gap == "":
            last += 1
            continue
        if story.breaks[last] or gap not in (" ", "-", "", "'", ". ", ".", "’", "‑"):
            break
        if _capital(story, last):
            last += 1
        elif (
            story.words[last] in small_words("connectors")
            and last + 1 < sentence.last
            and _capital(story, last + 1)
            and not story.breaks[last + 1]
        ):
            last += 2
        else:
            break
    return last


def _capital(story: Story, i: int) -> bool:
    letter = story.original_at(story.starts[i])
    word = story.words[i]
    return letter.isupper() and word not in ("i", "i'm", "i've", "i'd", "i'll") or _postal(word)


def _postal(word: str) -> bool:
    return len(word) == 3 and word[0].isalpha() and word[1].isdigit() and word[2].isalpha()


def _gap(story: Story, i: int) -> str:
    return story.folded[story.ends[i - 1] : story.starts[i]] if i else ""


def _writes_capitals(story: Story) -> bool:
    """Whether she begins any word with a capital, besides "I" and words in capitals throughout."""
    return any(
        len(word) > 1
        and word[0].isalpha()
        and story.original_at(start).isupper()
        and not story.original_at(start + 1).isupper()
        for word, start in zip(story.words, story.starts, strict=True)
        if word not in ("i'm", "i've", "i'd", "i'll")
    )


@cache
def _not_places() -> frozenset[str]:
    words = entries(vocabulary("placewords"))["not_place"]
    return frozenset(fold(word) for word in words)
