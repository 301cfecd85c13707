"""Where she lives or wants to meet, among all the places that a story names: never where the race is.

Of several places with one name the gazetteer's likeliest is meant, unless another one lies near a second place
that the story names; the others are kept, to be offered.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import asin, cos, radians, sin, sqrt

from marketplace.knowledge.need.placenames import Candidate, candidates
from marketplace.knowledge.need.placeworth import ALONE, IN, LIVES, NAMED, RACE
from marketplace.knowledge.need.text import Story, fold
from marketplace.knowledge.need.tree import Namesake, NeedPlace, PlaceFinder, PlaceHit
from marketplace.knowledge.need.vocabulary import small_words

MOST_PHRASES = 150
HOME = ("CA", "US")
LEAST_PEOPLE_ALONE, LEAST_PEOPLE_LOWER, LEAST_PEOPLE_NAMED = 3_000, 15_000, 40_000
LEAST_PEOPLE_OFFERED, LEAST_SHARE_OFFERED, LARGE, MOST_OFFERED = 15_000, 0.15, 100_000, 3
NEAR_KM = 150  # how near a second place must lie to say which of several namesakes is meant
EARTH_KM = 6371.0


def place(story: Story, finder: PlaceFinder) -> NeedPlace | None:
    """The place of the story that is most likely hers; None when it names none."""
    named = candidates(story)
    phrases = list(dict.fromkeys(p for c in named for p in c.phrases))[:MOST_PHRASES]
    found = finder.find(phrases) if phrases else {}
    unknown = _lives_somewhere_unknown(story, named, found)
    for candidate in named:
        if unknown and (candidate.worth < IN or candidate.worth == ALONE):
            continue
        for phrase in candidate.phrases:
            hits = found.get(phrase)
            if hits and _astray(phrase, hits[0], found):
                break
            if hits and _believable(candidate, hits[0], _people(hits)):
                chosen = _in_context(candidate, phrase, hits, list(_beside(named, candidate, found)))
                return _as_place(story, candidate, phrase, chosen, hits)
    return None


def _lives_somewhere_unknown(story: Story, named: Sequence[Candidate], found: Mapping[str, Sequence[PlaceHit]]) -> bool:
    """Whether she says where she lives by a name that nobody knows: no other town that she names stands for it."""
    known = [c for c in named if any(map(found.get, c.phrases))]
    homes = [c for c in named if c.worth >= LIVES and small_words("dwells") & set(story.words[c.first - 2 : c.first])]
    return any(not any(c.first < home.last and home.first < c.last for c in known) for home in homes)


def _as_place(story: Story, candidate: Candidate, phrase: str, hit: PlaceHit, hits: Sequence[PlaceHit]) -> NeedPlace:
    because = phrase if phrase in story.original else story.quote(candidate.first, candidate.last)
    others = () if "," in phrase else tuple(_namesakes(hit, hits))[:MOST_OFFERED]
    return NeedPlace(
        hit.name, hit.region, hit.country, hit.latitude, hit.longitude, because, hit.id, hit.timezone, others
    )


def _namesakes(hit: PlaceHit, hits: Sequence[PlaceHit]) -> Iterator[Namesake]:
    """Other towns of the same name, each region once."""
    told = {(hit.country, hit.region)}
    least = max(LEAST_PEOPLE_OFFERED, min(LEAST_SHARE_OFFERED * hit.population, LARGE))
    for other in hits:
        where = (other.country, other.region)
        if where not in told and fold(other.name) == fold(hit.name) and other.population >= least:
            told.add(where)
            yield Namesake(other.id, other.name, other.region, other.country)


def _beside(
    named: Sequence[Candidate], candidate: Candidate, found: Mapping[str, Sequence[PlaceHit]]
) -> Iterator[PlaceHit]:
    """The other places that the story surely names, each as the gazetteer's likeliest."""
    for other in named:
        apart = other.last <= candidate.first or candidate.last <= other.first
        hits = found.get(other.phrases[-1])
        if apart and other.worth >= NAMED and hits and hits[0].population >= LEAST_PEOPLE_NAMED:
            yield hits[0]


def _in_context(candidate: Candidate, phrase: str, hits: Sequence[PlaceHit], beside: Sequence[PlaceHit]) -> PlaceHit:
    """The namesake that lies near another place of the story, when the likeliest does not.

    A town abroad that only has such a name in another language stands behind one here that bears it.
    """
    if hits[0].country not in HOME and fold(hits[0].name) != fold(phrase):
        hits = [hit for hit in hits if hit.country in HOME and fold(hit.name) == fold(phrase)] or hits
    near = [hit for hit in hits if any(_km(hit, other) <= NEAR_KM for other in beside)]
    likely = [hit for hit in near if hit is hits[0] or _believable(candidate, hit, hit.population)]
    return hits[0] if not likely or hits[0] in likely else likely[0]


def _km(one: PlaceHit, other: PlaceHit) -> float:
    """Kilometres between two places on a sphere (the haversine formula)."""
    a, b = radians(one.latitude), radians(other.latitude)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(min(half, 1.0)))


def _astray(phrase: str, hit: PlaceHit, found: Mapping[str, Sequence[PlaceHit]]) -> bool:
    """Whether a place "beside Vancouver" was found on the other side of the world."""
    beside = found.get(phrase.partition(", ")[2], ())
    return bool(beside) and hit.country not in HOME and beside[0].country in HOME


def _people(hits: Sequence[PlaceHit]) -> int:
    """How many live in the likeliest place: a part of a town that is written like the town has its people."""
    return max(hit.population for hit in hits if (hit.country, hit.region) == (hits[0].country, hits[0].region))


def _believable(candidate: Candidate, hit: PlaceHit, people: int) -> bool:
    """Many words are a village somewhere: the less the words around say so, the larger it must be."""
    if candidate.worth <= RACE + NAMED:
        return False
    if not candidate.capital:
        whole = candidate.last - candidate.first > 1 and hit.country in HOME
        return whole or people >= LEAST_PEOPLE_LOWER
    if candidate.worth < IN:
        return people >= LEAST_PEOPLE_NAMED
    if "," in candidate.phrases[0] or candidate.worth > ALONE:
        return True
    known = people >= LEAST_PEOPLE_ALONE or (people == 0 and hit.country == "CA")
    return candidate.worth != ALONE or known
