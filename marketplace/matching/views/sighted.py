"""Telling the counts who was seen (sightings.py): not to programs, and not a coach to herself."""

from uuid import UUID

from flask import has_request_context, request
from sqlmodel import Session

from marketplace.accounts.sessions import maybe_me
from marketplace.jobs import on
from marketplace.matching import sightings
from marketplace.matching.criteria import Criteria
from marketplace.matching.queries import Results


def shown(criteria: Criteria, results: Results) -> None:
    """A page of results was shown."""
    if _is_person():
        sightings.shown(
            [hit.card.coach_id for hit in results.hits],
            criteria.issues | criteria.past,
            goals=criteria.goals,
            centre=criteria.centre,
            first=results.first,
            among=results.total,
            by=_coach_looking(),
        )


def viewed(coach_id: UUID) -> None:
    """A coach's page was opened."""
    if _is_person():
        sightings.viewed(coach_id, _coach_looking())


@on("booking.begun")
def begun(_session: Session, coach_id: UUID) -> None:
    """A time or a review of hers was chosen."""
    if _is_person():
        sightings.begun(coach_id, _coach_looking())


def _is_person() -> bool:
    """Not to a program, nor to a browser that fetches a page in case somebody opens it."""
    if not has_request_context() or request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return False
    return sightings.is_person(request.headers.get("User-Agent", ""))


def _coach_looking() -> UUID | None:
    someone = maybe_me()
    return someone.id if someone and someone.is_coach else None
