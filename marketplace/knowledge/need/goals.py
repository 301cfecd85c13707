"""What she wants to run, and what she has run: each with its distance, its time and the words that say so."""

from collections.abc import Sequence

from marketplace.knowledge.need.bare import bare_better, bare_results, bare_targets, taken_off
from marketplace.knowledge.need.clockings import Distance, Reading, Time, pattern
from marketplace.knowledge.need.distances import distances
from marketplace.knowledge.need.ledger import Ledger
from marketplace.knowledge.need.numbers import counting_words
from marketplace.knowledge.need.races import races as named_races
from marketplace.knowledge.need.spans import letters, tokens
from marketplace.knowledge.need.terse import terse_wish
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.times import times
from marketplace.knowledge.need.tree import Goal, Result
from marketplace.knowledge.need.vocabulary import small_words
from marketplace.knowledge.need.waypoints import passed
from marketplace.knowledge.need.wishes import (
    given_up,
    somebody_elses,
    wished_again,
    wished_distance,
    wished_time,
)

MOST_GOALS, MOST_RESULTS = 6, 4
MOST_READ = 24  # goals, before what is said twice is left out
MOST_TIMES = 200  # times told in a story; more are no story
MOST_LETTERS = 9000  # of sentences with figures that are searched for times, which bounds the work
LONGEST_TRACK = 3.0  # km
LONGEST_QUOTE = 110  # letters
THEN = (" then ", " puis ", " ensuite ")
_BARE_WHEN = frozenset({"may", "march", "mars", "fall", "spring"})


def goals_and_results(story: Story) -> tuple[tuple[Goal, ...], tuple[Result, ...]]:
    """Her goals, in the order told (one distance may have two targets), and her results of late."""
    ledger = Ledger()
    named = [distances(story.folded, *letters(story, s)) if _may_race(story, s) else [] for s in story.sentences]
    raced = [[d for d in spoken if not passed(story, s, d)] for s, spoken in zip(story.sentences, named, strict=True)]
    ledger.names_distances = any(each.id != "ultra" for spoken in raced for each in spoken)
    races = {each.id for spoken in named for each in spoken if each.id != "other"}
    ledger.only_race = next(iter(races)) if len(races) == 1 else None
    ledger.on_track = any(
        each.id == "other" and each.km and each.km <= LONGEST_TRACK for spoken in named for each in spoken
    )
    for i, (sentence, spoken) in enumerate(zip(story.sentences, named, strict=True)):
        if len(ledger.goals) > MOST_READ or ledger.times_read > MOST_TIMES:
            break
        coming = _first_race(raced[i + 1 : i + 3])
        ledger.spoken_before = _first_race(raced[max(i - 2, 0) : i])
        _read(story, sentence, spoken, ledger, coming)
    return tuple(ledger.merged())[:MOST_GOALS], tuple(ledger.results)[:MOST_RESULTS]


def _may_race(story: Story, sentence: Sentence) -> bool:
    """Whether a sentence has a figure or the beginning of a word that a distance has: most have none."""
    words = story.words[sentence.first : sentence.last]
    return any(word[0].isdigit() or word[:3] in small_words("race_leads") for word in words)


def _counts(story: Story, sentence: Sentence) -> bool:
    """Whether a sentence has a figure, a number word or an hour: most have none, and no time."""
    return any(word[0].isdigit() or word in counting_words() for word in story.words[sentence.first : sentence.last])


def _first_race(named: Sequence[list[Distance]]) -> str | None:
    """The first distance of some sentences, one with a name before others ("20 km a week")."""
    spoken = [distance.id for each in named for distance in each]
    return next((each for each in spoken if each != "other"), spoken[0] if spoken else None)


def _read(story: Story, sentence: Sentence, spoken: list[Distance], ledger: Ledger, coming: str | None) -> None:
    start, end = letters(story, sentence)
    races = [d for d in spoken if not passed(story, sentence, d)] or named_races(story.folded, start, end)
    if "triathlon" in sentence.hits and not races:
        return  # the run of a triathlon is no race of its own
    counts = _counts(story, sentence) and ledger.letters_read < MOST_LETTERS
    clocked = times(story.folded, start, end) if counts else []
    clocked = [t for t in clocked if not any(d.id == "ultra" and d.start <= t.start < d.end for d in spoken)]
    ledger.letters_read += (end - start) * counts
    clocked = [time for time in clocked if not given_up(story, sentence, time)]
    ledger.times_read += len(clocked)
    less = taken_off(story.folded, start, end)
    if less:
        clocked = [time for time in clocked if time.end <= less.start or less.end <= time.start]
    elif not clocked and counts and (told := bare_results(story.folded, end, races)):
        clocked = told
    elif not clocked and races and ("aim" in sentence.hits or terse_wish(story, sentence, races)):
        clocked = bare_targets(story.folded, start, end, races)
    better = None if less else bare_better(story, sentence, clocked, ledger, spoken)
    if better and better[0] is None:
        clocked = sorted([*clocked, better[1]], key=lambda time: time.start)
    taken = _read_times(story, sentence, races, clocked, ledger, coming, only_results=bool(less))
    if less:
        _better_by(story, sentence, less, races, ledger)
    elif better and better[0]:
        ledger.goals.append(_goal(story, sentence, better[0], None, better[1]))
    hoped = bool(taken) or {"aim", "future"} & sentence.hits.keys()
    then = [race for race in named_races(story.folded, start, end) if story.folded.endswith(THEN, 0, race.start)]
    for distance in (*spoken, *then) if spoken else (races if hoped else ()):
        if not _has_time(story, distance, taken) and wished_distance(story, sentence, distance):
            ledger.goals.append(_goal(story, sentence, distance.id, distance, None))
            ledger.last_distance = distance.id
    again = None if races or taken else wished_again(story, sentence)
    if again and ledger.spoken_before and ledger.spoken_before != "other":
        named = Distance(ledger.spoken_before, story.starts[again[0]], story.ends[again[1] - 1])
        ledger.goals.append(_goal(story, sentence, named.id, named, None))


def _has_time(story: Story, distance: Distance, taken: dict[Distance, Time]) -> bool:
    """Whether its time was told with it; in "I'm entered in the half, my best is 1:45" the best is told apart."""
    time = taken.get(distance)
    if time is None or time.start < distance.end:
        return time is not None
    first, last = tokens(story, distance.end, time.start)
    return not any(story.breaks[first + 1 : last])


def _read_times(
    story: Story,
    sentence: Sentence,
    races: list[Distance],
    clocked: list[Time],
    ledger: Ledger,
    coming: str | None,
    *,
    only_results: bool,
) -> dict[Distance, Time]:
    """Enter each time of a sentence as a goal or as a result; which distances they took."""
    taken: dict[Distance, Time] = {}
    for time in clocked:
        wish = not only_results and wished_time(story, sentence, time, races, clocked)
        distance = _nearest(story, time, races, taken)
        if distance and wish and ledger.too_slow(time, distance.id):
            distance = None
        written = story.folded[time.start : time.end]
        distance_id = distance.id if distance else ledger.elsewhere(time, coming, written, wished=wish)
        if distance_id is None:
            continue
        ledger.last_distance = distance_id
        if not wish and somebody_elses(story, sentence, time):
            continue
        if distance:
            taken[distance] = time
        if wish:
            ledger.goals.append(_goal(story, sentence, distance_id, distance, time))
        elif reading := time.over(distance_id, distance.km if distance else None):
            _enter_result(story, sentence, ledger, distance_id, reading, time)
    return taken


def _enter_result(
    story: Story, sentence: Sentence, ledger: Ledger, distance_id: str, reading: Reading, time: Time
) -> None:
    """A result serves to read later times; it is told to others only when it is hers and of late."""
    ledger.best[distance_id] = reading[0]
    known = any(each.distance == distance_id and each.seconds == reading[0] for each in ledger.results)
    if (
        not known
        and reading[0] == reading[1]
        and "done_result" in sentence.hits
        and not {"long_ago", "other"} & sentence.hits.keys()
    ):
        ledger.results.append(Result(distance_id, reading[0], _quote(story, sentence, time.start, time.end)))


def _better_by(story: Story, sentence: Sentence, less: Time, races: list[Distance], ledger: Ledger) -> None:
    """ "Take two minutes off my 10K": the result that was told, less so much."""
    named = next((race.id for race in races if race.id in ledger.best), None)
    distance_id = named or ledger.last_distance or next(iter(ledger.best), None)
    if distance_id in ledger.best:
        target = ledger.best[distance_id] - less.readings[0][0]
        time = Time(((target, target),), False, less.start, less.end)
        ledger.goals.append(_goal(story, sentence, distance_id, None, time))


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


def _goal(story: Story, sentence: Sentence, distance_id: str, distance: Distance | None, time: Time | None) -> Goal:
    marks = [mark for mark in (distance, time) if mark]
    start, end = min(mark.start for mark in marks), max(mark.end for mark in marks)
    km = distance.km if distance else None
    low, high = (time.over(distance_id, km) or time.readings[0]) if time else (None, None)
    low, high = (None, low) if time and time.less else (low, high)
    begin, stop = letters(story, sentence)
    dates = [m for m in pattern("when").finditer(story.folded, begin, stop) if m.group() not in _BARE_WHEN]
    when = min(dates, key=lambda date: max(date.start() - end, start - date.end()), default=None)
    return Goal(
        distance=distance_id,
        because=_quote(story, sentence, start, end),
        target_seconds_min=low,
        target_seconds_max=high,
        by=story.between(when.start(), when.end()) if when else None,
        boston=distance_id == "marathon" and bool(pattern("boston").search(story.folded, begin, stop)),
    )


def _quote(story: Story, sentence: Sentence, start: int, end: int) -> str:
    """Her words round the goal: the clause when it is short."""
    first, last = story.clause(*tokens(story, start, end))
    low = min(start, story.starts[max(first, sentence.first)])
    high = max(end, story.ends[min(last, sentence.last) - 1])
    return story.between(low, high) if high - low <= LONGEST_QUOTE else story.between(start, end)
