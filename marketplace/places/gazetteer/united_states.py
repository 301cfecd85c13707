"""US ZIP codes, and the towns that only they know."""

from collections.abc import Collection
from typing import Any

import zipcodes

from marketplace.places.gazetteer import ids
from marketplace.places.gazetteer.rows import POSTAL_WEIGHT, Gazetteer, Spot, weight_of
from marketplace.places.models import AREA, POSTAL

PEOPLE_IN_A_VILLAGE = 300
MILITARY = frozenset({"AA", "AE", "AP"})  # mail addresses that lie nowhere in particular


def add_to(gazetteer: Gazetteer, *, states: Collection[str] | None = None) -> None:
    """Add the ZIP codes of some states, or of all; towns must be there already."""
    for entry in zipcodes.list_all():  # type: ignore[no-untyped-call]
        if entry["state"] not in MILITARY and (states is None or entry["state"] in states):
            _add(gazetteer, entry)


def _add(gazetteer: Gazetteer, entry: dict[str, Any]) -> None:
    spot = Spot("US", entry["state"], float(entry["lat"]), float(entry["long"]))
    code, name = entry["zip_code"], entry["city"]
    if not (spot.latitude or spot.longitude) or not entry["timezone"]:
        return
    gazetteer.add(ids.of_zip(code), name, spot, kind=POSTAL, timezone=entry["timezone"], code=code)
    gazetteer.name(ids.of_zip(code), code, POSTAL_WEIGHT)
    if gazetteer.known(name, spot) is None:
        row = gazetteer.add(ids.of_us_town(code), name, spot, kind=AREA, timezone=entry["timezone"])
        gazetteer.name(row.id, name, weight_of(PEOPLE_IN_A_VILLAGE, "US"))
