"""What the words beside a name make it worth as the place of her who writes."""

import re

from marketplace.knowledge.need.capitals import capital, gap
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

LIVES, ALONE, MEETS, IN, NAMED, RACE = 10, 7, 6, 4, 1, -6
HERE_REACH, HOME_REACH = 1, 6  # tokens to "where I live", and to "…, chez nous"
LONGEST_BRIDGE = 4  # small words
_CLOCK = re.compile(r"\d{1,2}(?:[:h]\d{2}){1,2}")


def worth(story: Story, sentence: Sentence, first: int, last: int, end: int) -> int:
    """What the words beside tokens first..last make of them as a place; `end` is behind a region named with it."""
    hits = sentence.hits

    def before(concept: str) -> bool:
        return any(h[1] <= first and first - h[1] <= _bridge(story, h[1], first) for h in hits.get(concept, ()))

    if any(end <= h[0] <= end + HERE_REACH for h in hits.get("here_after", ())):
        return LIVES + 1
    if _on_a_street(story, sentence, first, last):
        return RACE
    joined = last < sentence.last and not story.breaks[last]
    if joined and any(h[0] == last for h in hits.get("race_after", ())):
        return RACE
    kins = before("kin_home")
    if kins and story.for_another:
        return LIVES
    if not story.breaks[first] and (before("was_there") or kins):
        return RACE
    if not story.breaks[first] and before("race_before") and not before("meets"):
        return LIVES if _at_home(story, sentence, end) else RACE
    if _behind_a_time(story, sentence, first):
        return RACE
    if "(" in gap(story, first) and story.words[first - 1] in small_words("race_words"):
        return RACE
    if any(last <= h[0] <= last + 1 for h in hits.get("visited", ())):
        return NAMED
    if first > sentence.first + 1 and story.words[first - 1] == "to" and capital(story, first - 2):
        return LIVES if any(h[1] == first - 2 for h in hits.get("was_there", ())) else NAMED
    value = LIVES if before("lives") else MEETS if before("meets") else IN if before("inplace") else NAMED
    if any(h[0] in (last, end) for h in hits.get("area_after", ())):
        value = max(value, MEETS)
    if value < ALONE and _stands_alone(story, sentence, first, end):
        value = ALONE
    return value + (1 if end > last else 0)


def _on_a_street(story: Story, sentence: Sentence, first: int, last: int) -> bool:
    """ "Kingston Road", "rue Sherbrooke": a street that bears the name of a town, often of one far away."""
    if first > sentence.first and not story.breaks[first] and story.words[first - 1] in small_words("street_before"):
        return True
    behind = story.words[last : last + 2] if last < sentence.last and not story.breaks[last] else []
    return bool(small_words("street_after") & set(behind[:1]) and not small_words("street_club") & set(behind[1:]))


def _at_home(story: Story, sentence: Sentence, end: int) -> bool:
    """ "Le 10 km de Drummondville dans un mois, chez nous": a race in her own town."""
    return any(
        0 <= h[0] - end <= HOME_REACH
        and story.breaks[h[0]]
        and (h[1] >= sentence.last or story.breaks[h[1]])
        and not any(capital(story, i) for i in range(end, h[0]))
        for h in sentence.hits.get("at_home", ())
    )


def _behind_a_time(story: Story, sentence: Sentence, first: int) -> bool:
    """ "2h54 à Berlin", "3:26 from Hamilton": where a time was run."""
    joins = first - 1 > sentence.first and story.words[first - 1] in ("a", "at", "in", "from", "de", "d")
    return joins and bool(_CLOCK.fullmatch(story.words[first - 2])) and not story.breaks[first - 1]


def _bridge(story: Story, start: int, first: int) -> int:
    """How many small words may stand between a cue and the place ("live in the …", "à Québec, dans …")."""
    if first - start > LONGEST_BRIDGE:
        return 0
    if any(story.breaks[i] and gap(story, i).strip() == "," for i in range(start, first + 1)):
        return 0
    return first - start if set(story.words[start:first]) <= small_words("before_place") else 0


def _stands_alone(story: Story, sentence: Sentence, first: int, last: int) -> bool:
    """A clause of nothing but the place: "Nelson, BC." or "27, Kelowna"."""
    starts = story.breaks[first] > 0
    ends = last >= sentence.last or story.breaks[last] > 0
    return starts and ends
