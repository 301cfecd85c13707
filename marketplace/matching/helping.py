"""What would help a coach fit a story better. Pure: each change is tried, and what it wins is what the score gives.

Only what is honest to change is tried: what she lists if she does it, hours that she opens, the languages she coaches
in. Never a lower price or a rating, never what she is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import floor

from marketplace.matching.criteria import Criteria
from marketplace.matching.masks import IN_PERSON, ONLINE
from marketplace.matching.score import Candidate, Wish, next_time, parts

MOST_MAIN_ISSUES = 3
SOON_HOURS = (24, 48, 72, 120, 168)  # openings that are tried, in hours from now
WORTH = 1.0  # points; less is not worth a line


@dataclass(frozen=True, slots=True)
class Help:
    """A change that wins `points` of fit, rounded down; `then` is the coach with it, `facts` are for words.

    Kinds: "list-issue", "main-issue", "goal", "language", "evenings", "weekends", "opening", "answer".
    """

    kind: str
    points: int
    then: Candidate
    facts: dict[str, int] = field(default_factory=dict)


Change = tuple[str, Candidate, dict[str, int]]


def what_helps(wish: Wish, coach: Candidate) -> list[Help]:
    """The changes that win at least a point for this story, the most first; of the openings only the most modest
    that wins what the soonest wins, within a point."""
    now = fit(wish, coach)
    tried = ((kind, then, facts, fit(wish, then) - now) for kind, then, facts in _changes(wish, coach))
    found = [Help(kind, floor(won + 1e-9), then, facts) for kind, then, facts, won in tried if won >= WORTH]
    return sorted(_one_time(found), key=lambda each: -each.points)


def kept_out(criteria: Criteria, coach: Candidate, modes: int) -> list[str]:
    """Why a search does not find a listed coach who offers those modes.

    Kinds: "lists" (none of the issues and goals is hers), "language", "mode", "budget", "far".
    """
    asked = (criteria.issues | criteria.past, criteria.goals)
    is_far = criteria.centre is not None and (coach.distance_km or 0) > criteria.within_km
    most = criteria.most_price
    why = {
        "lists": any(asked) and not (asked[0] & coach.issues or asked[1] & coach.goals),
        "language": criteria.languages & ~coach.languages != 0,
        "mode": criteria.modes & ~modes != 0,
        "budget": most is not None and (coach.price > most or coach.currency != criteria.currency),
        "far": is_far and (not modes & ONLINE or bool(criteria.modes & IN_PERSON)),
    }
    return [kind for kind, is_so in why.items() if is_so]


def fit(wish: Wish, coach: Candidate) -> float:
    """The fit before it is rounded, 0–100."""
    return sum(part.points for part in parts(wish, coach))


def _changes(wish: Wish, coach: Candidate) -> Iterator[Change]:
    yield from _issues(wish, coach)
    yield from _goals(wish, coach)
    if missing := wish.languages & ~coach.languages:
        yield "language", replace(coach, languages=coach.languages | missing), {"languages": missing}
    if wish.evenings and not coach.evenings:
        yield "evenings", replace(coach, evenings=True), {}
    if wish.weekends and not coach.weekends:
        yield "weekends", replace(coach, weekends=True), {}
    yield from _times(wish, coach)


def _issues(wish: Wish, coach: Candidate) -> Iterator[Change]:
    """One issue at a time: to list it, or to call it main work while she has fewer than three."""
    for bit in _bits(wish.issues | wish.past):
        if not coach.issues & bit:
            yield "list-issue", replace(coach, issues=coach.issues | bit), {"issues": bit}
        elif not coach.main_issues & bit and coach.main_issues.bit_count() < MOST_MAIN_ISSUES:
            yield "main-issue", replace(coach, main_issues=coach.main_issues | bit), {"issues": bit}


def _goals(wish: Wish, coach: Candidate) -> Iterator[Change]:
    for bit in _bits(wish.goals & ~coach.goals):
        yield "goal", replace(coach, goals=coach.goals | bit), {"goals": bit}


def _times(wish: Wish, coach: Candidate) -> Iterator[Change]:
    """A sooner opening for those who sell hours; a quicker answer for those who only answer clips."""
    at = next_time(coach, wish.now)
    waits = floor((at - wish.now) / timedelta(hours=1)) if at else None
    for hours in SOON_HOURS:
        if waits is not None and waits <= hours:
            return
        facts = {"hours": hours} | ({} if waits is None else {"instead": waits})
        if coach.next_opening_at is not None or coach.turnaround_hours is None:
            yield "opening", replace(coach, next_opening_at=wish.now + timedelta(hours=hours)), facts
        else:
            yield "answer", replace(coach, turnaround_hours=hours), facts


def _one_time(found: list[Help]) -> list[Help]:
    """Of several openings or answers the latest that wins as much as the soonest, within a point."""
    times = [each for each in found if each.kind in ("opening", "answer")]
    if not times:
        return found
    best = max(each.points for each in times)
    kept = max((each for each in times if each.points >= best - 1), key=lambda each: each.facts["hours"])
    return [each for each in found if each not in times or each is kept]


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
