"""Distances and times as a story names them, and which time is believable over which distance. Seconds throughout."""

import re
from dataclasses import dataclass
from functools import cache

from marketplace.knowledge.need.numbers import number_pattern
from marketplace.knowledge.need.vocabulary import vocabulary

HOUR, MINUTE = 3600, 60
MOST_IN_A_SENTENCE = 12  # distances, and times
FASTEST_KM, SLOWEST_KM = 150, 900  # seconds
SPRINT_KM, FASTEST_SPRINT_KM = 0.4, 94  # the longest sprint, and seconds that its kilometre would take
# The least and most that a runner may take, in seconds: a little under the record to a slow walk.
BELIEVABLE = {
    "1mile": (225, 20 * MINUTE),
    "5k": (755, 62 * MINUTE),
    "10k": (1570, 125 * MINUTE),
    "half": (3450, 4 * HOUR),
    "marathon": (7200, 8 * HOUR),
    "ultra": (2 * HOUR, 60 * HOUR),
    "other": (100, 24 * HOUR),
}
Reading = tuple[int, int]  # least and most seconds


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance named, at letters start..end; `km` where a figure says it."""

    id: str
    start: int
    end: int
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """A time named, at letters start..end: each way to read it; `less` asks for no more than it."""

    readings: tuple[Reading, ...]
    less: bool
    start: int
    end: int

    def over(self, distance: str, km: float | None = None) -> Reading | None:
        """The reading that is believable over that distance."""
        low, high = BELIEVABLE[distance]
        if km and distance in ("other", "ultra"):
            fastest = int(km * FASTEST_SPRINT_KM) if km <= SPRINT_KM else max(low, int(km * FASTEST_KM))
            low, high = fastest, min(high, int(km * SLOWEST_KM))
        return next((r for r in self.readings if low <= r[0] <= high), None)


@cache
def pattern(name: str) -> re.Pattern[str]:
    """A regular expression of the vocabulary's patterns file."""
    return re.compile(_written(name))


def _written(name: str) -> str:
    lines = vocabulary("patterns")[name].splitlines()
    written = "".join(line.strip() for line in lines) if len(lines) > 1 else "".join(lines)
    if "{less}" in written:
        written = written.replace("{less}", _written("less_words") + _written("less_fill"))
    if "{month}" in written:
        written = written.replace("{month}", _written("month"))
    return written.replace("{number}", number_pattern())
