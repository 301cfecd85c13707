"""From a need to what is searched for: the one place that decides how much of a story narrows. Pure."""

from dataclasses import dataclass
from datetime import datetime

from marketplace.knowledge.need.tree import Need
from marketplace.matching.criteria import Criteria, currency_of
from marketplace.matching.masks import GOALS, ISSUES, LANGUAGES, MODES, TRAITS, mask
from marketplace.places.geo import standard_minutes

LIKED_TIMES = ("evenings", "weekends")


@dataclass(frozen=True, slots=True)
class Asked:
    """The parts of a need that a search knows, as ids. `budget` is in whole units of the place's currency."""

    issues: tuple[str, ...]
    past: tuple[str, ...]
    goals: tuple[str, ...]
    modes: tuple[str, ...]
    languages: tuple[str, ...]
    likes: tuple[str, ...]
    budget: int | None


def asked(need: Need) -> Asked:
    """Issues and goals say who qualifies; a language and online only narrow; times and gender are liked."""
    likes = [liked for each in need.preferences if (liked := _liked(each.kind, each.value))]
    budgets = [each.value for each in need.preferences if each.kind == "budget"]
    online_only = "online" in need.wants and "in-person" not in need.wants
    return Asked(
        issues=tuple(each.id for each in need.issues if each.when == "now"),
        past=tuple(each.id for each in need.issues if each.when == "past"),
        goals=tuple(dict.fromkeys(each.distance for each in need.goals)),
        modes=("online",) if online_only else (),
        languages=(need.coach_language,) if need.coach_language else (),
        likes=tuple(dict.fromkeys(likes)),
        budget=next((int(each) for each in budgets if each.isdecimal() and len(each) < 6), None),
    )


def criteria_of(need: Need, now: datetime, near: tuple[float, float] | None = None) -> Criteria:
    """The search for a need; `near` goes before the place that the story names."""
    found, place = asked(need), need.place
    here = near or ((place.latitude, place.longitude) if place else None)
    issues = mask(found.issues, ISSUES)
    return Criteria(
        now=now,
        centre=here,
        issues=issues,
        past=mask(found.past, ISSUES) & ~issues,
        goals=mask(found.goals, GOALS),
        languages=mask(found.languages, LANGUAGES),
        modes=mask(found.modes, MODES),
        most_price=None if found.budget is None else found.budget * 100,
        currency=currency_of(place.country if place else "CA"),
        likes=mask(found.likes, TRAITS),
        zone=standard_minutes(place.timezone) if place and place.timezone else None,
    )


def _liked(kind: str, value: str) -> str | None:
    if kind == "gender":
        return value if value in ("female", "male") else None
    return kind if kind in LIKED_TIMES else None
