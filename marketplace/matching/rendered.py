"""What was made of coaches in results, kept for the minute: rendered cards, pins of the map, the API's JSON."""

from collections.abc import Callable
from typing import Any, TypeVar

from marketplace.matching.queries import Hit
from marketplace.memory import Memory

Made = TypeVar("Made")
Reader = tuple[str, str, str]
"""The reader's language and time zone, and what links take along for her."""
_kept: Memory[Any] = Memory(1000)


def of_the_minute(kind: str, hit: Hit, number: int, reader: Reader, make: Callable[[], Made]) -> Made:
    """What was made of a hit before, if nothing that it shows is another: the coach's version, what is asked, who
    reads, and the minute, since times pass."""
    criteria, card, km = hit.criteria, hit.card, hit.distance_km
    minute = int(criteria.now.timestamp()) // 60
    asked = (criteria.wish, criteria.modes, criteria.zone, hit.elsewhere, km if km is None else round(km, 2))
    key = (kind, card.coach_id, card.version, None if hit.is_matched else number, minute, *asked, *reader)
    made: Made = _kept.get(key, make)
    return made
