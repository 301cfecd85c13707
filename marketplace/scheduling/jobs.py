"""Gives every coach her calendar."""

from uuid import UUID

from sqlmodel import Session

from marketplace.coaches.models import Coach
from marketplace.jobs import on
from marketplace.scheduling import service


@on("coach.changed")
def keep_calendar(session: Session, coach_id: UUID) -> None:
    """A coach who is new gets a calendar."""
    coach = session.get(Coach, coach_id)
    if coach is not None:
        service.open_calendar(session, coach_id, coach.timezone)
