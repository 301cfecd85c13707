"""Times told without a unit, or by how much: "48 in the 10K", "44:10 now, 42 by fall", "two minutes off my best"."""

from collections.abc import Sequence

from marketplace.knowledge.need.clockings import HOUR, MINUTE, Distance, Reading, Time, pattern
from marketplace.knowledge.need.ledger import MOST_BETTERED, Ledger
from marketplace.knowledge.need.numbers import number
from marketplace.knowledge.need.spans import letters, tokens
from marketplace.knowledge.need.text import Sentence, Story

AIM_REACH, AIMED_AFTER, WHEN_REACH = 4, 3, 5  # tokens from the wish to a bare number, and from there to "by fall"
FROM_REACH = 6  # tokens from the time that is bettered to the wish
LONGEST_RELATIVE, TO_RUN = 60, 3  # letters from a race to "that I want to run in 46", and that part of the pattern
ARTICLES = frozenset({"a", "an", "un", "une", "one"})


def bare_targets(text: str, start: int, end: int, races: Sequence[Distance]) -> list[Time]:
    """ "48 in the 10K", "a 10K in 48": minutes without the word."""
    found = _pairs(text, start, end)
    if found:
        return found
    for match in pattern("bare_target").finditer(text, start, end):
        group = next(i for i in (1, 2, 3, 4) if match.group(i))
        n = int(match.group(group)) * MINUTE
        if any(
            0 <= d.start - match.end() < 30
            or 0 <= match.start(group) - d.end < (LONGEST_RELATIVE if group == TO_RUN else 12)
            for d in races
        ):
            less = bool(pattern("less_after").match(text[match.end(group) : match.end(group) + 12]))
            found.append(Time(((n, n),), less, match.start(group), match.end(group)))
    return found


def bare_results(text: str, end: int, races: Sequence[Distance]) -> list[Time]:
    """ "My 10K is 58", "mon 5 km est à 27": minutes without the word, for who names the race as her own."""
    found: list[Time] = []
    for race in races if len(races) == 1 else ():
        mine = text.endswith(("my ", "mon ", "my best ", "mon meilleur "), 0, race.start)
        match = pattern("bare_result").match(text, race.end, end) if mine else None
        if match:
            n = int(match.group(1)) * MINUTE
            found.append(Time(((n, n),), False, *match.span(1)))
    return found


def bare_better(
    story: Story, sentence: Sentence, clocked: Sequence[Time], ledger: Ledger, spoken: Sequence[Distance]
) -> tuple[str | None, Time] | None:
    """A bare number that betters a time told before it, wished for or dated: "44:10 now. 42 by fall", "je vise 44".

    With the distance of the result that it betters; without, when that stands in the same sentence.
    """
    if not (ledger.best or clocked):
        return None
    for match in pattern("bare_number").finditer(story.folded, *letters(story, sentence)):
        start, end = match.span(1)
        taken = [(each.start, each.end) for each in clocked] + [(each.start, each.end) for each in spoken]
        if any(low < end and start < high for low, high in taken):
            continue
        n, (first, last) = number(match.group(1)), tokens(story, start, end)
        if match.group(1) in ARTICLES:
            continue
        if not (_hoped(sentence, first, last) or _comes_down_to(story, sentence, first, clocked)):
            continue
        for before in (t for t in clocked if t.end <= start):
            if readings := _bettered(n, before):
                return None, Time(readings, False, start, end)
        if found := ledger.bettered(n):
            return found[0], Time((found[1],), False, start, end)
    return None


def taken_off(text: str, start: int, end: int) -> Time | None:
    """By how much a result shall be bettered: "knock two minutes off", "gagner 30 secondes sur"."""
    match = pattern("taken_off").search(text, start, end)
    if not match:
        return None
    seconds = number(match.group(1)) * (1 if match.group(2).startswith("s") else MINUTE)
    return Time(((seconds, seconds),), False, match.start(), match.end())


def _hoped(sentence: Sentence, first: int, last: int) -> bool:
    aimed = any(0 <= first - h[1] <= AIM_REACH for h in sentence.hits.get("aim", ()))
    aimed = aimed or any(0 <= h[0] - last <= AIMED_AFTER for h in sentence.hits.get("aim", ()))
    return aimed or any(0 <= h[0] - last <= WHEN_REACH for h in sentence.hits.get("future", ()))


def _comes_down_to(story: Story, sentence: Sentence, first: int, clocked: Sequence[Time]) -> bool:
    """ "Get from a 24 minute 5k to 21": a wish for the second."""
    if story.words[first - 1] not in ("to", "a") or "aim" not in sentence.hits:
        return False
    starts = [tokens(story, time.start, time.end)[0] for time in clocked]
    return any(
        0 < first - i <= FROM_REACH and {"from", "de"} & set(story.words[max(i - 2, sentence.first) : i])
        for i in starts
    )


def _bettered(n: int, before: Time) -> tuple[Reading, ...]:
    return tuple(
        (n * unit, n * unit)
        for unit in (MINUTE, HOUR)
        if any(MOST_BETTERED * r[0] <= n * unit < r[0] for r in before.readings)
    )


def _pairs(text: str, start: int, end: int) -> list[Time]:
    """ "in 50-55": minutes from and to; "46 to 43": the second is the wish."""
    for match in pattern("bare_range").finditer(text, start, end):
        low, high = int(match.group(1)) * MINUTE, int(match.group(2)) * MINUTE
        if low < high:
            return [Time(((low, high),), False, match.start(), match.end())]
    for match in pattern("bare_better").finditer(text, start, end):
        n = int(match.group(2)) * MINUTE
        if n < int(match.group(1)) * MINUTE:
            return [Time(((n, n),), False, match.start(2), match.end(2))]
    return []
