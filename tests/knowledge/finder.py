"""A gazetteer of a few towns for tests: the one method that `understand` asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from marketplace.knowledge.need.text import fold


@dataclass(frozen=True)
class Town:
    """One place."""

    id: int
    name: str
    region: str | None
    country: str
    population: int
    latitude: float = 45.0
    longitude: float = -75.0
    timezone: str | None = "America/Toronto"


_TOWNS = (Path(__file__).parent / "towns.txt").read_text(encoding="utf-8").splitlines()
_REGIONS = {
    "ontario": "ON",
    "alberta": "AB",
    "nova scotia": "NS",
    "newfoundland": "NL",
    "british columbia": "BC",
    "quebec": "QC",
    "manitoba": "MB",
}
_REGIONS |= {code.lower(): code for code in ("ON", "QC", "BC", "AB", "NS", "NB", "NL", "SK", "MB", "YT")}


def _towns() -> dict[str, Town]:
    towns: dict[str, Town] = {}
    for i, line in enumerate(_TOWNS):
        *name, region, country, people = line.split()
        full = " ".join(name)
        towns[_key(full)] = Town(i, full, None if region == "-" else region, country, int(people))
    return towns


def _key(name: str) -> str:
    return fold(name).replace("-", " ").replace("'", "").replace(".", "").strip()


TOWNS = _towns()


class Towns:
    """Finds towns by their name, with or without the region."""

    def find(self, phrases: Sequence[str]) -> Mapping[str, Sequence[Town]]:
        found = {phrase: self._named(phrase) for phrase in phrases}
        return {phrase: [town] for phrase, town in found.items() if town}

    def _named(self, phrase: str) -> Town | None:
        head, _, tail = phrase.partition(",")
        words = _key(head).split()
        for cut in (2, 1, 0):
            name, region = " ".join(words[: len(words) - cut]), " ".join(words[len(words) - cut :]) or _key(tail)
            town = TOWNS.get(name)
            if town and (not region or _REGIONS.get(region) == town.region or (region in TOWNS and tail and not cut)):
                return town
        return None
