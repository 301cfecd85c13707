"""Booking as one would write it without thinking: look whether the time is open, then take it.

No lock, no claims: the control that shows that the races of these tests can be lost.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.coaches.models import Offer
from marketplace.db import new_id, transaction
from marketplace.scheduling import queries as calendars
from marketplace.scheduling.models import Visit

bp = Blueprint("unguarded", __name__)


@bp.post("/unguarded")
def take() -> ResponseReturnValue:
    """The same question and the same answers as POST /api/v1/bookings."""
    body = request.get_json()
    took = look_then_take(UUID(body["offer"]), datetime.fromisoformat(body["starts_at"]))
    return {}, 201 if took else 409


@bp.post("/unguarded-seat")
def sit() -> ResponseReturnValue:
    """The same for a seat of a group visit: count who sits there, then sit down."""
    body = request.get_json()
    took = look_then_sit(UUID(body["offer"]), datetime.fromisoformat(body["starts_at"]))
    return {}, 201 if took else 409


def look_then_sit(offer_id: UUID, starts_at: datetime, between: Callable[[], object] = lambda: None) -> bool:
    """Whether there looked to be a seat, and one was taken; each sitter is a row. `between` runs after looking."""
    there = select(func.count()).select_from(Visit).where(col(Visit.starts_at) == starts_at)
    with transaction(write=False) as session:
        if int(session.execute(there).scalar_one()) >= session.get_one(Offer, offer_id).seats:
            return False
    between()
    with transaction() as session:
        session.add(_visit(session, offer_id, starts_at))
    return True


def look_then_take(offer_id: UUID, starts_at: datetime, between: Callable[[], object] = lambda: None) -> bool:
    """Whether the time looked open, and was taken. `between` runs after looking."""
    with transaction(write=False) as session:
        offer = session.get_one(Offer, offer_id)
        if calendars.why_closed(session, offer, starts_at, clock.now()):
            return False
    between()
    with transaction() as session:
        session.add(_visit(session, offer_id, starts_at))
    return True


def _visit(session: Session, offer_id: UUID, starts_at: datetime) -> Visit:
    offer = session.get_one(Offer, offer_id)
    ends_at = starts_at + timedelta(minutes=offer.minutes or 0)
    return Visit(coach_id=offer.coach_id, holder_id=new_id(), starts_at=starts_at, ends_at=ends_at)
