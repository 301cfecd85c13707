"""How well a coach fits what a runner asks for, and why. Pure: values in, a number and reasons out.

The fit is a weighted mean of parts, each between 0 and 1; what nobody asked for has no weight. Issues and goals weigh
most, then distance, next opening, rating and price. The weights are our own judgement, not measured.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

PAST = 0.35  # what an issue that is over weighs beside one of now
BESIDE_THE_POINT = 0.5  # what is left of the fit of a coach who fixes nothing of what troubles the runner now
FROM_AFAR = 0.4  # what online counts for beside distance: as good as somewhat over half the ring away
LISTED = 0.8  # an issue that the coach lists, beside one that is her main work
WEIGHTS = {"issues": 60, "goals": 12, "distance": 12, "wishes": 8, "soon": 6, "rating": 5, "price": 5}
USUAL_RATING, USUAL_COUNT = 4.4, 3  # a new coach stands as if three runners had given the usual stars
DEAR = 250_00  # minor units at which a price earns nothing
SOON, LATE = timedelta(days=1), timedelta(days=21)
MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. Issue and goal sets are masks (see masks.py); `now` is the instant that all is reckoned at."""

    now: datetime
    issues: int = 0
    past: int = 0
    goals: int = 0
    languages: int = 0
    within_km: float | None = None  # None: distance does not matter
    gender: str | None = None
    evenings: bool = False
    weekends: bool = False
    most_price: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """What is known of a coach; `price` is the least that counts here, in minor units of `currency`."""

    issues: int = 0
    main_issues: int = 0
    goals: int = 0
    languages: int = 0
    price: int = 0
    currency: str = "CAD"
    distance_km: float | None = None
    meets_in_person: bool = True
    gender: str | None = None
    evenings: bool = False
    weekends: bool = False
    rating_sum: int = 0
    rating_count: int = 0
    next_opening_at: datetime | None = None
    turnaround_hours: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a coach; `facts` are what a sentence about it needs."""

    kind: str
    facts: dict[str, object] = field(default_factory=dict)


def fit(wish: Wish, coach: Candidate) -> int:
    """How well the coach fits, 0–100."""
    parts = _parts(wish, coach)
    total = sum(WEIGHTS[name] for name in parts)
    share = sum(WEIGHTS[name] * part for name, part in parts.items()) / total
    return round(100 * share * (BESIDE_THE_POINT if wish.issues and not wish.issues & coach.issues else 1))


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a fit: the points won, the most there are, and the facts that they were won by."""

    kind: str
    points: float
    most: float
    facts: dict[str, object] = field(default_factory=dict)


KINDS = {"soon": "availability", "price": "budget"}


def parts(wish: Wish, coach: Candidate) -> list[Part]:
    """The parts of a fit; their points sum to it, their most to 100."""
    shares = _parts(wish, coach)
    whole = 100 / sum(WEIGHTS[name] for name in shares)
    left = BESIDE_THE_POINT if wish.issues and not wish.issues & coach.issues else 1
    return [
        Part(KINDS.get(name, name), whole * WEIGHTS[name] * share * left, whole * WEIGHTS[name])
        for name, share in shares.items()
    ]


def reasons(wish: Wish, coach: Candidate) -> list[Reason]:
    """What speaks for the coach, at least two things, the weightiest first. MOST_REASONS are enough to show."""
    return [*_for_form(wish, coach), *_for_wishes(wish, coach), *_for_time(wish, coach)]


def next_time(coach: Candidate, now: datetime) -> datetime | None:
    """When she can help next: her next opening, or else the earliest promised answer to a clip."""
    if coach.next_opening_at is not None and coach.next_opening_at > now:
        return coach.next_opening_at
    return now + timedelta(hours=coach.turnaround_hours) if coach.turnaround_hours is not None else None


def average(coach: Candidate) -> float | None:
    """The mean of her stars; None without any."""
    return coach.rating_sum / coach.rating_count if coach.rating_count else None


def _parts(wish: Wish, coach: Candidate) -> dict[str, float]:
    parts = {"soon": _soon(wish, coach), "rating": _rating(coach), "price": max(0.0, 1 - coach.price / DEAR)}
    if wish.issues or wish.past:
        parts["issues"] = _issues(wish, coach)
    if wish.goals:
        parts["goals"] = (wish.goals & coach.goals).bit_count() / wish.goals.bit_count()
    if wish.within_km is not None:
        parts["distance"] = _near(wish.within_km, coach.distance_km)
    if wishes := _wishes(wish, coach):
        parts["wishes"] = sum(wishes.values()) / len(wishes)
    return parts


def _issues(wish: Wish, coach: Candidate) -> float:
    """Partly how well the best matched issue is, partly the share of all that is matched."""
    past = wish.past & ~wish.issues
    asked = wish.issues.bit_count() + PAST * past.bit_count()
    main, listed = coach.main_issues, coach.issues & ~coach.main_issues
    kinds = (
        (wish.issues & main, 1.0),
        (wish.issues & listed, LISTED),
        (past & main, PAST),
        (past & listed, PAST * LISTED),
    )
    matched = sum(bits.bit_count() * worth for bits, worth in kinds)
    best = max((worth for bits, worth in kinds if bits), default=0.0)
    return 0.4 * best + 0.6 * matched / asked


def _near(within_km: float, distance_km: float | None) -> float:
    return FROM_AFAR if distance_km is None else max(0.0, 1 - distance_km / max(within_km, 1.0))


def _soon(wish: Wish, coach: Candidate) -> float:
    at = next_time(coach, wish.now)
    if at is None:
        return 0.0
    return min(1.0, max(0.0, (LATE - (at - wish.now)) / (LATE - SOON)))


def _rating(coach: Candidate) -> float:
    """Towards the usual until enough runners have spoken."""
    mean = (coach.rating_sum + USUAL_RATING * USUAL_COUNT) / (coach.rating_count + USUAL_COUNT)
    return min(1.0, max(0.0, (mean - 3) / 2))


def _wishes(wish: Wish, coach: Candidate) -> dict[str, bool]:
    """Whether each thing that she would like besides is so."""
    asked = {
        "language": (wish.languages != 0, wish.languages & coach.languages == wish.languages),
        "gender": (wish.gender is not None, wish.gender == coach.gender),
        "evenings": (wish.evenings, coach.evenings),
        "weekends": (wish.weekends, coach.weekends),
        "budget": (wish.most_price is not None, wish.most_price is not None and coach.price <= wish.most_price),
    }
    return {name: met for name, (wanted, met) in asked.items() if wanted}


def _for_form(wish: Wish, coach: Candidate) -> list[Reason]:
    asked = wish.issues | wish.past
    found = []
    if main := asked & coach.main_issues:
        found.append(Reason("main-issues", {"issues": main}))
    if listed := asked & coach.issues & ~coach.main_issues:
        found.append(Reason("issues", {"issues": listed}))
    if goals := wish.goals & coach.goals:
        found.append(Reason("goals", {"goals": goals}))
    return found


def _for_wishes(wish: Wish, coach: Candidate) -> list[Reason]:
    met = [name for name, is_met in _wishes(wish, coach).items() if is_met]
    facts: dict[str, dict[str, object]] = {
        "language": {"languages": wish.languages},
        "gender": {"gender": coach.gender},
        "budget": {"price": coach.price, "currency": coach.currency},
    }
    return [Reason(name, facts.get(name, {})) for name in met[:1]]


def _for_time(wish: Wish, coach: Candidate) -> list[Reason]:
    found = []
    if coach.distance_km is not None and coach.meets_in_person:
        found.append(Reason("distance", {"km": coach.distance_km}))
    elif not coach.meets_in_person or wish.within_km is not None:
        found.append(Reason("online"))
    if coach.next_opening_at is not None and coach.next_opening_at > wish.now:
        found.append(Reason("opening", {"at": coach.next_opening_at}))
    elif coach.turnaround_hours is not None:
        found.append(Reason("clip", {"hours": coach.turnaround_hours}))
    if (mean := average(coach)) is not None and mean >= 4:
        found.append(Reason("rating", {"average": mean, "count": coach.rating_count}))
    found.append(Reason("price", {"price": coach.price, "currency": coach.currency}))
    found.append(Reason("speaks", {"languages": coach.languages}))
    return found
