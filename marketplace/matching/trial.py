"""A story tried from a coach's side: what is understood, where she stands, how her fit is made up, what would help."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from marketplace.coaches.models import Coach
from marketplace.knowledge.need.tree import Need
from marketplace.matching import queries
from marketplace.matching.criteria import MOST_LIMIT, Criteria
from marketplace.matching.helping import Help, kept_out, what_helps
from marketplace.matching.needs import criteria_of
from marketplace.matching.queries.candidates import row_of
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
    row = row_of(session, coach.id, criteria)
    if row is None:
        return Trial(need, criteria, standing)
    wish = criteria.wish
    return Trial(
        need,
        criteria,
        standing,
        parts=parts(wish, row.candidate),
        helps=what_helps(wish, row.candidate),
        kept_out=() if standing.place else kept_out(criteria, row.candidate, row.modes),
    )


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
