"""Where runners say they are, in one line each: their town, and none where a line only seems to name it."""

from pathlib import Path

from marketplace.knowledge.need import understand
from tests.knowledge.finder import Towns
from tests.knowledge.score import spelt

BLOCKS = (Path(__file__).parent / "homes.txt").read_text(encoding="utf-8").split("\n# ")[1:]
SAID = [
    (line, meant.split("|")) for block in BLOCKS for meant, *lines in [block.strip().splitlines()] for line in lines
]


def _found(line: str) -> str:
    place = understand(line, Towns()).place
    return place.name if place else "none"


def _slips(lines: list[tuple[str, list[str]]]) -> list[tuple[str, list[str], str]]:
    return [(line, meant, _found(line)) for line, meant in lines if spelt(_found(line)) not in map(spelt, meant)]


def test_nearly_every_home_is_found():
    told = [said for said in SAID if said[1] != ["none"]]
    assert len(told) >= 60
    assert len(_slips(told)) <= 0.05 * len(told), _slips(told)


def test_streets_races_numbers_and_the_homes_of_others_are_none():
    told = [said for said in SAID if said[1] == ["none"]]
    assert len(told) >= 15
    assert len(_slips(told)) <= 0.05 * len(told), _slips(told)
