"""The gazetteer as rows, read from three installed data sets: GeoNames' towns, Canadian and US postal codes.

Reading costs seconds and some 500 MB while it lasts: only `service.import_gazetteer` does it, never a
web process.
"""

from marketplace.places.gazetteer import canada, geonames, nicknames, united_states
from marketplace.places.gazetteer.rows import Gazetteer

__all__ = ["Gazetteer", "read"]

SAMPLE_POPULATION = 300_000
SAMPLE_STATES = frozenset({"OR", "NY"})


def read(*, sample: bool = False) -> Gazetteer:
    """All places; or a sample of real ones: Canada whole, large cities elsewhere, ZIP codes of two states."""
    gazetteer = Gazetteer()
    geonames.add_to(gazetteer, least_population_abroad=SAMPLE_POPULATION if sample else 0)
    canada.add_to(gazetteer)
    united_states.add_to(gazetteer, states=SAMPLE_STATES if sample else None)
    nicknames.add_to(gazetteer)
    return gazetteer
