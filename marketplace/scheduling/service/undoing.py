"""The last change of a coach's hours, taken back: what it replaced is kept whole, for some minutes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from marketplace import clock
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict
from marketplace.scheduling.models import Calendar, DateException, Replaced, Schedule, TimeOff, WeeklyWindow
from marketplace.scheduling.service.calendar import changed, lock
from marketplace.scheduling.terms import USUAL

UNDO_MINUTES = 15
_LIMITS = ("most_visits_per_day", "most_visits_per_week", "most_minutes_per_day", "most_minutes_per_week")
_OF_CALENDAR = (*_LIMITS, "travel_minutes", "holidays")
_TABLES: tuple[Any, ...] = (WeeklyWindow, Schedule, DateException, TimeOff)


def keep(session: Session, coach_id: UUID) -> None:
    """Remember her hours as they are, before they change; what the change before replaced is forgotten."""
    calendar = session.get_one(Calendar, coach_id)
    hours: dict[str, Any] = {table.__name__: _rows(session, table, coach_id) for table in _TABLES}
    hours["calendar"] = {name: getattr(calendar, name) for name in _OF_CALENDAR}
    named = select(col(Offer.id), col(Offer.schedule)).where(col(Offer.coach_id) == coach_id, col(Offer.schedule) > 0)
    hours["offers"] = {str(offer_id): schedule for offer_id, schedule in session.execute(named)}
    kept = session.get(Replaced, coach_id)
    if kept is not None:
        session.delete(kept)
        session.flush()
    session.add(Replaced(coach_id=coach_id, made_at=clock.now(), hours=hours))


def undoable(session: Session, coach_id: UUID) -> Replaced | None:
    """What her last change replaced, while it can be put back."""
    kept = session.get(Replaced, coach_id)
    return kept if kept and kept.made_at > clock.now() - timedelta(minutes=UNDO_MINUTES) else None


def undo(session: Session, coach_id: UUID, change_id: UUID) -> None:
    """Put back what her last change replaced. Conflict `undo-gone` when another came after it, or too late."""
    calendar, kept = lock(session, coach_id), undoable(session, coach_id)
    if kept is None or kept.change_id != change_id:
        raise Conflict("undo-gone")
    hours, now = kept.hours, {row["number"] for row in _rows(session, Schedule, coach_id)}
    for table in _TABLES:
        session.execute(delete(table).where(table.coach_id == coach_id))
        session.add_all(table.model_validate(row | {"coach_id": coach_id}) for row in hours[table.__name__])
    for name, value in hours["calendar"].items():
        setattr(calendar, name, value)
    _name_schedules(session, coach_id, hours, now)
    session.delete(kept)
    changed(session, coach_id, hours=True)


def _name_schedules(session: Session, coach_id: UUID, hours: Mapping[str, Any], now: set[int]) -> None:
    """Offers name a schedule again that is back, and none that is gone."""
    before = {row["number"] for row in hours["Schedule"]}
    hers = update(Offer).where(col(Offer.coach_id) == coach_id)
    session.execute(hers.where(col(Offer.schedule).in_(sorted(now - before))).values(schedule=USUAL))
    for offer_id, schedule in hours["offers"].items():
        if schedule in before - now:
            session.execute(hers.where(col(Offer.id) == UUID(offer_id)).values(schedule=schedule))


def _rows(session: Session, table: Any, coach_id: UUID) -> list[dict[str, Any]]:
    """What she has in a table, as JSON keeps it."""
    return [row.model_dump(mode="json") for row in session.scalars(select(table).where(table.coach_id == coach_id))]
