"""What would help a coach fit a story better. Pure: each change is tried, and what it wins is what the score gives.

Only what is honest to change is tried: what she lists if she does it, hours that she opens, the languages she coaches
in, work that she proves. Never a lower price or a rating, never what she is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import floor

from marketplace.matching.masks import TRAITS, mask
from marketplace.matching.score import QUICK_HOURS, Candidate, Wish, score
from marketplace.matching.stored import BITS, BY_ROOM, BY_WAIT, LISTED, MAIN, MOST_OF_ISSUE, PROVEN, soonness

MOST_MAIN_ISSUES = 3
SOON_HOURS = (24, 48, 72, 120, 168)  # openings that are tried, in hours from now
WORTH = 1.0  # points; less is not worth a line
TIMES = ("evenings", "weekends")


@dataclass(frozen=True, slots=True)
class Help:
    """A change that wins `points` of fit, rounded down; `then` is the coach with it, `facts` are for words.

    Kinds: "list-issue", "main-issue", "prove", "goal", "language", "evenings", "weekends", "opening", "answer", "room",
    "reply".
    """

    kind: str
    points: int
    then: Candidate
    facts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long a runner waits for her: `wait` None when she can't be booked; `for_clip` when she only answers clips."""

    wait: timedelta | None = None
    for_clip: bool = False


Change = tuple[str, Candidate, dict[str, int]]


def what_helps(wish: Wish, coach: Candidate, waiting: Waiting) -> list[Help]:
    """The changes that win at least a point for this story, the most first; of the openings only the most modest
    that wins what the soonest wins, within a point."""
    now = score(wish, coach)
    tried = ((kind, then, facts, score(wish, then) - now) for kind, then, facts in _changes(wish, coach, waiting))
    found = [Help(kind, floor(won + 1e-9), then, facts) for kind, then, facts, won in tried if won >= WORTH]
    return sorted(_one_time(found), key=lambda each: -each.points)


def _changes(wish: Wish, coach: Candidate, waiting: Waiting) -> Iterator[Change]:
    yield from _issues(wish, coach)
    yield from _goals(wish, coach)
    if missing := wish.languages & ~coach.languages:
        yield "language", replace(coach, languages=coach.languages | missing), {"languages": missing}
    for time in TIMES:
        bit = mask([time], TRAITS)
        if wish.traits & bit and not coach.traits & bit:
            yield time, replace(coach, traits=coach.traits | bit), {}
    yield from _times(coach, waiting)
    if coach.reply_hours is not None and coach.reply_hours > QUICK_HOURS:
        yield "reply", replace(coach, reply_hours=QUICK_HOURS), {"hours": QUICK_HOURS}


def _issues(wish: Wish, coach: Candidate) -> Iterator[Change]:
    """One issue at a time: to list it, to call it main work while she has fewer than three, to prove it."""
    every = range(0, coach.strength.bit_length(), BITS)
    main = sum(coach.strength >> at & MAIN == MAIN for at in every)
    for bit in _bits(wish.issues | wish.past):
        at = (bit.bit_length() - 1) * BITS
        hers = coach.strength >> at & MOST_OF_ISSUE
        if not hers:
            yield "list-issue", _with(coach, LISTED << at), {"issues": bit}
            continue
        if hers & MAIN != MAIN and main < MOST_MAIN_ISSUES:
            yield "main-issue", _with(coach, MAIN - LISTED << at), {"issues": bit}
        if not hers & PROVEN:
            yield "prove", replace(_with(coach, PROVEN << at), newcomer=0.0), {"issues": bit}


def _with(coach: Candidate, more: int) -> Candidate:
    return replace(coach, strength=coach.strength + more)


def _goals(wish: Wish, coach: Candidate) -> Iterator[Change]:
    for bit in _bits(wish.goals & ~coach.goals):
        yield "goal", replace(coach, goals=coach.goals | bit), {"goals": bit}


def _times(coach: Candidate, waiting: Waiting) -> Iterator[Change]:
    """A sooner opening for those who sell hours, a quicker answer for those who only answer clips; and more room."""
    wait = waiting.wait
    soon = soonness(wait) if wait is not None else 0.0
    room = (coach.availability - BY_WAIT * soon) / BY_ROOM
    if wait is not None and room < 1:
        yield "room", replace(coach, availability=BY_WAIT * soon + BY_ROOM), {}
    for hours in SOON_HOURS:
        sooner = timedelta(hours=hours)
        if wait is not None and wait <= sooner:
            return
        facts = {"hours": hours} | ({} if wait is None else {"instead": floor(wait / timedelta(hours=1))})
        then = replace(coach, availability=coach.availability + BY_WAIT * (soonness(sooner) - soon))
        yield "answer" if waiting.for_clip else "opening", then, facts


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
