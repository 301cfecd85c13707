"""How well a coach fits what a runner asks for. Pure: values in, a number out; reasons.py says why.

The fit is a sum of terms, each a weight times what is stored of a coach, so that the database ranks whole towns by the
very terms that the reasons are told from (queries/ranking.py). What nobody asked for has no weight; the rest is
scaled so that the best coach there could be has 100. No coach can buy a place: what she pays, sells or has sold is no
term. The weights are our own judgement, not measured; docs/decisions/0011-ranking.md says why each is there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos

from marketplace.matching.stored import BITS, MOST_OF_ISSUE, STRONGEST
from marketplace.places.geo import EARTH_KM

WEIGHTS = {
    "issues": 56, "goals": 10, "distance": 12, "wishes": 8, "budget": 4, "availability": 10, "rating": 7, "reply": 3,
}  # fmt: skip
NEWCOMER = 5  # points for a coach who had no chance yet to prove herself; proving an issue is worth 8
PAST = 0.35  # what an issue that is over weighs beside one of now
BESIDE_THE_POINT = 0.3  # what is left of the fit of a coach who fixes nothing of what troubles the runner now
SAME_ZONE, FROM_AFAR = 0.5, 0.35  # what working online counts for beside distance, in the runner's zone and elsewhere
USUAL_RATING, USUAL_COUNT = 4.4, 3  # a new coach stands as if three runners had given the usual stars
QUICK_HOURS, SLOW_HOURS, USUAL_REPLY = 12, 96, 0.5


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. Issue, goal, language and trait sets are masks (see masks.py)."""

    issues: int = 0
    past: int = 0
    goals: int = 0
    languages: int = 0
    traits: int = 0
    within_km: float | None = None  # None: distance does not matter
    most_price: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a coach; `price` is the least that counts here, in minor units of `currency`.

    `strength`, `newcomer`, `availability`: as stored.py packs and reckons them. `reply_hours`: how long she usually
    takes to answer a clip; None when not known. `same_zone`: whether the runner's clocks are hers.
    """

    strength: int = 0
    goals: int = 0
    languages: int = 0
    traits: int = 0
    price: int = 0
    currency: str = "CAD"
    distance_km: float | None = None
    meets_in_person: bool = True
    works_online: bool = False
    same_zone: bool = True
    newcomer: float = 0.0
    availability: float = 0.0
    rating_sum: int = 0
    rating_count: int = 0
    reply_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A weight in points, times a column; or times the bits of it that `mask` leaves after a shift."""

    part: str
    column: str
    weight: float
    shift: int = 0
    mask: int = 0

    def value(self, coach: Candidate, within_km: float | None) -> float:
        """What the weight is taken times for this coach."""
        if self.column == "closeness":
            return closeness(coach, within_km)
        if self.column == "standing":
            return standing(coach)
        stored: float = getattr(coach, self.column)
        return int(stored) >> self.shift & self.mask if self.mask else stored


@dataclass(frozen=True, slots=True)
class Form:
    """The sum that ranks the coaches of one wish. `now`: the issues without any of which only a share of it is left."""

    terms: Sequence[Term]
    constant: float
    now: int


@dataclass(frozen=True, slots=True)
class Part:
    """What one of WEIGHTS won, of the most that it could; all parts together are the fit before it is rounded."""

    kind: str
    points: float
    most: float


@lru_cache(maxsize=1024)
def form(wish: Wish) -> Form:
    """The terms of a wish, scaled to 100 points."""
    asked = {name: weight for name, weight in WEIGHTS.items() if _is_asked(wish, name)}
    scale = 100 / sum(asked.values())
    terms = [Term(t.part, t.column, t.weight * scale, t.shift, t.mask) for t in _terms(wish)]
    constant = WEIGHTS["budget"] * scale if wish.most_price else 0.0
    return Form(terms, constant, wish.issues)


def score(wish: Wish, coach: Candidate) -> float:
    """The fit before it is rounded: what coaches are ranked by."""
    return sum(each.points for each in parts(wish, coach))


def fit(wish: Wish, coach: Candidate) -> int:
    """How well the coach fits, 0–100."""
    return round(score(wish, coach))


def parts(wish: Wish, coach: Candidate) -> list[Part]:
    """The fit by what it is made of, as WEIGHTS has it, with "new" for what a newcomer has in place of proof."""
    ranked, left = form(wish), share_left(wish, coach)
    won: dict[str, float] = {"budget": ranked.constant * left} if ranked.constant else {}
    most = {name: 100 * WEIGHTS[name] / total(wish) for name in WEIGHTS if _is_asked(wish, name)}
    for term in ranked.terms:
        if term.part != "standing":
            won[term.part] = won.get(term.part, 0) + left * term.weight * term.value(coach, wish.within_km)
    for name, points in standing_parts(coach).items():
        won[name] = points * 100 / total(wish) * left
    return [Part(name, points, most.get(name, 100 * NEWCOMER / total(wish))) for name, points in won.items()]


def closeness(coach: Candidate, within_km: float | None) -> float:
    """1 beside the runner, falling to 0 at the ring (by the square of the distance); online counts for something.

    In the ring an online coach shares the runner's zone; so that being near never counts for less than being far.
    """
    return max(online(coach), near(coach, within_km))


def online(coach: Candidate) -> float:
    """What working online counts for in place of being near."""
    return (SAME_ZONE if coach.same_zone or coach.distance_km is not None else FROM_AFAR) * coach.works_online


def near(coach: Candidate, within_km: float | None) -> float:
    """What being near counts for; 0 outside the ring."""
    if coach.distance_km is None or within_km is None:
        return 0.0
    horizon = cos(within_km / EARTH_KM)
    return max(0.0, (cos(coach.distance_km / EARTH_KM) - horizon) / (1 - horizon))


def standing(coach: Candidate) -> float:
    """The points that she has whoever asks, before they are scaled."""
    return sum(standing_parts(coach).values())


def standing_parts(coach: Candidate) -> dict[str, float]:
    """What `standing` is made of."""
    return {
        "availability": WEIGHTS["availability"] * coach.availability,
        "rating": WEIGHTS["rating"] * _rating(coach),
        "reply": WEIGHTS["reply"] * _reply(coach.reply_hours),
    }


def average(coach: Candidate) -> float | None:
    """The mean of her stars; None without any."""
    return coach.rating_sum / coach.rating_count if coach.rating_count else None


def _is_asked(wish: Wish, part: str) -> bool:
    asked = {
        "issues": wish.issues | wish.past,
        "goals": wish.goals,
        "distance": wish.within_km is not None,
        "wishes": wish.languages | wish.traits,
        "budget": wish.most_price,
    }
    return bool(asked.get(part, True))


@lru_cache(maxsize=1024)
def total(wish: Wish) -> float:
    """The weights of all that is asked for."""
    return sum(weight for name, weight in WEIGHTS.items() if _is_asked(wish, name))


def _terms(wish: Wish) -> Iterator[Term]:
    """What is added up, before it is scaled."""
    past = wish.past & ~wish.issues
    asked = wish.issues.bit_count() + PAST * past.bit_count()
    for found, share in ((numbers(wish.issues), 1.0), (numbers(past), PAST)):
        weight = WEIGHTS["issues"] * share / (STRONGEST * asked) if asked else 0.0
        for number in found:
            yield Term("issues", "strength", weight, number * BITS, MOST_OF_ISSUE)
    if asked:
        yield Term("new", "newcomer", NEWCOMER)
    for number in numbers(wish.goals):
        yield Term("goals", "goals", WEIGHTS["goals"] / wish.goals.bit_count(), number, 1)
    if wish.within_km is not None:
        yield Term("distance", "closeness", WEIGHTS["distance"])
    wishes = wish.languages.bit_count() + wish.traits.bit_count()
    for column, bits in (("languages", wish.languages), ("traits", wish.traits)):
        for number in numbers(bits):
            yield Term("wishes", column, WEIGHTS["wishes"] / wishes, number, 1)
    if wish.most_price:
        yield Term("budget", "price", -WEIGHTS["budget"] / (2 * wish.most_price))
    yield Term("standing", "standing", 1.0)


def numbers(bits: int) -> Iterator[int]:
    """The places of the bits that are set."""
    return (number for number in range(bits.bit_length()) if bits >> number & 1)


def share_left(wish: Wish, coach: Candidate) -> float:
    """The share of everything that is left of who fixes nothing of what troubles the runner now."""
    helps = not wish.issues or any(sevenths(coach, number) for number in numbers(wish.issues))
    return 1.0 if helps else BESIDE_THE_POINT


def sevenths(coach: Candidate, number: int) -> int:
    """What she counts for with an issue."""
    return coach.strength >> (number * BITS) & MOST_OF_ISSUE


def _rating(coach: Candidate) -> float:
    """Towards the usual until enough runners have spoken."""
    mean = (coach.rating_sum + USUAL_RATING * USUAL_COUNT) / (coach.rating_count + USUAL_COUNT)
    return min(1.0, max(0.0, (mean - 3) / 2))


def _reply(hours: float | None) -> float:
    if hours is None:
        return USUAL_REPLY
    return min(1.0, max(0.0, (SLOW_HOURS - hours) / (SLOW_HOURS - QUICK_HOURS)))
