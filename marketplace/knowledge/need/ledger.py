"""What a story has said of running so far: goals, results, and the distance last spoken of."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from marketplace.knowledge.catalogue import distance as known_distance
from marketplace.knowledge.need.clockings import Reading, Time
from marketplace.knowledge.need.tree import Goal, Result
from marketplace.knowledge.plausible import foretold

CLOSE_TO_RESULT = 0.2  # of the result: how far a wish may lie from it
SLOWER_THAN_RESULT = 1.2  # times the result: nobody wishes for that
LIKE_RESULT = 0.15  # of the time foretold from a result over another distance
MOST_BETTERED = 0.72  # of the result: no wish is faster
# Seconds that tell a distance where none is named.
USUAL = (("marathon", 8400, 21600), ("half", 4500, 8400), ("5k", 840, 2040), ("10k", 2040, 4200))
LONGEST_READ_SHORT = 36000  # seconds: "17:10" and "break 22", where no ultra stands beside them, are minutes
SHORTEST_ELSEWHERE = 600  # seconds over a distance without a name, told in another sentence


@dataclass(slots=True)
class Ledger:
    """Entered sentence by sentence. `best` holds the last result of each distance, in seconds."""

    goals: list[Goal] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    best: dict[str, int] = field(default_factory=dict)
    last_distance: str | None = None
    spoken_before: str | None = None
    names_distances: bool = False
    times_read: int = 0
    letters_read: int = 0  # of sentences with figures
    only_race: str | None = None  # the one distance with a name that the story speaks of
    on_track: bool = False  # whether a race on the track is spoken of: 800 m

    def too_slow(self, time: Time, distance_id: str) -> bool:
        """Whether nobody with her result would wish for that time."""
        result, reading = self.best.get(distance_id), time.over(distance_id)
        return bool(result and reading and reading[0] > SLOWER_THAN_RESULT * result)

    def elsewhere(self, time: Time, coming: str | None, written: str, *, wished: bool) -> str | None:
        """The distance of a time whose sentence names none: the one whose result it betters, the last, or the next."""
        near = [(abs(1 - reading[0] / seconds), d) for d, seconds in self.best.items() if (reading := time.over(d))]
        near = sorted(pair for pair in near if pair[0] < CLOSE_TO_RESULT)
        if len(self.best) > 1 and near:
            return near[0][1]
        options = (
            self.last_distance,
            *(d for _, d in near),
            coming,
            self.spoken_before,
            self.only_race if wished and _plainly_a_time(written) else None,
            *(goal.distance for goal in reversed(self.goals) if wished and not goal.target_seconds_max),
            self._foretold(time),
            self._usual(time, written),
        )
        return next((each for each in options if each and self._fits(time, each, wished=wished)), None)

    def bettered(self, number: int) -> tuple[str, Reading] | None:
        """The distance whose result a bare number betters, and the time that it is: "42" after "44:10"."""
        last_first = sorted(self.best.items(), key=lambda pair: pair[0] != self.last_distance)
        for distance_id, result in last_first:
            for unit in (60, 3600):
                if MOST_BETTERED * result <= number * unit < result:
                    return distance_id, (number * unit, number * unit)
        return None

    def merged(self) -> list[Goal]:
        """Each target once; a distance with a target needs no second mention without."""
        timed = {g.distance for g in self.goals if g.target_seconds_max}
        kept: dict[tuple[str, int | None, int | None], Goal] = {}
        for goal in self.goals:
            if goal.target_seconds_max or goal.distance not in timed:
                key = (goal.distance, goal.target_seconds_min, goal.target_seconds_max)
                kept[key] = replace(kept[key], boston=kept[key].boston or goal.boston) if key in kept else goal
        return list(kept.values())

    def _fits(self, time: Time, distance_id: str, *, wished: bool) -> bool:
        reading = time.over(distance_id)
        if not reading or (wished and self.too_slow(time, distance_id)):
            return False
        if distance_id == "ultra" and reading != time.readings[0] and reading[0] >= LONGEST_READ_SHORT:
            return False
        return distance_id != "other" or self.on_track or reading[0] >= SHORTEST_ELSEWHERE

    def _usual(self, time: Time, written: str) -> str | None:
        """For runners who speak of nothing but times: "3:24 in Toronto, and I want 3:15 in Ottawa", "a PB of 19:40"."""
        if self.names_distances:
            return None
        options: Sequence[tuple[str, int, int]] = USUAL if ":" in written or "flat" in written else USUAL[:1]
        return next((d for d, low, high in options for r in time.readings if low <= r[0] < high), None)

    def _foretold(self, time: Time) -> str | None:
        """The distance over which a time is what her result elsewhere foretells."""
        for known, seconds in self.best.items():
            metres = known_distance(known).metres
            for option in ("5k", "10k", "half", "marathon"):
                length, reading = known_distance(option).metres, time.over(option)
                if not (metres and length and reading) or option == known:
                    continue
                if abs(1 - reading[0] / foretold(seconds, metres, length)) < LIKE_RESULT:
                    return option
        return None


def _plainly_a_time(written: str) -> bool:
    """ "3:25", "3 h 25" and "four-fifteen", unlike "30 min", are seldom anything but the time of a race."""
    return ":" in written or "h" in written or not ("min" in written or any(map(str.isdigit, written)))
