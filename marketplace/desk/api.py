"""Why a time of a coach can't be booked, under /api/v1: for herself, and for staff who are asked."""

from uuid import UUID

from pydantic import BaseModel, Field

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.coaches import queries as coaches
from marketplace.db import current_session
from marketplace.desk.closed_words import answer
from marketplace.errors import NotFound
from marketplace.scheduling.closed import Reason
from marketplace.web.api import BEARER, Instant, Strict, blueprint
from marketplace.web.app import reads
from marketplace.web.auth import signed_in

bp_api = blueprint("desk")


class ClosedQuery(Strict):
    """Which offer (its id), and at which instant."""

    offer: UUID
    at: Instant


class ClosedAnswer(BaseModel):
    """Whether a visit can be booked to start then, and if not which rule closes it."""

    open: bool
    reason: Reason | None = Field(description="The first rule that closes it, in the order in which one would ask.")
    text: str = Field(description="The same in a sentence, in the language asked for.")


@bp_api.get("/coach/openings/closed", responses={200: ClosedAnswer}, security=BEARER)
@reads
@signed_in
def closed(query: ClosedQuery) -> dict[str, object]:
    """Why a start of one of my offers can't be booked; staff may ask of anybody's."""
    session, person = current_session(), me()
    offer = coaches.offer(session, query.offer)
    coach = coaches.by_id(session, offer.coach_id)
    if coach.user_id != person.id and not person.is_staff:
        raise NotFound("offer")
    return answer(session, coach, offer, query.at, clock.now())
