"""Rows being gathered: places by id, their names, and which of them are near a point."""

from collections import defaultdict
from math import cos, floor, hypot, log10, radians
from typing import NamedTuple

from marketplace.places.geo import KM_PER_DEGREE, cell
from marketplace.places.models import POSTAL
from marketplace.places.names import fold
from marketplace.places.regions import region_name

SAME_PLACE_KM = 30  # two places of one name and region, nearer than this, are one
POSTAL_WEIGHT = 3000
OTHER_NAME_PENALTY = 1000
# Runsight is at home in Canada: "London" is the English one (21 times as large as Ontario's),
# "Kingston", "Hull" and "Richmond" are ours.
_HOME_FACTOR = {"CA": 10, "US": 2}


class PlaceRow(NamedTuple):
    """A row of the place table."""

    id: int
    kind: str
    name: str
    postal_code: str
    region: str
    region_name: str
    country: str
    latitude: float
    longitude: float
    timezone: str
    population: int
    cell: int


class Spot(NamedTuple):
    """Where something is: region and country codes, degrees."""

    country: str
    region: str
    latitude: float
    longitude: float


def weight_of(population: int, country: str) -> int:
    """A thousand for each power of ten of the population, shifted towards home."""
    return round(1000 * log10(population * _HOME_FACTOR.get(country, 1) + 10))


class Gazetteer:
    """All places and names gathered so far."""

    def __init__(self) -> None:
        self.places: dict[int, PlaceRow] = {}
        self.names: dict[tuple[str, int], int] = {}
        self._by_name: dict[tuple[str, str, str], list[int]] = defaultdict(list)
        self._by_degree: dict[tuple[str, str, int, int], list[int]] = defaultdict(list)

    def add(
        self,
        place_id: int,
        name: str,
        spot: Spot,
        *,
        kind: str,
        timezone: str,
        population: int = 0,
        code: str = "",
    ) -> PlaceRow:
        """Add a place; a town or area is also found by its name later on, a postal one by its code only."""
        row = PlaceRow(
            place_id, kind, name, code, spot.region, region_name(spot.country, spot.region), spot.country,
            round(spot.latitude, 5), round(spot.longitude, 5), timezone, population,
            cell(spot.latitude, spot.longitude),
        )  # fmt: skip
        self.places[place_id] = row
        if kind != POSTAL:
            self._by_name[_key(spot, name)].append(place_id)
            self._by_degree[_degree(spot)].append(place_id)
        return row

    def name(self, place_id: int, name: str, weight: int) -> None:
        """Let a place be found under a name; the greater of two weights stays."""
        for folded in {fold(name), fold(name).removeprefix("the ")} - {""}:
            if len(folded) <= 120 and self.names.get((folded, place_id), -1) < weight:
                self.names[folded, place_id] = weight

    def known(self, name: str, spot: Spot, *, within_km: float = SAME_PLACE_KM) -> PlaceRow | None:
        """The place of that name in the same region and near the spot, the nearest if there are several."""
        rows = [self.places[i] for i in self._by_name.get(_key(spot, name), ())]
        near = [(rough_km(row, spot), row) for row in rows]
        return min((pair for pair in near if pair[0] <= within_km), default=(0, None))[1]

    def timezone_at(self, spot: Spot) -> str:
        """The zone of the nearest known town of the region, looking further out until there is one."""
        for reach in (0, 1, 2, 4, 8, 16, 32):
            if near := self._within_degrees(spot, reach):
                return min(near, key=lambda row: rough_km(row, spot)).timezone
        raise LookupError(f"no town known in {spot.country} {spot.region}")

    def _within_degrees(self, spot: Spot, reach: int) -> list[PlaceRow]:
        country, region, y, x = _degree(spot)
        return [
            self.places[place_id]
            for dy in range(-reach, reach + 1)
            for dx in range(-reach, reach + 1)
            for place_id in self._by_degree.get((country, region, y + dy, x + dx), ())
        ]


def rough_km(a: PlaceRow | Spot, b: PlaceRow | Spot) -> float:
    """Kilometres on a flat map: good to a percent or two up to a few hundred kilometres, and quick."""
    east = (a.longitude - b.longitude) * cos(radians(a.latitude))
    return KM_PER_DEGREE * hypot(a.latitude - b.latitude, east)


def _key(spot: Spot, name: str) -> tuple[str, str, str]:
    """Names are the same place whether written in one word or two: "Centre Town", "Centretown"."""
    return spot.country, spot.region, fold(name).removeprefix("the ").replace(" ", "")


def _degree(spot: Spot) -> tuple[str, str, int, int]:
    return spot.country, spot.region, floor(spot.latitude), floor(spot.longitude)
