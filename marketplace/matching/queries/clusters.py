"""How many coaches there are in each square of a map, counted by the database, at a bounded cost.

The counting reads the ring's index and no row of the table; those who are alone in their square are looked up after.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, or_, select
from sqlmodel import Session, col

from marketplace.coaches.models import Coach
from marketplace.matching.criteria import Criteria
from marketplace.matching.frame import HUNDREDTH, MOST_SQUARES, Frame
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries.candidates import conditions
from marketplace.places.geo import cell
from marketplace.places.queries import Point, in_frame

MOST_COUNTED = 150_000
HALF_STEP = 0.5 / HUNDREDTH
CELL, LATITUDE, LONGITUDE = col(CoachSearch.cell), col(CoachSearch.latitude), col(CoachSearch.longitude)


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

    The most come first. Where there are MOST_COUNTED or more, none: counts of some of them would mislead.
    """
    wanted = [*conditions(criteria), *_available(criteria)]
    rows = [tuple(row) for row in session.execute(_counted(frame, wanted))]
    if sum(count for *_, count in rows) >= MOST_COUNTED:
        return []
    alone = _who(session, [(latitude, longitude) for *_, latitude, longitude, count in rows if count == 1], wanted)
    return [
        Cluster((row, column), round(latitude, 4), round(longitude, 4), count)
        if count > 1
        else Cluster((row, column), latitude, longitude, 1, *alone[_hundredths_of(latitude, longitude)])
        for row, column, latitude, longitude, count in rows
    ]


def _counted(frame: Frame, wanted: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    high, wide = frame.grid
    row = (cast(func.round((LATITUDE + 90) * HUNDREDTH), Integer) // high).label("row")
    column = (cast(func.round((LONGITUDE + 180) * HUNDREDTH), Integer) // wide).label("column")
    inside: Select[*tuple[Any, ...]] = select(row, column, LATITUDE.label("latitude"), LONGITUDE.label("longitude"))
    seen = inside.where(in_frame((CELL, LATITUDE, LONGITUDE), frame.box), *wanted).limit(MOST_COUNTED).subquery().c
    count = func.count()
    squares = select(seen.row, seen.column, func.avg(seen.latitude), func.avg(seen.longitude), count)
    return squares.group_by(seen.row, seen.column).order_by(count.desc(), seen.row, seen.column).limit(MOST_SQUARES)


def _available(criteria: Criteria) -> Iterator[ColumnElement[bool]]:
    """The condition that she can help in time, as `score.next_time` reckons it."""
    days = criteria.available_within_days
    if days is None:
        return
    opening, answer = col(CoachSearch.next_opening_at), col(CoachSearch.turnaround_hours)
    yield case((opening > criteria.now, opening <= criteria.available_until), else_=answer <= days * 24)


def _who(
    session: Session, spots: Sequence[Point], wanted: Sequence[ColumnElement[bool]]
) -> dict[tuple[int, int], tuple[str, str]]:
    """Slug and name of who is at each spot, by its hundredths of a degree."""
    if not spots:
        return {}
    there = or_(*(_at(*spot) for spot in spots))
    named = select(LATITUDE, LONGITUDE, col(Coach.slug), col(Coach.name))
    joined = named.join(Coach, col(Coach.id) == col(CoachSearch.coach_id)).where(there, *wanted)
    rows = session.execute(joined)
    return {_hundredths_of(latitude, longitude): (slug, name) for latitude, longitude, slug, name in rows}


def _at(latitude: float, longitude: float) -> ColumnElement[bool]:
    return and_(
        CELL.in_([cell(latitude, longitude)]),
        LATITUDE.between(latitude - HALF_STEP, latitude + HALF_STEP),
        LONGITUDE.between(longitude - HALF_STEP, longitude + HALF_STEP),
    )


def _hundredths_of(latitude: float, longitude: float) -> tuple[int, int]:
    return round(latitude * HUNDREDTH), round(longitude * HUNDREDTH)
