"""Complaints under /api/v1: complain, answer, take back, read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from marketplace.accounts.sessions import me
from marketplace.bookings import queries, service
from marketplace.bookings.complaint_models import Complaint
from marketplace.bookings.complaints import ComplaintStatus
from marketplace.bookings.forms import ComplaintForm
from marketplace.db import current_session
from marketplace.errors import NotFound
from marketplace.money import Money
from marketplace.web.api import BEARER, Price, blueprint
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.idempotency import idempotent
from marketplace.web.languages import absolute_url, viewer_zone
from marketplace.web.security import csrf

bp_api = blueprint("complaints")
csrf.exempt(bp_api)


class ComplaintPath(BaseModel):
    """A complaint by its booking's id."""

    booking_id: UUID


class ComplaintAnswer(BaseModel):
    """A complaint as both sides see it; `refund` is what was decided to be given back. Times are in one's own zone."""

    booking_id: UUID
    status: ComplaintStatus
    words: str
    answer: str
    decision: str
    refund: Price
    made_at: datetime
    ended_at: datetime | None
    url: str


@bp_api.get("/bookings/<uuid:booking_id>/complaint", responses={200: ComplaintAnswer}, security=BEARER)
@reads
@signed_in
def show(path: ComplaintPath) -> dict[str, Any]:
    """The complaint about a booking of mine."""
    session = current_session()
    queries.visible(session, path.booking_id, me())
    found = queries.complaint_of(session, path.booking_id)
    if found is None:
        raise NotFound("complaint")
    return _shown(found)


@bp_api.post("/bookings/<uuid:booking_id>/complaint", responses={201: ComplaintAnswer}, security=BEARER)
@writes()
@signed_in
@idempotent
def complain(path: ComplaintPath, body: ComplaintForm) -> tuple[dict[str, Any], int]:
    """As the runner: say what went wrong, within a day of the session."""
    return _shown(service.complain(current_session(), path.booking_id, by=me(), words=body.words)), 201


@bp_api.post("/bookings/<uuid:booking_id>/complaint/answer", responses={200: ComplaintAnswer}, security=BEARER)
@writes()
@signed_in
@idempotent
def answer(path: ComplaintPath, body: ComplaintForm) -> dict[str, Any]:
    """As the coach: say how it was."""
    return _shown(service.answer_complaint(current_session(), path.booking_id, by=me(), words=body.words))


@bp_api.post("/bookings/<uuid:booking_id>/complaint/withdrawal", responses={200: ComplaintAnswer}, security=BEARER)
@writes()
@signed_in
@idempotent
def withdraw(path: ComplaintPath) -> dict[str, Any]:
    """As the runner: take it back; the coach is paid."""
    return _shown(service.withdraw_complaint(current_session(), path.booking_id, by=me()))


def _shown(complaint: Complaint) -> dict[str, Any]:
    booking, zone = queries.visible(current_session(), complaint.booking_id, me()), viewer_zone()
    plain = ("booking_id", "status", "words", "answer", "decision")
    answer = ComplaintAnswer(
        **{name: getattr(complaint, name) for name in plain},
        refund=Price.of(Money(complaint.refund, booking.currency)),
        made_at=complaint.made_at.astimezone(zone),
        ended_at=complaint.ended_at and complaint.ended_at.astimezone(zone),
        url=absolute_url("bookings.complaint", booking_id=complaint.booking_id),
    )
    return answer.model_dump(mode="json")
