"""Which place is meant, what to suggest while one types, and what lies near."""

from collections.abc import Sequence
from math import cos, log10, radians, sin
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, func, or_, select
from sqlmodel import Session, col

from marketplace.places.geo import KM_PER_DEGREE, cells_around, cells_in, coordinates, distance_km
from marketplace.places.models import AREA, CITY, POSTAL, Place, PlaceName
from marketplace.places.names import Reading, beginnings, fold, readings

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""South, west, north, east in degrees; west is the greater where the date line lies between."""
Found = dict[str, list[tuple[Place, int]]]

MOST_NAMES_IN_ONE_QUERY = 500
FEWEST_LETTERS = 2
LONGEST_ID = 10
NEARBY_KM = 50
NEARBY_WEIGHT = 1500  # what ten times the distance costs, against 1000 for a tenth of the population


def resolve(session: Session, text: str, *, near: Point | None = None) -> Place | None:
    """The place that a text means: an id, a postal code, or a name with or without its region; else None.

    Of several places with one name the largest is meant, shifted towards Canada, and towards `near`
    (latitude, longitude) where that is known.
    """
    digits = text.strip()
    if digits.isdecimal() and len(digits) <= LONGEST_ID and (place := by_id(session, int(digits))):
        return place
    return next(iter(candidates(session, text, near=near)), None)


def candidates(session: Session, text: str, *, near: Point | None = None) -> list[Place]:
    """All places that a text may mean in its likeliest reading, the likeliest first."""
    return find_phrases(session, [text], near=near).get(text, [])


def find_phrases(session: Session, phrases: Sequence[str], *, near: Point | None = None) -> dict[str, list[Place]]:
    """For each phrase that names places exactly ("Barrhaven", "Nelson, BC"), those, the likeliest first.

    Phrases that name none are absent. One query serves some hundred phrases. Many common words are a
    village somewhere: the caller judges by the words around and by `population`.
    """
    ways = {phrase: readings(phrase) for phrase in phrases}
    wanted = {name for options in ways.values() for way in options for name in (way.name, way.beside) if name}
    found = _named(session, sorted(wanted))
    meant = {phrase: _first_that_fits(options, found, near) for phrase, options in ways.items()}
    return {phrase: places for phrase, places in meant.items() if places}


def locate(session: Session, text: str, *, near: Point | None = None) -> tuple[Point, Place | None] | None:
    """A point and the place it belongs to, from "lat,lon", an id or a name; None when it is none of these."""
    if point := coordinates(text):
        return point, nearest(session, *point)
    place = resolve(session, text, near=near)
    return (place.point, place) if place else None


def suggest(session: Session, text: str, *, near: Point | None = None, limit: int = 8) -> list[Place]:
    """What somebody may be typing: places whose name begins so, and those that the text already names."""
    if len(fold(text)) < FEWEST_LETTERS:
        return []
    named = candidates(session, text, near=near)
    begun = [] if "," in text and named else _beginning(session, text, near, limit * 4)
    once = {(p.name, p.region, p.country, p.postal_code): p for p in reversed([*named[:limit], *begun])}
    distinct = list(reversed(once.values()))
    return distinct[:limit]


def by_id(session: Session, place_id: int) -> Place | None:
    """The place with that id; five digits are a ZIP code and never an id."""
    return session.get(Place, place_id) if 0 < place_id < 2**31 else None


def by_slug(session: Session, country: str, region: str, city: str) -> Place | None:
    """The town of an address like /coaches/ca/on/ottawa; None when there is none."""
    statement = _ranked([fold(city)]).where(
        col(Place.country) == country.upper(),
        func.lower(col(Place.region)) == region.lower(),
        col(Place.kind) != POSTAL,
    )
    return session.scalars(statement.with_only_columns(Place).limit(1)).first()


def middle_of_zone(session: Session, timezone: str) -> Point | None:
    """Where the largest city of a time zone is; None for a zone that no city has."""
    city = largest_of_zone(session, timezone)
    return city.point if city else None


def largest_of_zone(session: Session, timezone: str) -> Place | None:
    """The largest city of a time zone (an IANA name)."""
    largest = select(Place).where(col(Place.timezone) == timezone, col(Place.kind) == CITY)
    return session.scalars(largest.order_by(col(Place.population).desc(), col(Place.id)).limit(1)).first()


def nearest(session: Session, latitude: float, longitude: float, *, kinds: Sequence[str] = (CITY,)) -> Place | None:
    """The nearest place of those kinds, looking as far as 500 km; None on the open sea."""
    for km in (30, 120, 500):
        if places := within(session, latitude, longitude, km, kinds=kinds, limit=None):
            return min(places, key=lambda place: distance_km((latitude, longitude), place.point))
    return None


def within(
    session: Session,
    latitude: float,
    longitude: float,
    km: float,
    *,
    kinds: Sequence[str] = (CITY, AREA),
    least_population: int = 0,
    limit: int | None = 50,
) -> list[Place]:
    """Places within `km` kilometres of a point, the largest first."""
    statement = (
        select(Place)
        .where(in_cells(col(Place.cell), latitude, longitude, km))
        .where(col(Place.kind).in_(kinds), col(Place.population) >= least_population)
        .order_by(col(Place.population).desc(), col(Place.id))
    )
    near = (p for p in session.scalars(statement) if distance_km((latitude, longitude), p.point) <= km)
    return list(near)[:limit]


def in_cells(column: SQLColumnExpression[int], latitude: float, longitude: float, km: float) -> ColumnElement[bool]:
    """The condition that a row's `geo.cell` is one of those around a point: a box, not yet the circle."""
    return _one_of(column, cells_around(latitude, longitude, km))


def in_frame(
    columns: tuple[SQLColumnExpression[int], SQLColumnExpression[float], SQLColumnExpression[float]], frame: Box
) -> ColumnElement[bool]:
    """The condition that a row's cell, latitude and longitude lie in a frame."""
    cell, latitude, longitude = columns
    south, west, north, east = frame
    between = or_(longitude >= west, longitude <= east) if west > east else longitude.between(west, east)
    return and_(_one_of(cell, cells_in(south, west, north, east)), latitude.between(south, north), between)


def largest_in(session: Session, frame: Box, *, kinds: Sequence[str] = (CITY, AREA), limit: int = 50) -> list[Place]:
    """The largest places of a frame, the largest first."""
    columns = col(Place.cell), col(Place.latitude), col(Place.longitude)
    inside = select(Place).where(in_frame(columns, frame), col(Place.kind).in_(kinds))
    return list(session.scalars(inside.order_by(col(Place.population).desc(), col(Place.id)).limit(limit)))


def _one_of(column: SQLColumnExpression[int], ranges: Sequence[tuple[int, int]]) -> ColumnElement[bool]:
    return or_(*(column.between(a, b) if a < b else column == a for a, b in ranges))


def in_circle(latitude: Any, longitude: Any, centre: Point, km: float) -> ColumnElement[bool]:
    """The condition that two columns lie within `km` of a point: as `distance_km`, to 5 m in 80 km and to 250 m in 300.

    Plain arithmetic, since not every SQLite has a cosine; on a small circle that of a latitude is nearly a line.
    Not across the date line.
    """
    narrow, steep = cos(radians(centre[0])), sin(radians(centre[0])) * radians(1)
    north, east = latitude - centre[0], longitude - centre[1]
    squared: ColumnElement[bool] = (
        north * north + east * east * (narrow * (narrow - steep * north)) <= (km / KM_PER_DEGREE) ** 2
    )
    return squared


def meant_by_address(session: Session, parts: Sequence[dict[str, str]]) -> dict[tuple[str, str, str], int]:
    """For many addresses at once the id of the place that `by_slug` finds there, by (country, region, city)."""
    asked = {fold(each["city"].replace("-", " ")): each["city"] for each in parts}
    statement = _ranked(sorted(asked)).where(col(Place.kind) != POSTAL)
    columns = (col(Place.country), col(Place.region), col(PlaceName.folded), col(Place.id))
    found: dict[tuple[str, str, str], int] = {}
    for country, region, folded, place_id in session.execute(statement.with_only_columns(*columns)):
        found.setdefault((country.lower(), region.lower(), asked[folded]), place_id)
    return found


def _named(session: Session, names: Sequence[str]) -> Found:
    """Places by exact folded name, the weightiest first."""
    found: Found = {}
    for start in range(0, len(names), MOST_NAMES_IN_ONE_QUERY):
        statement = _ranked(names[start : start + MOST_NAMES_IN_ONE_QUERY])
        for place, folded, weight in session.execute(statement):
            found.setdefault(folded, []).append((place, weight))
    return found


def _ranked(names: Sequence[str]) -> Select[Place, str, int]:
    return (
        select(Place, col(PlaceName.folded), col(PlaceName.weight))
        .join(PlaceName, col(PlaceName.place_id) == col(Place.id))
        .where(col(PlaceName.folded).in_(names))
        .order_by(col(PlaceName.weight).desc(), col(Place.id))
    )


def _first_that_fits(options: Sequence[Reading], found: Found, near: Point | None) -> list[Place]:
    for way in options:
        beside = found.get(way.beside, [])
        if way.beside and not beside:
            continue
        centre = beside[0][0].point if beside else near
        fitting = [pair for pair in found.get(way.name, []) if _lies_in(pair[0], way)]
        if fitting:
            return _likeliest_first(fitting, centre)
    return []


def _lies_in(place: Place, way: Reading) -> bool:
    return all(
        any(option.country == place.country and option.region in ("", place.region) for option in options)
        for options in way.regions
    )


def _likeliest_first(pairs: Sequence[tuple[Place, int]], near: Point | None) -> list[Place]:
    if near is None:
        return [place for place, _ in pairs]
    return [place for place, _ in sorted(pairs, key=lambda pair: -_weight_near(pair[0], pair[1], near))]


def _weight_near(place: Place, weight: int, near: Point) -> float:
    return weight - NEARBY_WEIGHT * log10(1 + distance_km(near, place.point) / NEARBY_KM)


def _beginning(session: Session, text: str, near: Point | None, limit: int) -> list[Place]:
    """Places with a name that begins with the text, each once, the weightiest first."""
    name = col(PlaceName.folded)
    ranges = or_(*(and_(name >= start, name < _after(start)) for start in beginnings(text)))
    weight = func.max(col(PlaceName.weight)).label("weight")
    best = (
        select(col(PlaceName.place_id), weight)
        .where(ranges)
        .group_by(col(PlaceName.place_id))
        .order_by(weight.desc(), col(PlaceName.place_id))
        .limit(limit)
        .subquery()
    )
    statement = select(Place, best.c.weight).join(best, best.c.place_id == col(Place.id))
    rows = session.execute(statement.order_by(best.c.weight.desc(), col(Place.id))).all()
    return _likeliest_first(rows, near)


def _after(start: str) -> str:
    """The first string after all that begin with `start`; folded names are ASCII."""
    return start[:-1] + chr(ord(start[-1]) + 1)
