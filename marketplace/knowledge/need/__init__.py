"""A runner's words -> what she needs, each with the words that showed it. Pure, deterministic, explainable.

No model and no guess: a vocabulary kept as data (data/words), rules of concepts that stand together in a
sentence, and cues that tell now from past, hers from others', wishes from results. A coaching aid, never a diagnosis.
"""

from marketplace.knowledge.catalogue import issue
from marketplace.knowledge.need import findings, goals, language, place, wants
from marketplace.knowledge.need.lexicon import lexicon
from marketplace.knowledge.need.seeker import seeks
from marketplace.knowledge.need.text import read
from marketplace.knowledge.need.tree import (
    Goal,
    Need,
    NeededIssue,
    NeedFlag,
    NeedPlace,
    PlaceFinder,
    PlaceHit,
    Preference,
)


def understand(story: str, places: PlaceFinder) -> Need:
    """What the writer of `story` needs. Reads at most 20,000 characters, and asks `places` at most once."""
    text = read(story)
    lexicon().mark(text)
    flags = findings.red_flags(text)
    issues = findings.issues(text, faint=not flags)
    wished, run = goals.goals_and_results(text)
    faults = any(i.when == "now" and issue(i.id).kind == "form" for i in issues)
    asked = wants.wants(text, faults=faults)
    seeker = seeks(text, issues, flags, len(wished), len(asked))
    return Need(
        issues=issues if seeker else (),
        goals=wished if seeker else (),
        place=place.place(text, places) if seeker else None,
        wants=asked if seeker else (),
        language=language.language(text),
        coach_language=language.coach_language(text),
        preferences=wants.preferences(text) if seeker else (),
        red_flags=flags,
        results=run if seeker else (),
        seeker=seeker,
    )


__all__ = [
    "Goal",
    "Need",
    "NeedFlag",
    "NeedPlace",
    "NeededIssue",
    "PlaceFinder",
    "PlaceHit",
    "Preference",
    "understand",
]
