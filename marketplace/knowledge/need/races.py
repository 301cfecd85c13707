"""Races whose name says the distance, for stories that do not."""

import re
from functools import cache

from marketplace.knowledge.need.clockings import Distance
from marketplace.knowledge.need.vocabulary import entries, vocabulary

LONGEST_LIVED_IN = 20  # letters
# A town that gave its name to a race is only a town after these.
_LIVED_IN = re.compile(
    r"\b(?:(?:live|lives|living|based|born|here) in|mov(?:e|ed|ing) to|from|near|outside"
    r"|habite|demeure a|vis a|demenage a|pres de) $"
)


def races(text: str, start: int, end: int) -> list[Distance]:
    """The races that text[start:end] names."""
    return [
        Distance(_names()[m.group()], m.start(), m.end())
        for m in _pattern().finditer(text, start, end)
        if not _LIVED_IN.search(text, max(start, m.start() - LONGEST_LIVED_IN), m.start())
    ]


@cache
def _names() -> dict[str, str]:
    named = entries(vocabulary("races")["distance"])
    return {name: distance for distance, names in named.items() for name in names}


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_names(), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b")
