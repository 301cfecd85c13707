"""What would make a coach's page say enough for a runner to decide. Pure."""

import re
from dataclasses import dataclass

from marketplace.coaches.drafts import Profile

ENOUGH_SENTENCES = 5
ENOUGH_OF_A_HEADLINE = 25  # characters: "Running coach in Ottawa" says nothing yet
WORDS_OF_A_SENTENCE = 3


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing to add: "about" (`number` sentences more), "main", "goals", "headline" or "papers"."""

    kind: str
    number: int = 0


def hints(profile: Profile, *, papers: int) -> list[Hint]:
    """What is thin, the most useful first; `papers`: how many certificates she names."""
    missing = ENOUGH_SENTENCES - sentences(profile.about)
    thin = {
        "about": missing > 0,
        "main": not profile.main_issues,
        "headline": len(profile.headline) < ENOUGH_OF_A_HEADLINE,
        "goals": not profile.goals,
        "papers": papers == 0,
    }
    return [Hint(kind, max(missing, 0) if kind == "about" else 0) for kind, is_thin in thin.items() if is_thin]


def sentences(text: str) -> int:
    """How many sentences a text has; a word or two are none."""
    pieces = re.split(r"[.!?…]+(?:\s|$)|\n+", text)
    return sum(len(piece.split()) >= WORDS_OF_A_SENTENCE for piece in pieces)
