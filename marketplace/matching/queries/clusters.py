"""How many coaches there are in each square of a map, counted by the database, at a bounded cost."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, String, case, cast, func, select
from sqlmodel import Session, col

from marketplace.coaches.models import Coach
from marketplace.matching.criteria import Criteria
from marketplace.matching.frame import HUNDREDTH, MOST_SQUARES, Frame
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries.candidates import conditions
from marketplace.places.queries import in_frame

MOST_COUNTED = 100_000


@dataclass(frozen=True, slots=True)
class Cluster:
    """The coaches of one square, given by its row and column: how many, the middle of where they are; slug and name
    of one who is alone."""

    square: tuple[int, int]
    latitude: float
    longitude: float
    count: int
    slug: str | None = None
    name: str | None = None


def clusters(session: Session, criteria: Criteria, frame: Frame) -> list[Cluster]:
    """The coaches in the frame who have what is asked for, wherever the search's ring lies, by squares of its grid.

    The most come first. Of more than MOST_COUNTED coaches some are not counted.
    """
    high, wide = frame.grid
    qualifying = (
        select(
            (_hundredths(CoachSearch.latitude, 90) // high).label("row"),
            (_hundredths(CoachSearch.longitude, 180) // wide).label("column"),
            col(CoachSearch.latitude).label("latitude"),
            col(CoachSearch.longitude).label("longitude"),
            cast(col(CoachSearch.coach_id), String).label("coach_id"),
        )
        .where(_inside(frame), *conditions(criteria), *_available(criteria))
        .limit(MOST_COUNTED)
        .subquery()
    )
    seen = qualifying.c
    counted = (
        select(
            seen.row,
            seen.column,
            func.avg(seen.latitude),
            func.avg(seen.longitude),
            func.count(),
            func.min(seen.coach_id),
        )
        .group_by(seen.row, seen.column)
        .order_by(func.count().desc(), seen.row, seen.column)
        .limit(MOST_SQUARES)
    )
    rows = [tuple(each) for each in session.execute(counted)]
    alone = _who(session, [UUID(one) for *_, count, one in rows if count == 1])
    return [
        Cluster((row, column), round(latitude, 4), round(longitude, 4), count, *alone.get(UUID(one), ()))
        for row, column, latitude, longitude, count, one in rows
    ]


def _inside(frame: Frame) -> ColumnElement[bool]:
    return in_frame((col(CoachSearch.cell), col(CoachSearch.latitude), col(CoachSearch.longitude)), frame.box)


def _hundredths(column: Any, most: int) -> Any:
    """A coordinate as a whole number of hundredths of a degree, from the south pole or the date line on."""
    return cast(func.round((col(column) + most) * HUNDREDTH), Integer)


def _available(criteria: Criteria) -> Iterator[ColumnElement[bool]]:
    """The condition that she can help in time, as `score.next_time` reckons it."""
    days = criteria.available_within_days
    if days is None:
        return
    opening, answer = col(CoachSearch.next_opening_at), col(CoachSearch.turnaround_hours)
    yield case((opening > criteria.now, opening <= criteria.available_until), else_=answer <= days * 24)


def _who(session: Session, coach_ids: list[UUID]) -> dict[UUID, tuple[str, str]]:
    named = select(col(Coach.id), col(Coach.slug), col(Coach.name)).where(col(Coach.id).in_(coach_ids))
    return {coach_id: (slug, name) for coach_id, slug, name in session.execute(named)}
