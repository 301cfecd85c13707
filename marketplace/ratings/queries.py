"""Ratings, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.ratings.models import Rating


@dataclass(frozen=True, slots=True)
class Standing:
    """What a coach's ratings come to; `average` None while there are none."""

    average: float | None
    count: int


def of_booking(session: Session, booking_id: UUID) -> Rating | None:
    """The rating of a session, if it has one."""
    return session.get(Rating, booking_id)


def of_coach(session: Session, coach_id: UUID, *, limit: int = 20) -> Sequence[Rating]:
    """A coach's ratings, the latest first."""
    hers = select(Rating).where(col(Rating.coach_id) == coach_id)
    return session.scalars(hers.order_by(col(Rating.created_at).desc()).limit(limit)).all()


def standing(session: Session, coach_id: UUID) -> Standing:
    """The average and how many there are."""
    sums = select(func.coalesce(func.sum(col(Rating.stars)), 0), func.count()).where(col(Rating.coach_id) == coach_id)
    total, count = session.execute(sums).one()
    return Standing(int(total) / count if count else None, count)
