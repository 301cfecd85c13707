"""The waitlist of full weeks under /api/v1: ask, see one's places, leave."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from marketplace.accounts.sessions import me
from marketplace.bookings import queries, service
from marketplace.bookings.api.blueprint import bp_api
from marketplace.bookings.forms import WaitForm
from marketplace.bookings.models import Wait
from marketplace.bookings.waits import WaitStatus
from marketplace.db import current_session
from marketplace.web.api import BEARER
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.idempotency import idempotent
from marketplace.web.languages import viewer_zone


class WaitPath(BaseModel):
    """A place on a waitlist by its id."""

    wait_id: UUID


class WaitAnswer(BaseModel):
    """A place on the waitlist of an offer's week."""

    id: UUID
    offer: UUID
    week_on: date = Field(description="The Monday of the week, local to the coach.")
    status: WaitStatus
    booking: UUID | None = Field(description="While `offered`: the hold made for you; take it at its `payment_url`.")
    asked_at: datetime


class WaitsAnswer(BaseModel):
    """My places: those that wait, and those with a time held for me."""

    waits: list[WaitAnswer]


@bp_api.post("/waits", responses={201: WaitAnswer}, security=BEARER)
@writes()
@signed_in
@idempotent
def ask(body: WaitForm) -> tuple[dict[str, Any], int]:
    """Go on the list of a week that has no open time; the same week twice is one place. 409 `week-has-times` when it
    has one. What frees is held for 35 minutes for who asked first, and she gets a mail."""
    return _shown(service.wait(current_session(), body.offer, by=me(), week_on=body.week_on)), 201


@bp_api.get("/waits", responses={200: WaitsAnswer}, security=BEARER)
@reads
@signed_in
def places() -> dict[str, Any]:
    """My places on waitlists, by week."""
    return {"waits": [_shown(each.wait) for each in queries.waits_of(current_session(), me().id)]}


@bp_api.delete("/waits/<uuid:wait_id>", responses={204: None}, security=BEARER)
@writes()
@signed_in
def leave(path: WaitPath) -> tuple[str, int]:
    """Leave a list. A time that is held already is let go by cancelling its booking."""
    service.leave(current_session(), path.wait_id, by=me())
    return "", 204


def _shown(wait: Wait) -> dict[str, Any]:
    answer = WaitAnswer(
        id=wait.id,
        offer=wait.offer_id,
        week_on=wait.week_on,
        status=wait.status,
        booking=wait.booking_id,
        asked_at=wait.asked_at.astimezone(viewer_zone()),
    )
    return answer.model_dump(mode="json")
