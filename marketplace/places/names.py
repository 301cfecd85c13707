"""How place names are compared: folding, and the readings that a typed text allows. Pure.

Folding makes "Orléans", "ORLEANS" and "orleans" one word, "St. John's", "Saint-Johns" and
"st johns" one name. Everything stored for look-up and everything looked up goes through `fold`.
"""

import re
import unicodedata
from typing import NamedTuple

from marketplace.places.regions import Qualifier, qualifiers

_LETTERS = str.maketrans(
    {
        "æ": "ae", "œ": "oe", "ø": "o", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i",
        "’": None, "‘": None, "'": None, "ʻ": None, "ʼ": None, "`": None, "´": None,
    }
)  # fmt: skip
_EXPANSIONS = {"st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort"}
_CANADIAN_CODE = re.compile(r"\b([abceghj-nprstvxy]\d[a-z])(?: ?(\d[a-z]\d))?\b")
_ZIP_CODE = re.compile(r"\b(\d{5})(?: \d{4})?\b")
_PADDING = re.compile(r"^(?:(?:near|around|in|greater|downtown|metro) )+|(?: (?:area|region))+$")
MOST_QUALIFIER_WORDS = 4


class Reading(NamedTuple):
    """One way to understand a text: a folded name, regions that it must lie in, places named beside it."""

    name: str
    regions: tuple[frozenset[Qualifier], ...] = ()
    beside: str = ""


def plain(text: str) -> str:
    """Lower-case ASCII words with single spaces: accents, apostrophes and hyphens gone, nothing expanded."""
    text = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    text = "".join(c if c.isascii() and c.isalnum() else " " for c in text if not unicodedata.combining(c))
    words = " ".join(text.split())
    return re.sub(r"\b([a-z]) (?=[a-z]\b|(?<=[dl] )[a-z])", r"\1", words)  # "val d or", "d c"


def fold(text: str) -> str:
    """The form under which a name is stored and found: `plain`, with "St", "Ste", "Mt", "Ft" written out."""
    return " ".join(_EXPANSIONS.get(word, word) for word in plain(text).split())


def address(country: str, region: str, name: str) -> dict[str, str] | None:
    """The parts of a town's address, as of /coaches/ca/on/ottawa; None where one of them would be empty."""
    parts = {"country": country.lower(), "region": region.lower(), "city": fold(name).replace(" ", "-")}
    return parts if all(parts.values()) else None


def beginnings(text: str) -> list[str]:
    """Prefixes to search while somebody types `text`: folded, and with the last word left as it is.

    "st" may become "St. John's" or "Stittsville". A full or half-typed Canadian code is cut to its first
    three characters, the area that the gazetteer knows.
    """
    words = plain(text).split()
    if not words:
        return []
    whole = " ".join(words)
    if (code := _CANADIAN_CODE.match(whole)) or (code := re.match(r"([a-z]\d[a-z])[ \d]", whole)):
        return [code.group(1)]
    if zip_code := _ZIP_CODE.match(whole):
        return [zip_code.group(1)]
    start = [_EXPANSIONS.get(word, word) for word in words[:-1]]
    return list(dict.fromkeys([fold(text), " ".join([*start, words[-1]])]))


def readings(text: str) -> list[Reading]:
    """The ways to understand a typed place, the likeliest first.

    "K1S 5B6" reads as the full code, then its area; "Portland OR" as a name, then as Portland in Oregon;
    "Hull, Gatineau, QC" as Hull in Quebec beside Gatineau.
    """
    found = _postal_readings(text)
    head, *rest = [part for part in text.split(",") if fold(part)] or [""]
    regions = tuple(options for part in rest if (options := qualifiers(fold(part))))
    beside = next((fold(part) for part in rest if not qualifiers(fold(part))), "")
    for name in dict.fromkeys([fold(head), _PADDING.sub("", fold(head))]):
        if name:
            found.append(Reading(name, regions, beside))
            found.extend(Reading(shorter, (*regions, *more), beside) for shorter, more in _split(name))
    return found


def _postal_readings(text: str) -> list[Reading]:
    """Postal codes anywhere in the text, the most exact first."""
    folded = fold(text)
    found: list[Reading] = []
    for code in _CANADIAN_CODE.finditer(folded):
        if code.group(2):
            found.append(Reading(f"{code.group(1)} {code.group(2)}"))
        found.append(Reading(code.group(1)))
    found.extend(Reading(code.group(1)) for code in _ZIP_CODE.finditer(folded))
    return found


def _split(name: str) -> list[tuple[str, tuple[frozenset[Qualifier], ...]]]:
    """Splits such as "portland or" → ("portland", (Oregon,)), the longest region first."""
    words = name.split()
    splits: list[tuple[str, tuple[frozenset[Qualifier], ...]]] = []
    for count in range(min(MOST_QUALIFIER_WORDS, len(words) - 1), 0, -1):
        if options := qualifiers(" ".join(words[-count:])):
            shorter = " ".join(words[:-count])
            splits.append((shorter, (options,)))
            splits.extend((still, (*more, options)) for still, more in _split(shorter))
    return splits
