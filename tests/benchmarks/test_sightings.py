"""Telling who was shown, against making the list of twenty dictionaries that a page of results makes anyway."""

from uuid import uuid4

from marketplace.matching import sightings
from tests.benchmarks.clockwork import ratio

COACHES = [uuid4() for _ in range(20)]
TURNS = 50


def test_telling_costs_a_page_next_to_nothing() -> None:
    try:
        ratio(f"telling of 20 coaches, {TURNS} times", _tell, _list, turns=40, most=2)
    finally:
        sightings.take()


def _tell() -> None:
    for _turn in range(TURNS):
        sightings.is_person("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
        sightings.shown([each for each in COACHES], 5, goals=4, centre=(45.4, -75.7), first=1, among=300)  # noqa: C416


def _list() -> None:
    for _turn in range(TURNS):
        [{"slug": each, "name": each, "url": each, "place": each, "fit": 0} for each in COACHES]
