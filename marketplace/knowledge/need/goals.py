"""What she wants to run: each wish with its distance, its target and the words that say so."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from marketplace.knowledge.catalogue import distance as known_distance
from marketplace.knowledge.need.clockings import Distance, Time, pattern
from marketplace.knowledge.need.distances import distances
from marketplace.knowledge.need.spans import letters, tokens
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.times import times
from marketplace.knowledge.need.tree import Goal
from marketplace.knowledge.need.vocabulary import entries, vocabulary
from marketplace.knowledge.need.wishes import terse_wish, wished_distance, wished_time

MOST_GOALS = 6
CLOSE_TO_RESULT = 0.2  # of the result: how far a wish may lie from it
SLOWER_THAN_RESULT = 1.2  # times the result: nobody wishes for that
LIKE_RESULT = 0.15  # of the time foretold from a result over another distance
USUAL = (("marathon", 8400, 21600), ("5k", 840, 2040), ("10k", 2040, 4200))  # seconds, when no distance is named
RIEGEL = 1.06  # Riegel 1981: time grows with distance to this power
SHORTEST_ELSEWHERE = 600  # seconds over a distance without a name, told in another sentence
LONGEST_QUOTE = 110  # letters
_BARE_WHEN = frozenset({"may", "march", "mars", "fall", "spring"})


@dataclass(slots=True)
class _Ledger:
    """What was read so far: goals, results by distance, and the distance last spoken of."""

    goals: list[Goal] = field(default_factory=list)
    results: dict[str, int] = field(default_factory=dict)
    last_distance: str | None = None
    names_distances: bool = False


def goals(story: Story) -> tuple[Goal, ...]:
    """Her goals, in the order told; one distance may have two targets."""
    ledger = _Ledger()
    named = [distances(story.folded, *letters(story, s)) for s in story.sentences]
    ledger.names_distances = any(named)
    for i, (sentence, spoken) in enumerate(zip(story.sentences, named, strict=True)):
        coming = next((d.id for later in named[i + 1 : i + 3] for d in later), None)
        _read(story, sentence, spoken, ledger, coming)
    return tuple(_merged(ledger.goals))[:MOST_GOALS]


def _read(story: Story, sentence: Sentence, spoken: list[Distance], ledger: _Ledger, coming: str | None) -> None:
    start, end = letters(story, sentence)
    races = spoken or _races(story, start, end)
    clocked = times(story.folded, start, end)
    if not clocked and races and ("aim" in sentence.hits or terse_wish(story, sentence, races)):
        clocked = _bare_targets(story.folded, start, end, races)
    taken = _read_times(story, sentence, races, clocked, ledger, coming)
    hoped = bool(taken) or {"aim", "future"} & sentence.hits.keys()
    for distance in spoken or (races if hoped else ()):
        if distance not in taken and wished_distance(story, sentence, distance):
            ledger.goals.append(_goal(story, sentence, distance.id, distance, None))
            ledger.last_distance = distance.id


def _read_times(
    story: Story,
    sentence: Sentence,
    races: list[Distance],
    clocked: list[Time],
    ledger: _Ledger,
    coming: str | None,
) -> dict[Distance, Time]:
    """Enter each time of a sentence as a goal or as a result; which distances they took."""
    taken: dict[Distance, Time] = {}
    for time in clocked:
        wish = wished_time(story, sentence, time, races, clocked)
        distance = _nearest(story, time, races, taken)
        if distance and wish and _too_slow(time, distance.id, ledger):
            distance = None
        distance_id = distance.id if distance else _elsewhere(time, ledger, coming, story.folded[time.start : time.end])
        if distance_id is None:
            continue
        if distance:
            taken[distance] = time
        ledger.last_distance = distance_id
        if wish:
            ledger.goals.append(_goal(story, sentence, distance_id, distance, time))
        elif reading := time.over(distance_id, distance.km if distance else None):
            ledger.results[distance_id] = reading[0]
    return taken


def _too_slow(time: Time, distance_id: str, ledger: _Ledger) -> bool:
    result, reading = ledger.results.get(distance_id), time.over(distance_id)
    return bool(result and reading and reading[0] > SLOWER_THAN_RESULT * result)


def _nearest(story: Story, time: Time, races: Sequence[Distance], taken: dict[Distance, Time]) -> Distance | None:
    """The distance of the sentence that a time belongs to."""
    best: tuple[float, Distance] | None = None
    for distance in races:
        if time.over(distance.id, distance.km) is None or (distance.start < time.end and time.start < distance.end):
            continue
        start, end = (time.end, distance.start) if distance.start >= time.end else (distance.end, time.start)
        cost = _apart(story.folded[start:end]) + (0 if distance not in taken else 25 if time.less else 60)
        if best is None or cost < best[0]:
            best = (cost, distance)
    return best[1] if best else None


def _apart(between: str) -> float:
    """How far apart a time and a distance are: letters, more for commas, less when only small words join them."""
    return (
        len(between)
        + 15 * between.count(",")
        + 10 * between.count(" and ")
        - (20 if pattern("joined").match(between) else 0)
    )


def _elsewhere(time: Time, ledger: _Ledger, coming: str | None, written: str) -> str | None:
    """The distance of a time whose sentence names none: the one whose result it betters, the last, or the next."""
    near = [(abs(1 - reading[0] / seconds), d) for d, seconds in ledger.results.items() if (reading := time.over(d))]
    near = sorted(pair for pair in near if pair[0] < CLOSE_TO_RESULT)
    if len(ledger.results) > 1 and near:
        return near[0][1]
    options = (
        ledger.last_distance,
        *(d for _, d in near),
        coming,
        _foretold(time, ledger),
        _usual(time, ledger, written),
    )
    for option in options:
        reading = time.over(option) if option else None
        if not option or not reading or _too_slow(time, option, ledger):
            continue
        if option != "other" or reading[0] >= SHORTEST_ELSEWHERE:
            return option
    return None


def _usual(time: Time, ledger: _Ledger, written: str) -> str | None:
    """For runners who speak of nothing but times: "3:24 in Toronto, and I want 3:15 in Ottawa", "a PB of 19:40"."""
    if ledger.names_distances:
        return None
    options = USUAL if ":" in written or "flat" in written else USUAL[:1]
    return next((d for d, low, high in options for r in time.readings if low <= r[0] < high), None)


def _foretold(time: Time, ledger: _Ledger) -> str | None:
    """The distance over which a time is what her result elsewhere foretells."""
    for known, seconds in ledger.results.items():
        metres = known_distance(known).metres
        for option in ("5k", "10k", "half", "marathon"):
            length, reading = known_distance(option).metres, time.over(option)
            if metres and length and reading and option != known:
                foretold = seconds * (length / metres) ** RIEGEL
                if abs(1 - reading[0] / foretold) < LIKE_RESULT:
                    return option
    return None


def _bare_targets(text: str, start: int, end: int, races: Sequence[Distance]) -> list[Time]:
    """ "48 in the 10K", "a 10K in 48": minutes without the word."""
    found = _bare_pairs(text, start, end)
    if found:
        return found
    for match in pattern("bare_target").finditer(text, start, end):
        group = next(i for i in (1, 2, 3) if match.group(i))
        n = int(match.group(group)) * 60
        if any(0 <= d.start - match.end() < 30 or 0 <= match.start() - d.end < 12 for d in races):
            found.append(Time(((n, n),), False, match.start(group), match.end(group)))
    return found


def _bare_pairs(text: str, start: int, end: int) -> list[Time]:
    """ "in 50-55": minutes from and to; "46 to 43": the second is the wish."""
    for match in pattern("bare_range").finditer(text, start, end):
        low, high = int(match.group(1)) * 60, int(match.group(2)) * 60
        if low < high:
            return [Time(((low, high),), False, match.start(), match.end())]
    for match in pattern("bare_better").finditer(text, start, end):
        n = int(match.group(2)) * 60
        if n < int(match.group(1)) * 60:
            return [Time(((n, n),), False, match.start(2), match.end(2))]
    return []


def _goal(story: Story, sentence: Sentence, distance_id: str, distance: Distance | None, time: Time | None) -> Goal:
    marks = [mark for mark in (distance, time) if mark]
    start, end = min(mark.start for mark in marks), max(mark.end for mark in marks)
    low, high = (time.over(distance_id) or time.readings[0]) if time else (None, None)
    low, high = (None, low) if time and time.less else (low, high)
    begin, stop = letters(story, sentence)
    when = next((m for m in pattern("when").finditer(story.folded, begin, stop) if m.group() not in _BARE_WHEN), None)
    return Goal(
        distance=distance_id,
        because=_quote(story, sentence, start, end),
        target_seconds_min=low,
        target_seconds_max=high,
        by=story.between(when.start(), when.end()) if when else None,
        boston=distance_id == "marathon" and bool(pattern("boston").search(story.folded, begin, stop)),
    )


def _merged(found: Sequence[Goal]) -> list[Goal]:
    """Each target once; a distance with a target needs no second mention without."""
    timed = {g.distance for g in found if g.target_seconds_max}
    kept: dict[tuple[str, int | None, int | None], Goal] = {}
    for goal in found:
        if goal.target_seconds_max or goal.distance not in timed:
            key = (goal.distance, goal.target_seconds_min, goal.target_seconds_max)
            kept[key] = replace(kept[key], boston=kept[key].boston or goal.boston) if key in kept else goal
    return list(kept.values())


@cache
def _race_names() -> dict[str, str]:
    named = entries(vocabulary("races")["distance"])
    return {name: distance for distance, names in named.items() for name in names}


@cache
def _race_pattern() -> re.Pattern[str]:
    names = sorted(_race_names(), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")


def _races(story: Story, start: int, end: int) -> list[Distance]:
    """Races whose name says the distance."""
    found = _race_pattern().finditer(story.folded, start, end)
    return [Distance(_race_names()[m.group()], m.start(), m.end()) for m in found]


def _quote(story: Story, sentence: Sentence, start: int, end: int) -> str:
    """Her words round the goal: the clause when it is short."""
    first, last = story.clause(*tokens(story, start, end))
    low = min(start, story.starts[max(first, sentence.first)])
    high = max(end, story.ends[min(last, sentence.last) - 1])
    return story.between(low, high) if high - low <= LONGEST_QUOTE else story.between(start, end)
