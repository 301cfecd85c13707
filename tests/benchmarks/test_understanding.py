"""Understanding a story against reading it once: folding its letters and splitting its words."""

import re
import unicodedata

from marketplace.knowledge.need import understand
from tests.benchmarks.clockwork import ratio
from tests.knowledge.finder import Towns

STORY = (
    "My left hip drops when I run, my physio says, and my glutes never seem to fire. I used to have IT band trouble, "
    "which is gone. I live in Ottawa and want a 10K under an hour by spring, then a 5K in 27 minutes. "
) * 3


def test_understanding_costs_little_more_than_reading() -> None:
    towns = Towns()
    assert understand(STORY, towns).issues
    ratio("understanding a story of 600 characters", lambda: understand(STORY, towns), _read, turns=60, most=80)


def _read() -> list[str]:
    folded = unicodedata.normalize("NFKD", STORY.lower())
    return re.findall(r"[^\W\d_]+|\d+", "".join(letter for letter in folded if not unicodedata.combining(letter)))
