"""Whether a goal is plausible, from a recent race over any distance.

Riegel, "Athletic records and human endurance", American Scientist 69 (1981): time grows with distance to the
power 1.06, for efforts between about 3.5 minutes and 4 hours. What he foretells is a middle; a season of training
betters it by some per cent, and who runs little finds the marathon harder.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Literal

from marketplace.knowledge.catalogue import distance
from marketplace.knowledge.need.tree import Goal, Result

EXPONENT = 1.06
SHORTEST, LONGEST = 210, 4 * 3600  # seconds of an effort for which the rule was found
MOST_TIMES_AS_FAR = 9.0  # a mile foretells no marathon
WITHIN, STRETCH = 1.0, 0.95  # of the time foretold: a goal as slow as that is in reach, or takes a season
Verdict = Literal["in-reach", "stretch", "seasons"]


@dataclass(frozen=True, slots=True)
class Outlook:
    """A goal beside a result: seconds foretold over the goal's distance, seconds wished for, and how far apart."""

    distance: str
    target_seconds: int
    foretold_seconds: int
    result_distance: str
    result_seconds: int
    verdict: Verdict


def outlooks(goals: Sequence[Goal], results: Sequence[Result]) -> list[Outlook]:
    """For each goal with a time, what her results foretell; nothing where no result is comparable."""
    return [found for goal in goals if (found := _outlook(goal, results))]


def foretold(seconds: float, metres: float, other_metres: float) -> float:
    """The time in seconds over `other_metres` that `seconds` over `metres` foretell."""
    return float(seconds * (other_metres / metres) ** EXPONENT)


def verdict(target: float, foretold_seconds: float) -> Verdict:
    """ "in-reach" for what the result foretells, "stretch" for up to 5 % faster, "seasons" for more."""
    share = target / foretold_seconds
    return "in-reach" if share >= WITHIN else "stretch" if share >= STRETCH else "seasons"


def _outlook(goal: Goal, results: Sequence[Result]) -> Outlook | None:
    target, length = goal.target_seconds_max, distance(goal.distance).metres
    if not target or not length:
        return None
    usable = [(each, metres) for each in results if (metres := distance(each.distance).metres)]
    usable = [(each, metres) for each, metres in usable if _comparable(each.seconds, metres, length)]
    if not usable:
        return None
    result, metres = min(usable, key=lambda pair: (abs(log(length / pair[1])), pair[0].seconds))
    seconds = foretold(result.seconds, metres, length)
    return Outlook(goal.distance, target, round(seconds), result.distance, result.seconds, verdict(target, seconds))


def _comparable(seconds: float, metres: float, other_metres: float) -> bool:
    apart = max(metres, other_metres) / min(metres, other_metres)
    return SHORTEST <= seconds <= LONGEST and apart <= MOST_TIMES_AS_FAR
