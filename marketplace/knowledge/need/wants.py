"""What she asks of a coach, what she says that she has or does not want, and what she prefers besides."""

import re

from marketplace.knowledge.need.rules import Match, matches
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.tree import Preference
from marketplace.knowledge.need.vocabulary import small_words

ORDER = ("form-review", "plan", "strength", "rehab", "in-person", "online")
HAVE_REACH, ASK_REACH = 9, 30
LONGEST_TERSE, LONGEST_PLAIN = 12, 5
PLAIN = ("online", "in-person", "rehab")  # seldom spoken of but to ask for it
_FOR_SESSION = re.compile(
    r"\b(?:(?:a|per|la|par|each) (?:session|hour|month|seance|rencontre|heure|mois)|max|budget)\b"
)
_AMOUNT = re.compile(r"(?:[$€£] ?(\d{2,4})|\b(\d{2,4}) ?(?:\$|€|£|dollars?\b|bucks\b|cad\b|piastres\b|euros?\b))")


def wants(story: Story, *, faults: bool = False) -> tuple[str, ...]:
    """Everything asked for and not refused, in a fixed order; `faults`: she tells of faults of form.

    Who tells of a fault and asks for anything asks for a form review too, unless she refuses it.
    """
    asked: set[str] = set()
    refused: set[str] = set()
    for sentence in story.sentences:
        for match in matches("wants", sentence):
            if _had(story, sentence, match):
                refused.add(match.topic)
            elif _asked(story, sentence, match):
                asked.add(match.topic)
    if faults and not (asked | refused) & {"form-review"} and any("want" in s.hits for s in story.sentences):
        asked.add("form-review")
    return tuple(
        want
        for want in ORDER
        if want in asked - (refused & {"plan", "form-review"} if _outweighs(asked, refused) else set())
    )


def _outweighs(asked: set[str], refused: set[str]) -> bool:
    """A refusal stands against a passing mention of the same thing."""
    return bool(asked & refused)


def _asked(story: Story, sentence: Sentence, match: Match) -> bool:
    question = story.folded[story.ends[sentence.last - 1] :][:2].strip().startswith("?")
    near = any(match.first - ASK_REACH <= h[0] <= match.last + 12 for h in sentence.hits.get("want", ()))
    if match.topic in ("strength", "plan") and _done(story, sentence, match):
        return False
    if match.topic in PLAIN and not {"past", "was", "done", "past_time"} & sentence.hits.keys():
        return True
    return near or question or _terse(story, sentence, over=match.topic in ("online", "in-person"))


def _terse(story: Story, sentence: Sentence, *, over: bool) -> bool:
    """A short line without a verb asks by itself: "Gait check in Waterloo"."""
    against = {"done", "past"} | (set() if over else {"over_after"})
    if sentence.last - sentence.first > LONGEST_TERSE or against & set(sentence.hits):
        return False
    return not small_words("subjects") & set(story.words[sentence.first : sentence.last])


def _done(story: Story, sentence: Sentence, match: Match) -> bool:
    """Exercises that she has done, or does, are not asked for."""
    for h in sentence.hits.get("done", ()):
        if (
            h[1] <= match.last
            and match.first - h[1] <= 6
            and not any(h[1] <= w[0] <= match.first for w in sentence.hits.get("want", ()))
        ):
            return True
    return False


def _had(story: Story, sentence: Sentence, match: Match) -> bool:
    """Whether she has it already or does not want it."""
    for first, last in sentence.hits.get("have", ()):
        if match.topic == "rehab":
            return False
        if first <= match.first and match.last <= last:
            return True
        if (
            last <= match.first + 1
            and match.first - last <= HAVE_REACH
            and not _turned(story, sentence, last, match.first)
        ):
            return True
    for first, _ in sentence.hits.get("have_after", ()):
        if match.last - 1 <= first <= match.last + 6 and not _turned(story, sentence, match.last, first):
            return True
    spared = {i for h in sentence.hits.get("neg_not", ()) for i in range(*h)}
    before = range(max(sentence.first, match.first - 3), match.first)
    refused = any(story.words[i] in small_words("refused") for i in before if i not in spared)
    return (
        match.topic != "rehab"
        and refused
        and not any(story.breaks[i] for i in range(max(match.first - 2, sentence.first + 1), match.first + 1))
    )


def _turned(story: Story, sentence: Sentence, low: int, high: int) -> bool:
    """Whether "but I need…" or a new start stands between having and the thing."""
    between = range(low, high)
    if any(h[0] in between for h in sentence.hits.get("stop", ())):
        return True
    wanted = any(
        h[0] in between for h in sentence.hits.get("want", ()) if story.words[h[0]] not in ("after", "could", "me")
    )
    comma = any(story.breaks[i] for i in range(low, high + 1) if i < len(story.breaks))
    return wanted and comma


def preferences(story: Story) -> tuple[Preference, ...]:
    """Her preferences, the first of each kind."""
    found: dict[str, Preference] = {}
    for sentence in story.sentences:
        for match in matches("preferences", sentence):
            kind, value = ("gender", match.topic) if match.topic in ("female", "male") else (match.topic, "")
            because = story.quote(*_clause(story, match))
            if kind == "budget":
                value = _amount(story, sentence)
            elif kind != "gender" and not _available(story, sentence, match):
                continue
            found.setdefault(kind, Preference(kind, value, because))
        if "budget" not in found and (amount := _amount(story, sentence)) and _asks_price(story, sentence):
            found["budget"] = Preference("budget", amount, story.quote(sentence.first, sentence.last)[:120])
    return tuple(found.values())


def _available(story: Story, sentence: Sentence, match: Match) -> bool:
    """Evenings and weekends count where she says when she is free, not where she says when she runs or is busy."""
    if plain := _plain_clause(story, match):
        words = story.words[slice(*story.clause(match.first, match.last))]
    else:
        words = story.words[max(sentence.first, match.first - 6) : match.last + 5]
    busy = {
        "busy",
        "run",
        "ran",
        "long",
        "pain",
        "hurts",
        "occupe",
        "occupee",
        "yesterday",
        "last",
        "aches",
        "race",
        "since",
        "sore",
        "depuis",
        "worse",
        "better",
        "don't",
        "doesn't",
        "can't",
        "never",
        "except",
        "sauf",
    }
    start, end = story.clause(match.first, match.last)
    aching = any(start <= h[0] < end for part in small_words("body") for h in sentence.hits.get(part, ()))
    if aching or busy & set(words):
        return False
    return (
        sentence.last - sentence.first <= 9
        or plain
        or bool({"want", "have"} & set(sentence.hits))
        or bool(
            {"free", "available", "best", "works", "work", "only", "libre", "disponible", "seulement", "dispo"}
            & set(words)
        )
    )


def _plain_clause(story: Story, match: Match) -> bool:
    """A short clause without a verb: "evenings or weekends"."""
    first, last = story.clause(match.first, match.last)
    return last - first <= LONGEST_PLAIN and not small_words("subjects") & set(story.words[first:last])


def _amount(story: Story, sentence: Sentence) -> str:
    end = story.ends[sentence.last - 1] + 2
    match = _AMOUNT.search(story.folded, max(0, story.starts[sentence.first] - 2), end)
    return next((g for g in match.groups() if g), "") if match else ""


def _asks_price(story: Story, sentence: Sentence) -> bool:
    words = story.folded[story.starts[sentence.first] : story.ends[sentence.last - 1]]
    return "want" in sentence.hits or "have" in sentence.hits or bool(_FOR_SESSION.search(words))


def _clause(story: Story, match: Match) -> tuple[int, int]:
    first, last = story.clause(match.first, match.last)
    return (first, last) if last - first <= 16 else (match.first, match.last)
