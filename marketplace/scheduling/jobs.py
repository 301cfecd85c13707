"""Keeps the next opening of every calendar fresh: time itself changes it, as lead times pass."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.coaches.models import Coach
from marketplace.jobs import job, on, publish
from marketplace.scheduling import queries, service
from marketplace.scheduling.models import Calendar

FRESH = timedelta(minutes=20)
AT_ONCE = 100


@on("coach.changed")
def keep_calendar(session: Session, coach_id: UUID) -> None:
    """A coach who is new gets a calendar; one whose offers changed, another next opening."""
    coach = session.get(Coach, coach_id)
    if coach is None:
        return
    service.refresh(session, service.open_calendar(session, coach_id, coach.timezone))


@job("scheduling.refresh_stale")
def refresh_stale(session: Session) -> None:
    """Look again at the calendars that were looked at longest ago."""
    for coach_id in queries.stale(session, clock.now() - FRESH, AT_ONCE):
        calendar = session.get(Calendar, coach_id)
        if calendar and service.refresh(session, calendar):
            publish(session, "hours.changed", coach_id=coach_id)
