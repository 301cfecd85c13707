"""Finding distances in folded text: "half", "21.1", "ten k", "a 50 mile race"; not half an hour, not 10 km/h."""

import re
from functools import cache

from marketplace.knowledge.need.clockings import MOST_IN_A_SENTENCE, Distance, pattern
from marketplace.knowledge.need.numbers import number
from marketplace.knowledge.need.vocabulary import entries, vocabulary

KM_IN_A_MILE = 1.609
_NAMED = {"couch": "5k", "five": "5k", "ten": "10k", "mile": "1mile", "track": "other"}
_LENGTHS = ((5.0, "5k"), (10.0, "10k"), (21.1, "half"), (42.2, "marathon"))
ULTRA_FROM = 43.0  # km
_PART = re.compile(r"\b(?:the|those) (?:last|final) $|\b(?:les|des) derniers $")  # "the last ten kilometres" of a race
_TIME_NEXT = re.compile(r" an? \d+[:h]")  # "for the half a 1:45"
_NEXT_WORD = re.compile(r"[ -]*([a-z']+)")


def distances(text: str, start: int, end: int) -> list[Distance]:
    """The distances named in text[start:end], at most a dozen."""
    found: list[Distance] = []
    for match in pattern("distances").finditer(text, start, end):
        kind = match.lastgroup or ""
        if match.group("half") in ("half", "demi", "semi", "demis", "semis") and _of_something(text, match):
            continue
        if _PART.search(text, max(start, match.start() - 20), match.start()) and not match.group().endswith("k"):
            continue
        if match.group("figure"):
            unit = match.group("unit")
            miles = unit.startswith("mi")
            km = _figure(match.group("figure")) * (KM_IN_A_MILE if miles else 1.0)
            found.append(Distance(_by_length(km, miles=miles), match.start(), match.end(), km))
        else:
            found.append(Distance(_NAMED.get(kind, kind), match.start(), match.end(), _on_track(match)))
    return found[:MOST_IN_A_SENTENCE]


def _figure(written: str) -> float:
    """The value of "12.5", "12,5", "fifty" or "cent"."""
    if written[0].isdigit():
        return float(written.replace(",", "."))
    return 100.0 if written in ("hundred", "cent") else float(number(written) or number(written.replace("-", " ")))


def _by_length(km: float, *, miles: bool) -> str:
    """The distance of that length; in miles only the long ones, "3 miles" is no 5K."""
    for length, name in _LENGTHS:
        if (abs(km - length) < 0.25 and not miles) or (abs(km - length) < 0.03 * length and length > 20):
            return name
    return "ultra" if km > ULTRA_FROM else "other"


def _on_track(match: re.Match[str]) -> float | None:
    """The kilometres of "800 m" or "the 1,500"."""
    metres = re.sub(r"\D", "", match.group("track") or "")
    return int(metres) / 1000 if metres else None


def _of_something(text: str, match: re.Match[str]) -> bool:
    """Whether this "half" is of an hour, a mile, the body… and no race."""
    before = text[max(0, match.start() - 14) : match.start()].split()
    after = _NEXT_WORD.match(text, match.end())
    following = after.group(1) if after and not _TIME_NEXT.match(text, match.end()) else ""
    previous = before[-1] if before else ""
    if match.group("half") != "half":
        return following in _words("after_french") or previous in ("et", "heure", "heures")
    if following in _words("after") or previous in _words("before"):
        return True
    return before[-2:] in (["the", "first"], ["and", "a"], ["et", "un"])


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(entries(vocabulary("patterns")["half"])[name])
