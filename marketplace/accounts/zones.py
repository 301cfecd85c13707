"""Time zones to choose from, by continent, Canada's first. Pure."""

from functools import cache
from zoneinfo import available_timezones

from babel import Locale

CANADA = (
    "America/St_Johns",
    "America/Halifax",
    "America/Moncton",
    "America/Toronto",
    "America/Winnipeg",
    "America/Regina",
    "America/Edmonton",
    "America/Vancouver",
    "America/Whitehorse",
)
_CONTINENTS = ("America", "Europe", "Africa", "Asia", "Australia", "Pacific", "Atlantic", "Indian")


def choices(present: str, language: str) -> dict[str, list[tuple[str, str]]]:
    """Groups of (IANA name, words); the present zone is always among them."""
    groups = dict(_groups(language))
    if not any(present == zone for group in groups.values() for zone, _ in group):
        groups = {"": [(present, present)]} | groups
    return groups


@cache
def _groups(language: str) -> dict[str, list[tuple[str, str]]]:
    locale = Locale.parse(language)
    groups = {str(locale.territories["CA"]): [(zone, _city(zone)) for zone in CANADA]}
    for continent in _CONTINENTS:
        zones = sorted(z for z in available_timezones() if z.startswith(f"{continent}/") and z not in CANADA)
        groups[continent] = [(zone, _city(zone)) for zone in zones]
    return groups


def _city(zone: str) -> str:
    return zone.split("/", 1)[1].replace("_", " ").replace("/", " – ")
