"""A story tried from a coach's side: what is understood, where she stands, how her fit is made up, what would help."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from marketplace.coaches.models import Coach
from marketplace.knowledge.need.tree import Need
from marketplace.matching import queries
from marketplace.matching.criteria import MOST_LIMIT, Criteria
from marketplace.matching.helping import Help, Waiting, what_helps
from marketplace.matching.masks import IN_PERSON, ONLINE
from marketplace.matching.needs import criteria_of
from marketplace.matching.queries import Hit
from marketplace.matching.score import Part, parts

MOST_PAGES = 6


@dataclass(frozen=True, slots=True)
class Standing:
    """Her place, from 1; None when she does not come up, or only far down.

    `is_near`: she is one of those within the ring and counted among them; else among all, online coaches included.
    """

    place: int | None
    among: int
    is_near: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a story would do for her. Without a row of the search table nobody finds her: no parts, no help."""

    need: Need
    criteria: Criteria
    standing: Standing
    parts: Sequence[Part] = ()
    helps: Sequence[Help] = ()
    kept_out: Sequence[str] = ("unlisted",)

    @property
    def fit(self) -> int:
        """The fit, as runners see it."""
        return round(sum(part.points for part in self.parts))


def tried(session: Session, coach: Coach, story: str, now: datetime) -> Trial:
    """The story as if a runner had told it; where it names no place, she lives where the coach works."""
    need = queries.understood(session, story)
    criteria = criteria_of(need, now, None if need.place else (coach.latitude, coach.longitude))
    criteria = replace(criteria, limit=MOST_LIMIT, currency=criteria.currency if need.place else coach.currency)
    standing = _standing(session, coach, criteria)
    hit = queries.standing(session, coach.id, criteria)
    if hit is None:
        return Trial(need, criteria, standing)
    return Trial(
        need,
        criteria,
        standing,
        parts=parts(criteria.wish, hit.candidate),
        helps=what_helps(criteria.wish, hit.candidate, _waiting(hit, now)),
        kept_out=() if standing.place else _kept_out(hit),
    )


def _waiting(hit: Hit, now: datetime) -> Waiting:
    opens = hit.card.next_opening_at
    timed = any(offer.minutes for offer in hit.card.offers)
    if opens is not None and opens > now:
        return Waiting(opens - now)
    hours = hit.card.turnaround_hours
    return Waiting(None if hours is None else timedelta(hours=hours), for_clip=not timed)


def _kept_out(hit: Hit) -> list[str]:
    """Why a search does not find a listed coach.

    Kinds: "lists" (none of the issues and goals is hers), "language", "mode", "budget", "far".
    """
    criteria, card = hit.criteria, hit.card
    asked = (criteria.issues | criteria.past, criteria.goals)
    is_far = criteria.centre is not None and hit.distance_km is None
    most = criteria.most_price
    why = {
        "lists": any(asked) and not (asked[0] & card.issues or asked[1] & card.goals),
        "language": criteria.languages & ~card.languages != 0,
        "mode": criteria.modes & ~card.modes != 0,
        "budget": most is not None and (hit.price > most or card.currency != criteria.currency),
        "far": is_far and (not card.modes & ONLINE or bool(criteria.modes & IN_PERSON)),
    }
    return [kind for kind, is_so in why.items() if is_so]


def _standing(session: Session, coach: Coach, criteria: Criteria) -> Standing:
    """Look for her in the results, page by page, as a runner would."""
    after = None
    for _page in range(MOST_PAGES):
        results = queries.search(session, criteria, after)
        for place, hit in enumerate(results.hits, results.first):
            if hit.card.coach_id == coach.id:
                is_near = not hit.elsewhere and place <= results.near
                return Standing(place, results.near if is_near else results.total, is_near)
        if results.after is None:
            break
        after = results.after
    return Standing(None, results.total, False)
