"""A town in numbers: who meets runners there, what they fix and charge, and which towns around have coaches too.

Each number is counted by the database in one bounded statement, never row by row.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlmodel import Session, col

from marketplace.coaches.kinds import Mode
from marketplace.matching.criteria import USUAL_KM, currency_of
from marketplace.matching.masks import IN_PERSON, ISSUES, LANGUAGES, ONLINE
from marketplace.matching.models import CoachSearch
from marketplace.memory import Memory
from marketplace.places.geo import CELLS_AROUND, cells_around, distance_km
from marketplace.places.models import CITY, Place
from marketplace.places.names import address
from marketplace.places.queries import Point, in_cells, in_circle

MOST_COUNTED = 2000  # coaches whom one town's numbers are made of; with more, the page says so
WEEK = timedelta(days=7)
SERVED_KM = 80
WIDER_KM = 300
MOST_AROUND = 8
Prices = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Figures:
    """A town's numbers. `issues`, `languages` and `free` (an opening within a week) are of those who meet in person.

    `online`: coaches of this town who work online; `only_online`: those of them who do nothing else. `prices` are the
    least and the most that coaches begin at, by mode, in minor units of `currency`. `is_whole` is False where there are
    more coaches than are counted.
    """

    in_person: int
    free: int
    online: int
    only_online: int
    issues: Mapping[str, int]
    languages: Mapping[str, int]
    prices: Mapping[str, Prices]
    currency: str
    is_whole: bool

    @property
    def coaches(self) -> int:
        """All coaches of this town."""
        return self.in_person + self.only_online


_figures: Memory[Figures] = Memory(500, seconds=60, fleeting=True)


@dataclass(frozen=True, slots=True)
class Around:
    """A town that has coaches, and how far it is."""

    name: str
    region: str
    address: Mapping[str, str]
    distance_km: float


def figures(session: Session, place: Place, now: datetime) -> Figures:
    """The numbers of the ring of USUAL_KM around a town, a minute old at most."""
    return _figures.get((str(session.get_bind().engine.url), place.id), lambda: _counted(session, place, now))


def _counted(session: Session, place: Place, now: datetime) -> Figures:
    currency = currency_of(place.country)
    near = _near(place.point).subquery()
    row = session.execute(select(*_counts(near.c, currency, now))).one()._mapping
    issues = {each: row[f"issue {each}"] for each in ISSUES if row[f"issue {each}"]}
    return Figures(
        in_person=row["in_person"],
        free=row["free"],
        online=row["online"],
        only_online=row["coaches"] - row["in_person"],
        issues=dict(sorted(issues.items(), key=lambda pair: -pair[1])),
        languages={each: row[f"language {each}"] for each in LANGUAGES if row[f"language {each}"]},
        prices={
            mode.value: (row[f"least {mode}"], row[f"most {mode}"]) for mode in Mode if row[f"least {mode}"] is not None
        },
        currency=currency,
        is_whole=row["coaches"] < MOST_COUNTED,
    )


def is_served(session: Session, point: Point) -> bool:
    """Whether any coach, in person or online, lives within SERVED_KM."""
    ring = in_cells(col(CoachSearch.cell), *point, SERVED_KM)
    circle = in_circle(col(CoachSearch.latitude), col(CoachSearch.longitude), point, SERVED_KM)
    return bool(session.scalar(select(exists().where(ring, circle))))


def coached_cells(session: Session) -> list[int]:
    """The cells that any coach lives in, in order."""
    return list(session.scalars(select(col(CoachSearch.cell)).distinct().order_by(col(CoachSearch.cell))))


def served(session: Session, places: Sequence[Any], cells: Sequence[int]) -> list[Any]:
    """Those of many places for which `is_served` holds. `places` have `cell`, `latitude`, `longitude`.

    Two points of one cell or of neighbours are never SERVED_KM apart, and where no cell of the ring has a coach there
    is none: few places need a look of their own.
    """
    return [each for each in places if _is_served(session, each, cells)]


def around(session: Session, place: Place) -> list[Around]:
    """Towns with a coach who meets in person, the nearest first: within SERVED_KM, or farther if there are none.

    Of each cell the largest town. Its coach is in its own cell, and so in the ring that its page tells of.
    """
    return _around(session, place, SERVED_KM) or _around(session, place, WIDER_KM)


def _near(point: Point) -> Select[*tuple[Any, ...]]:
    """The coaches of a ring, at most MOST_COUNTED of them."""
    columns = (CoachSearch.issues, CoachSearch.languages, CoachSearch.modes, CoachSearch.currency)
    more = (CoachSearch.price_online, CoachSearch.price_in_person, CoachSearch.next_opening_at)
    ring = in_cells(col(CoachSearch.cell), *point, USUAL_KM)
    circle = in_circle(col(CoachSearch.latitude), col(CoachSearch.longitude), point, USUAL_KM)
    return select(*map(col, (*columns, *more))).where(ring, circle).limit(MOST_COUNTED)


def _counts(near: Any, currency: str, now: datetime) -> Iterator[ColumnElement[Any]]:
    """All numbers as aggregates with names."""
    in_person, online = near.modes.bitwise_and(IN_PERSON) != 0, near.modes.bitwise_and(ONLINE) != 0
    free = near.next_opening_at.between(now, now + WEEK)
    yield func.count().label("coaches")
    yield func.count().filter(in_person).label("in_person")
    yield func.count().filter(online).label("online")
    yield func.count().filter(in_person, free).label("free")
    for kind, column, ids in (("issue", near.issues, ISSUES), ("language", near.languages, LANGUAGES)):
        for place, each in enumerate(ids):
            yield func.count().filter(in_person, column.bitwise_and(1 << place) != 0).label(f"{kind} {each}")
    for mode, price in ((Mode.ONLINE, near.price_online), (Mode.IN_PERSON, near.price_in_person)):
        yield func.min(price).filter(near.currency == currency).label(f"least {mode}")
        yield func.max(price).filter(near.currency == currency).label(f"most {mode}")


def _around(session: Session, place: Place, km: float) -> list[Around]:
    coached = exists().where(
        col(CoachSearch.cell) == col(Place.cell), col(CoachSearch.modes).bitwise_and(IN_PERSON) != 0
    )
    largest = func.row_number().over(
        partition_by=col(Place.cell), order_by=(col(Place.population).desc(), col(Place.id))
    )
    columns = (Place.name, Place.region, Place.country, Place.latitude, Place.longitude)
    towns = (
        select(*map(col, columns), largest.label("rank"))
        .where(in_cells(col(Place.cell), *place.point, km), col(Place.kind) == CITY, col(Place.region) != "")
        .where(in_circle(col(Place.latitude), col(Place.longitude), place.point, km))
        .where(col(Place.id) != place.id, coached)
        .subquery()
    )
    found = []
    for name, region, country, latitude, longitude, _rank in session.execute(select(towns).where(towns.c.rank == 1)):
        if parts := address(country, region, name):
            found.append(Around(name, region, parts, distance_km(place.point, (latitude, longitude))))
    return sorted(found, key=lambda town: town.distance_km)[:MOST_AROUND]


def _is_served(session: Session, place: Any, cells: Sequence[int]) -> bool:
    rows = (place.cell + row * CELLS_AROUND for row in (0, -1, 1))
    if _has_any(cells, [(row - 1, row + 1) for row in rows]):
        return True
    point = place.latitude, place.longitude
    return _has_any(cells, cells_around(*point, SERVED_KM)) and is_served(session, point)


def _has_any(cells: Sequence[int], ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether any of those cells lies in any of the inclusive ranges."""
    return any(bisect_left(cells, first) < bisect_right(cells, last) for first, last in ranges)
