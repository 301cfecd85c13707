"""Analyses, read. What is not yours, or not delivered to you yet, is not found."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import db
from marketplace.accounts.models import User
from marketplace.analysis.models import Analysis, Finding, PrescribedDrill
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.clips import queries as clips
from marketplace.errors import NotFound


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with its drills, in order."""

    finding: Finding
    drills: Sequence[PrescribedDrill]

    def dose(self, drill: str) -> str | None:
        """The dose given for a drill; None when it is not prescribed."""
        return next((each.dose for each in self.drills if each.drill == drill), None)


def of_booking(session: Session, booking_id: UUID) -> Analysis | None:
    """The booking's analysis, draft or delivered."""
    rows = session.execute(select(Analysis).where(col(Analysis.booking_id) == booking_id))
    return rows.scalar_one_or_none()


def visible(session: Session, analysis_id: UUID, party: User) -> tuple[Analysis, Booking, Actor]:
    """The analysis for the coach who writes it, and for its runner once delivered."""
    analysis = session.get(Analysis, analysis_id)
    if analysis is None:
        raise NotFound("analysis")
    booking = session.get_one(Booking, analysis.booking_id)
    by = clips.part_of(session, booking, party)
    if by is Actor.RUNNER and not analysis.is_delivered:
        raise NotFound("analysis")
    return analysis, booking, by


def locked(session: Session, analysis_id: UUID, coach: User) -> Analysis:
    """The analysis, locked and read afresh, for the coach who writes it."""
    _analysis, _booking, by = visible(session, analysis_id, coach)
    if by is not Actor.COACH:
        raise NotFound("analysis")
    found: Analysis = db.locked(session, select(Analysis).where(col(Analysis.id) == analysis_id))
    return found


def findings(session: Session, analysis_id: UUID, *, removed: bool = False) -> list[Found]:
    """Its findings in order with their drills; with `removed` also those that could be brought back."""
    rows = select(Finding).where(col(Finding.analysis_id) == analysis_id)
    if not removed:
        rows = rows.where(col(Finding.removed_at).is_(None))
    found = session.execute(rows.order_by(col(Finding.position), col(Finding.id))).scalars().all()
    given: dict[UUID, list[PrescribedDrill]] = defaultdict(list)
    drills = select(PrescribedDrill).where(col(PrescribedDrill.finding_id).in_([each.id for each in found]))
    for drill in session.execute(drills.order_by(col(PrescribedDrill.position))).scalars():
        given[drill.finding_id].append(drill)
    return [Found(each, given[each.id]) for each in found]
