"""Whose a finding is: hers, or that of somebody else who is named before it."""

from collections.abc import Iterable

from marketplace.knowledge.need.nearness import near_before
from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

LONGEST_SHARED = 5  # words from a person to "club" or "with"
SHOES = frozenset({"runners", "trainers"})
OWNER_REACH, HEARING_REACH, ALSO_REACH, TOLD_REACH, OF_REACH, OPENING = 14, 6, 6, 2, 3, 3


def others(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether the nearest owner named before the words is somebody else."""
    if any(0 <= h[0] - match.last <= ALSO_REACH for h in sentence.hits.get("me_too", ())):
        return False
    if "for_me" in sentence.hits:
        return False
    if near_before(sentence, match, "hearing", HEARING_REACH) and not _told_by_clinician(sentence):
        return True
    if match.used and (_possessed(story, match) or _of_person(story, sentence, match)):
        return True
    if _retracted(story, sentence):
        return True
    if "study" in sentence.hits and not {"mine"} & sentence.hits.keys():
        return True
    people = [h for h in sentence.hits.get("other", ()) if h[0] < match.last]
    theirs = [h for h in sentence.hits.get("theirs", ()) if h[0] < match.last]
    if not people and not theirs:
        return False
    reports = sentence.hits.get("reported", ())
    has = sentence.hits.get("has", ())
    shared = {i for h in people for i in (*range(*h), *_shared(story, h))}
    mine = [
        h
        for h in sentence.hits.get("mine", ())
        if h[0] < match.last and h[0] not in shared and not _names_person(h, people)
    ]
    nearest_mine = max((h[1] for h in mine), default=-1)
    owners = [
        h[1]
        for h in people
        if any(0 <= x[0] - h[1] - len(_shared(story, h)) <= 1 for x in has)
        and not (_reports(h, reports) or _quoted(h, sentence))
    ]
    owners += [h[1] for h in theirs if not _reports(h, reports)] if people else []
    owner = max((o for o in owners if o <= match.first + 1 and match.first - o <= OWNER_REACH), default=-1)
    return owner > nearest_mine


def _shared(story: Story, person: tuple[int, int]) -> range:
    """The words behind a person that say where or with whom: "in my club", "I run with", "du club"."""
    behind = story.words[person[1] : person[1] + LONGEST_SHARED]
    last = max((i for i, word in enumerate(behind) if word in small_words("company")), default=-1)
    plain = all(word in small_words("company") | small_words("to_company") for word in behind[: last + 1])
    return range(person[1], person[1] + last + 1) if plain else range(0)


def _told_by_clinician(sentence: Sentence) -> bool:
    """ "Le physio parle de la bandelette": what such people speak of is hers."""
    heard = sentence.hits.get("hearing", ())
    return any(0 <= h[0] - c[1] <= TOLD_REACH for h in heard for c in sentence.hits.get("clinician", ()))


def _possessed(story: Story, match: Match) -> bool:
    """ "her hip", "blew her Achilles": the word before one that was found."""
    return any(_of_somebody(story, i) for i in match.used if i - 1 not in match.used)


def _of_somebody(story: Story, first: int) -> bool:
    """Whether "his", "her", "their" or "my coach's" stands before token `first`."""
    if first and story.words[first - 1] in ("left", "right", "both"):
        first -= 1
    before = story.words[first - 1] if first else ""
    return before in ("his", "her", "their") or (before == "'s" and first > 1 and _person(story, first - 2))


def _retracted(story: Story, sentence: Sentence) -> bool:
    """Whether the next sentence gives what was told to somebody else: "No, sorry, that was my sister"."""
    following = next((s for s in story.sentences if s.first == sentence.last), None)
    if following is None:
        return False
    people = [h[0] for h in following.hits.get("other", ())]
    said = [h[1] for h in following.hits.get("retracted", ()) if h[0] - following.first <= OPENING]
    return any(0 <= p - s <= 1 for p in people for s in said)


def said_of_one(sentence: Sentence, match: Match) -> bool:
    """ "She's the one with the hamstring", "c'est lui qui a mal au genou", unless "mine" stands between.

    Not asked of signs of danger: those count whoever "he" is.
    """
    between = [h[0] for concept in ("mine", "reported") for h in sentence.hits.get(concept, ())]
    return any(
        0 <= told - h[1] <= OWNER_REACH and not any(h[1] <= i < told for i in between)
        for h in sentence.hits.get("the_one", ())
        for told in match.used
    )


def _of_person(story: Story, sentence: Sentence, match: Match) -> bool:
    """ "les genoux de ma soeur", "the hips of my coach"."""
    people = [
        h[0]
        for h in sentence.hits.get("other", ())
        if match.first < h[0] <= match.last + OF_REACH and story.words[h[0]] not in SHOES
    ]
    return any(story.words[i - 2 : i] in (["de", "ma"], ["de", "mon"], ["of", "my"]) for i in people)


def _person(story: Story, i: int) -> bool:
    """Whether a "'s" after token i names an owner ("my coach's hips"): no part of the body, no time, no "it's"."""
    told = i and story.words[i - 1] in ("my", "our", "a", "the", "his", "her")
    return bool(told) and story.words[i] not in small_words("no_owner")


def _names_person(own: tuple[int, int], people: list[tuple[int, int]]) -> bool:
    """ "my" of "my husband" (or "my best friend") names the husband, not her."""
    return any(0 <= p[0] - own[1] <= 1 for p in people)


def _quoted(person: tuple[int, int], sentence: Sentence) -> bool:
    """ "according to my partner", "says my coach"."""
    return any(0 <= person[0] - h[1] <= 1 for h in sentence.hits.get("says_who", ()))


def _reports(person: tuple[int, int], reports: Iterable[tuple[int, int]]) -> bool:
    """ "my sister says", "a friend has noticed": she tells, she is not the one told of."""
    return any(0 <= r[0] - person[1] <= 2 for r in reports)
