"""Why a coach fits: the points of score.py, by what earned them. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from marketplace.matching.score import (
    PAST,
    WEIGHTS,
    Candidate,
    Wish,
    average,
    near,
    numbers,
    online,
    parts,
    sevenths,
    share_left,
    total,
)
from marketplace.matching.stored import MAIN, PROVEN

MOST_REASONS = 4


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that speaks for a coach and the points it is worth; `facts` are what a sentence about it needs."""

    kind: str
    points: float
    facts: dict[str, object] = field(default_factory=dict)


def reasons(wish: Wish, coach: Candidate, next_at: datetime | None, turnaround_hours: int | None) -> list[Reason]:
    """Why she has her fit: all of its points, the weightiest first.

    `next_at` is her next opening, `turnaround_hours` her quickest promise to answer a clip: one of them is the reason
    that her availability is told by.
    """
    won = {part.kind: part.points for part in parts(wish, coach)}
    found = [
        *_for_form(wish, coach, won),
        *_for_wishes(wish, coach, won),
        *_for_distance(wish, coach, won),
        *_for_standing(coach, won, next_at, turnaround_hours),
    ]
    return sorted((each for each in found if each.points > 0), key=lambda each: -each.points)


def _for_form(wish: Wish, coach: Candidate, won: Mapping[str, float]) -> Iterator[Reason]:
    """The points for issues, by what earned them: her main work, what she lists too, what she has proven."""
    levels = {number: sevenths(coach, number) for number in numbers(wish.issues | wish.past)}
    shares = {number: 1.0 if wish.issues >> number & 1 else PAST for number in levels}
    whole = sum(shares[number] * levels[number] for number in levels)
    kinds: dict[str, dict[int, int]] = {"main-issues": {}, "issues": {}, "proven": {}}
    for number, found in levels.items():
        if stated := found & ~PROVEN:
            kinds["main-issues" if stated == MAIN else "issues"][number] = stated
        if found & PROVEN:
            kinds["proven"][number] = PROVEN
    for kind, earned in kinds.items():
        if earned:
            points = won["issues"] * sum(shares[number] * each for number, each in earned.items()) / whole
            yield Reason(kind, points, {"issues": sum(1 << number for number in earned)})
    if goals := wish.goals & coach.goals:
        yield Reason("goals", won["goals"], {"goals": goals})


def _for_wishes(wish: Wish, coach: Candidate, won: Mapping[str, float]) -> Iterator[Reason]:
    asked = [("language", wish.languages, coach.languages), ("traits", wish.traits, coach.traits)]
    wishes = wish.languages.bit_count() + wish.traits.bit_count()
    each = WEIGHTS["wishes"] * 100 / total(wish) / max(1, wishes) * share_left(wish, coach)
    for kind, bits, hers in asked:
        if met := bits & hers:
            yield Reason(kind, each * met.bit_count(), {"languages" if kind == "language" else "traits": met})
    if wish.most_price:
        yield Reason("budget", won["budget"], {"price": coach.price, "currency": coach.currency})


def _for_distance(wish: Wish, coach: Candidate, won: Mapping[str, float]) -> Iterator[Reason]:
    if near(coach, wish.within_km) >= online(coach):
        yield Reason("distance", won.get("distance", 0), {"km": coach.distance_km})
    else:
        yield Reason("online", won.get("distance", 0))


def _for_standing(
    coach: Candidate, won: Mapping[str, float], next_at: datetime | None, turnaround_hours: int | None
) -> Iterator[Reason]:
    if next_at is not None:
        yield Reason("opening", won["availability"], {"at": next_at})
    elif turnaround_hours is not None:
        yield Reason("clip", won["availability"], {"hours": turnaround_hours})
    if (mean := average(coach)) is None:
        yield Reason("new", won["rating"] + won.get("new", 0))
    else:
        yield Reason("rating", won["rating"], {"average": mean, "count": coach.rating_count})
        yield Reason("few-sessions", won.get("new", 0))
    yield Reason("reply", won["reply"], {"hours": coach.reply_hours})
