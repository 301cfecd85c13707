"""Gives every coach her calendar, and forgets openings that may be others now."""

from uuid import UUID

from sqlalchemy import event
from sqlmodel import Session

from marketplace.coaches.models import Coach
from marketplace.jobs import on
from marketplace.scheduling import service
from marketplace.web import front


@on("coach.changed")
def keep_calendar(session: Session, coach_id: UUID) -> None:
    """A coach who is new gets a calendar; one who has moved takes hers along."""
    coach = session.get(Coach, coach_id)
    if coach is not None:
        service.open_calendar(session, coach_id, coach.timezone)
        service.follow_home(session, coach)


@on("hours.changed")
def forget_openings(session: Session, coach_id: UUID) -> None:
    """Answers that this process keeps are old once others see the change."""
    event.listen(session, "after_commit", lambda _session: front.forget(), once=True)
