"""Numbers written as words, in English and French, to ninety-nine."""

import re
from functools import cache

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_FRENCH = (
    "zero une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit"
    " dix-neuf",
    "vingt trente quarante cinquante soixante",
)


@cache
def numbers() -> dict[str, int]:
    """Each number word with its value."""
    words = {"a": 1, "an": 1, "un": 1, "fourty": 40, "soixante-dix": 70, "quatre-vingts": 80, "quatre-vingt-dix": 90}
    for small, tens in (_ENGLISH, _FRENCH):
        units = small.split()
        words |= {word: n for n, word in enumerate(units)}
        for ten, word in enumerate(tens.split(), 2):
            words[word] = ten * 10
            words |= {f"{word}{join}{unit}": ten * 10 + n for n, unit in enumerate(units[1:10], 1) for join in " -"}
            words |= {f"{word} et un": ten * 10 + 1, f"{word} et une": ten * 10 + 1, f"{word}-et-un": ten * 10 + 1}
    return words


@cache
def counting_words() -> frozenset[str]:
    """Single words without which no time is told in words."""
    parts = {part for word in numbers() for part in word.replace("-", " ").split()}
    return frozenset(parts - {"a", "an", "un", "une", "et"} | {"hour", "hours", "heure", "heures", "hr", "hrs"})


def number(text: str) -> int:
    """The value of figures or of a number word; 0 for anything else."""
    return int(text) if text.isdigit() else numbers().get(text, 0)


@cache
def number_pattern() -> str:
    """A regular expression for a number in figures or words."""
    words = sorted(numbers(), key=len, reverse=True)
    return r"(?:\d{1,3}|" + "|".join(re.escape(word) for word in words) + ")"
