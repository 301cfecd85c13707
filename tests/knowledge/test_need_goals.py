"""Goals in one line each: what a runner wants to run, and what only sounds like it."""

from pathlib import Path

from marketplace.knowledge.need import Goal, understand
from tests.knowledge.finder import Towns

BLOCKS = (Path(__file__).parent / "goals.txt").read_text(encoding="utf-8").split("\n# ")[1:]
SAID = [(line, wanted) for block in BLOCKS for wanted, *lines in [block.strip().splitlines()] for line in lines]


def _found(line: str) -> str:
    return ", ".join(map(_written, understand(line, Towns()).goals)) or "none"


def _written(goal: Goal) -> str:
    """As in labels.py: "half <7200", "5k =1680", "5k 1500-1559", "10k"."""
    least, most = goal.target_seconds_min, goal.target_seconds_max
    if most is None:
        return goal.distance
    return (
        f"{goal.distance} <{most}"
        if least is None
        else f"{goal.distance} " + (f"={most}" if least == most else f"{least}-{most}")
    )


def test_nearly_every_goal_is_found_with_its_time():
    told = [(line, wanted) for line, wanted in SAID if wanted != "none"]
    missed = [(line, wanted, _found(line)) for line, wanted in told if _found(line) != wanted]
    assert len(told) >= 150
    assert len(missed) <= 0.05 * len(told), missed


def test_what_is_no_goal_is_seldom_taken_for_one():
    told = [line for line, wanted in SAID if wanted == "none"]
    wrong = [(line, _found(line)) for line in told if _found(line) != "none"]
    assert len(told) >= 60
    assert len(wrong) <= 0.05 * len(told), wrong
