"""What she wants to run: wishes for later, not results, habits, paces, or the kilometre where it hurts."""

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from marketplace.knowledge.need.clockings import Distance, Time, distances, times
from marketplace.knowledge.need.lexicon import entries, vocabulary
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.stance import stance
from marketplace.knowledge.need.text import CLAUSE, Sentence, Story
from marketplace.knowledge.need.tree import Goal

MOST_GOALS = 6
CUE_REACH = 22  # tokens back to the wish that a distance belongs to
LONGEST_QUOTE = 110  # letters
_WHEN = re.compile(
    r"\b(?:(?:by|in|on|this|next|for|before|come|d'ici|en|au|cet|cette|ce|pour|avant) (?:the |early |late |mid-?|end of |next |le |la |l'|fin |debut |fin de )?)?"
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|fall|autumn|winter|christmas|easter|"
    r"janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre|printemps|automne|hiver|noel|next year|this year|this season|l'an prochain|l'annee prochaine|l'ete|20[23]\d)\b"
)
_BARE_WHEN = frozenset({"may", "march", "mars", "fall", "spring"})
_BOSTON = re.compile(r"\bbq\b|\bboston\b")
_JOIN = re.compile(
    r"^[\W]*(?:(?:for|in|at|on|over|the|my|a|au|sur|pour|le|mon|du|de|un|second|time|is|en|to|run|it|race)\b[\W]*)*$"
)
_BARE_TARGET = re.compile(
    r"\b([1-5]\d)(?= (?:minutes )?(?:in|for|at|on|over|au|sur|pour) (?:the|a|my|le|un|mon|next)?)|(?<=\bin )([1-5]\d)\b(?! ?(?:weeks|days|min|years|months|k|km|[:.]))|(?<=\ben )([1-5]\d)\b(?! ?(?:semaines|jours|min|ans|mois|km|h|[:.]))"
)


@dataclass(slots=True)
class _Ledger:
    """What was read so far: goals, results by distance, and the distance last spoken of."""

    goals: list[Goal]
    results: dict[str, int]
    last_distance: str | None = None


def goals(story: Story) -> tuple[Goal, ...]:
    """Her goals, in the order told; one distance may have two targets."""
    ledger = _Ledger([], {})
    named = [distances(story.folded, *_span(story, s)) for s in story.sentences]
    for i, (sentence, spoken) in enumerate(zip(story.sentences, named, strict=True)):
        coming = next((d.id for later in named[i + 1 : i + 3] for d in later), None)
        _read(story, sentence, spoken, ledger, coming)
    return tuple(_merged(ledger.goals))[:MOST_GOALS]


def _read(story: Story, sentence: Sentence, spoken: list[Distance], ledger: _Ledger, coming: str | None) -> None:
    start, end = _span(story, sentence)
    races = spoken or _races(story, start, end)
    clocked = times(story.folded, start, end)
    if not clocked and races and "aim" in sentence.hits:
        clocked = _bare_targets(story.folded, start, end, races)
    taken: dict[Distance, Time] = {}
    wished: list[tuple[Time, str, Distance | None]] = []
    for time in clocked:
        wish = _is_wish(story, sentence, time, races)
        distance = _nearest(story, time, races, taken)
        distance_id = distance.id if distance else _elsewhere(time, ledger, coming)
        if distance_id is None:
            continue
        if distance:
            taken[distance] = time
        reading = time.over(distance_id)
        if reading is None:
            continue
        if not wish:
            ledger.results[distance_id] = reading[0]
            ledger.last_distance = distance_id
            continue
        wished.append((time, distance_id, distance))
    for time, distance_id, distance in wished:
        ledger.goals.append(_timed(story, sentence, time, distance_id, distance))
        ledger.last_distance = distance_id
    for distance in spoken or (races if wished or "aim" in sentence.hits else []):
        if distance not in taken and _is_aimed(story, sentence, distance):
            ledger.goals.append(_untimed(story, sentence, distance))
            ledger.last_distance = distance.id


def _is_wish(story: Story, sentence: Sentence, time: Time, races: list[Distance]) -> bool:
    first, last = _tokens(story, time.start, time.end)
    if stance(story, sentence, Match("", first, last, frozenset()), pain=False, past_counts=True) == "other":
        return False
    aim, done = _nearest_before(sentence, "aim", first), _nearest_before(sentence, "done_result", first)
    before = story.words[max(sentence.first, first - 1) : first]
    if "from" in story.words[max(sentence.first, first - 2) : first] or (
        before in (["my"], ["mon"]) and not time.less and any(0 <= d.start - time.end < 12 for d in races)
    ):
        return False
    if story.words[first - 2 : first] in (["i", "run"], ["run", "a"]) and aim < 0:
        return False
    if done > aim and not (time.less and _crossed(story, done, first)):
        later = [h[0] for h in sentence.hits.get("aim", ()) if last <= h[0] <= last + 4]
        return bool(later) and not _crossed(story, last, later[0])
    if aim >= 0 or time.less:
        return True
    return any(h[0] >= last for h in sentence.hits.get("aim", ())) or (
        "future" in sentence.hits and "done_result" not in sentence.hits and "habit" not in sentence.hits
    )


def _is_aimed(story: Story, sentence: Sentence, distance: Distance) -> bool:
    """Whether a distance without a time is a wish: something to train for, or a race to come."""
    hits = sentence.hits
    first, last = _tokens(story, distance.start, distance.end)
    how = stance(story, sentence, Match("", first, last, frozenset()), pain=False, past_counts=True)
    if how != "now" or "no_goal" in hits:
        return False
    if story.folded.startswith(("couch", "c25k", "c 25k"), distance.start):
        return not {"finished", "completed", "graduated", "done", "fini", "termine"} & set(
            story.words[max(first - 5, 0) : last + 3]
        )
    figure = story.folded[distance.start : distance.end][:1].isdigit()
    if any(last - 1 <= h[0] <= last + 3 or first - 4 <= h[0] < first for h in hits.get("habit", ())) and not _race_like(
        story, first
    ):
        return False
    if figure and any(h[1] == first for h in hits.get("locus", ())):
        return False
    if (
        story.words[last : last + 1]
        in (["training"], ["shape"], ["pace"], ["runner"], ["mark"], ["plan"], ["pb"], ["pr"])
        and distance.id != "5k"
    ):
        return story.words[last : last + 1] in (["pb"], ["pr"]) and _nearest_before(sentence, "aim", first) >= 0
    aim, done = _nearest_before(sentence, "aim", first), _nearest_before(sentence, "done_result", first)
    if done > aim and not any(h[0] >= last for h in hits.get("future", ())):
        return False
    if done > aim and done >= first - 8:
        return False
    if aim >= 0 and first - aim <= CUE_REACH:
        return True
    return (
        any(abs(h[0] - last) <= 7 for h in hits.get("future", ()))
        and done < 0
        or any(last <= h[0] <= last + 5 for h in hits.get("aim", ()))
        and done < 0
    )


def _race_like(story: Story, first: int) -> bool:
    return story.words[first - 1 : first] in (["the"], ["le"], ["a"], ["un"], ["first"], ["premier"])


def _nearest(story: Story, time: Time, races: list[Distance], taken: dict[Distance, Time]) -> Distance | None:
    """The distance of the sentence that a time belongs to."""
    best: tuple[float, Distance] | None = None
    for distance in races:
        if time.over(distance.id) is None or (distance.start < time.end and time.start < distance.end):
            continue
        between = (
            story.folded[time.end : distance.start]
            if distance.start >= time.end
            else story.folded[distance.end : time.start]
        )
        cost = float(len(between)) + (60 if distance in taken and not time.less else 25 if distance in taken else 0)
        cost += 15 * between.count(",") + 10 * between.count(" and ") - (20 if _JOIN.match(between) else 0)
        if best is None or cost < best[0]:
            best = (cost, distance)
    return best[1] if best else None


def _elsewhere(time: Time, ledger: _Ledger, coming: str | None) -> str | None:
    """The distance of a time whose sentence names none: the one whose result it betters, the last or the next named."""
    near = [(abs(1 - reading[0] / seconds), d) for d, seconds in ledger.results.items() if (reading := time.over(d))]
    near = [pair for pair in near if pair[0] < 0.2]
    if len(ledger.results) > 1 and near:
        return min(near)[1]
    options = (ledger.last_distance, *(d for _, d in sorted(near)), coming)
    return next((d for d in options if d and time.over(d)), None)


def _bare_targets(text: str, start: int, end: int, races: list[Distance]) -> list[Time]:
    """ "48 in the 10K", "a 10K in 48": minutes without the word."""
    found: list[Time] = []
    for match in _BARE_TARGET.finditer(text, start, end):
        n = next(int(g) for g in match.groups() if g) * 60
        place = next(i for i in (1, 2, 3) if match.group(i))
        if any(
            abs(d.start - match.end()) < 30 or abs(match.start() - d.end) < 12
            for d in races
            if d.start >= match.end() or d.end <= match.start()
        ):
            found.append(Time(((n, n),), False, match.start(place), match.end(place)))
    return found


def _timed(story: Story, sentence: Sentence, time: Time, distance_id: str, distance: Distance | None) -> Goal:
    low, high = time.over(distance_id) or time.readings[0]
    start, end = (min(time.start, distance.start), max(time.end, distance.end)) if distance else (time.start, time.end)
    goal = Goal(distance_id, _quote(story, sentence, start, end), low, high)
    goal = replace(goal, target_seconds_min=None, target_seconds_max=low) if time.less else goal
    return _dressed(story, sentence, goal)


def _untimed(story: Story, sentence: Sentence, distance: Distance) -> Goal:
    return _dressed(story, sentence, Goal(distance.id, _quote(story, sentence, distance.start, distance.end)))


def _dressed(story: Story, sentence: Sentence, goal: Goal) -> Goal:
    start, end = _span(story, sentence)
    when = next((m for m in _WHEN.finditer(story.folded, start, end) if m.group() not in _BARE_WHEN), None)
    boston = goal.distance == "marathon" and bool(_BOSTON.search(story.folded, start, end))
    return replace(goal, by=story.between(when.start(), when.end()) if when else None, boston=boston)


def _merged(found: list[Goal]) -> list[Goal]:
    """Each target once; a distance with a target needs no second mention without."""
    timed = {g.distance for g in found if g.target_seconds_max}
    kept: dict[tuple[str, int | None, int | None], Goal] = {}
    for goal in found:
        if goal.target_seconds_max or goal.distance not in timed:
            kept.setdefault((goal.distance, goal.target_seconds_min, goal.target_seconds_max), goal)
    return list(kept.values())


@cache
def _race_names() -> tuple[tuple[str, str], ...]:
    named = entries(vocabulary("races")["distance"])
    return tuple((name, distance) for distance, names in named.items() for name in names)


@cache
def _race_pattern() -> re.Pattern[str]:
    names = sorted((name for name, _ in _race_names()), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")


def _races(story: Story, start: int, end: int) -> list[Distance]:
    """Races whose name says the distance."""
    known = dict(_race_names())
    return [Distance(known[m.group()], m.start(), m.end()) for m in _race_pattern().finditer(story.folded, start, end)]


def _nearest_before(sentence: Sentence, concept: str, first: int) -> int:
    return max((h[1] - 1 for h in sentence.hits.get(concept, ()) if h[0] < first), default=-1)


def _crossed(story: Story, first: int, last: int) -> bool:
    """Whether a comma, or a new start ("and I…"), stands between two tokens."""
    words = story.words
    fresh = any(
        a in ("and", "but", "et", "mais", "to")
        and b in ("i", "i'd", "want", "je", "j", "would", "hope", "sub", "under")
        for a, b in pairwise(words[first : last + 1])
    )
    return fresh or any(story.breaks[i] >= CLAUSE for i in range(first + 1, last + 1) if i < len(story.breaks))


def _span(story: Story, sentence: Sentence) -> tuple[int, int]:
    """The letters of a sentence, with the marks behind it."""
    end = story.starts[sentence.last] if sentence.last < len(story.starts) else len(story.folded)
    return story.starts[sentence.first], end


def _tokens(story: Story, start: int, end: int) -> tuple[int, int]:
    first = max(bisect_right(story.starts, start) - 1, 0)
    return first, max(bisect_left(story.starts, end), first + 1)


def _quote(story: Story, sentence: Sentence, start: int, end: int) -> str:
    """Her words round the goal: the clause when it is short."""
    first, last = _tokens(story, start, end)
    first, last = story.clause(first, last)
    low, high = min(start, story.starts[max(first, sentence.first)]), max(end, story.ends[min(last, sentence.last) - 1])
    return story.between(low, high) if high - low <= LONGEST_QUOTE else story.between(start, end)
