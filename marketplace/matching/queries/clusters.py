"""How many coaches there are in each square of a map, counted by the database, at a bounded cost.

The counting reads the ring's index and no row of the table; those who are alone in their square are looked up after.
"""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from marketplace.matching.criteria import Criteria
from marketplace.matching.frame import HUNDREDTH, MOST_SQUARES, Frame
from marketplace.matching.queries.cards import Card, cards
from marketplace.matching.queries.conditions import conditions, ring_of
from marketplace.matching.queries.sql import Values, as_id, rows
from marketplace.places.geo import cells_in

MOST_COUNTED = 150_000


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
    value = Values(session)
    found = rows(session, _counted(criteria, frame, value), value)
    if sum(row.count for row in found) >= MOST_COUNTED:
        return []
    alone = cards(session, [as_id(row.one) for row in found if row.count == 1])
    return [_cluster(row, alone.get(as_id(row.one)) if row.count == 1 else None) for row in found]


def _cluster(row: Any, card: Card | None) -> Cluster:
    middle = round(row.latitude, 4), round(row.longitude, 4)
    return Cluster((row.high, row.wide), *middle, row.count, card.slug if card else None, card.name if card else None)


def _counted(criteria: Criteria, frame: Frame, value: Values) -> str:
    high, wide = (value(each) for each in frame.grid)
    south, west, north, east = frame.box
    between = "(longitude >= {} OR longitude <= {})" if frame.crosses_date_line else "longitude BETWEEN {} AND {}"
    ring, joined = ring_of(cells_in(*frame.box), value)
    inside = [joined, f"latitude BETWEEN {value(south)} AND {value(north)}"]
    inside += [between.format(value(west), value(east)), *conditions(criteria, value)]
    row, column = _hundredths("latitude", 90, high), _hundredths("longitude", 180, wide)
    seen = f"SELECT {row} AS high, {column} AS wide, latitude, longitude, coach_id FROM ring CROSS JOIN coach_search"  # nosec B608
    seen += f" WHERE {' AND '.join(inside)} LIMIT {value(MOST_COUNTED)}"
    squares = "SELECT high, wide, avg(latitude) AS latitude, avg(longitude) AS longitude, count(*) AS count,"
    squares += f" min(CAST(coach_id AS TEXT)) AS one FROM ({seen}) AS seen GROUP BY high, wide"  # nosec B608
    return f"WITH {ring} {squares} ORDER BY count DESC, high, wide LIMIT {value(MOST_SQUARES)}"


def _hundredths(column: str, origin: int, step: str) -> str:
    """The number of the row or column of squares that a coordinate lies in."""
    return f"CAST(round(({column} + {origin}) * {HUNDREDTH}) AS INTEGER) / {step}"
