"""Distances and times as people write them: "half", "21.1", "1h45", "sub-25", "vingt-cinq minutes", "25:xx".

Works on folded text; places are letters of it. Seconds throughout.
"""

import re
from dataclasses import dataclass
from functools import cache

HOUR, MINUTE = 3600, 60
MOST_IN_A_SENTENCE = 12  # distances, and times
FASTEST_KM, SLOWEST_KM = 150, 900  # seconds
# What is a believable time over a distance, slowest walker to fastest ever, in seconds.
BELIEVABLE = {
    "1mile": (225, 20 * MINUTE), "5k": (755, 62 * MINUTE), "10k": (1570, 125 * MINUTE), "half": (3450, 4 * HOUR),
    "marathon": (7200, 8 * HOUR), "ultra": (2 * HOUR, 60 * HOUR), "other": (100, 24 * HOUR),
}  # fmt: skip
_UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["x", "x", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_UNITES = ["zero", "une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"]
_DIZAINES = ["x", "x", "vingt", "trente", "quarante", "cinquante", "soixante"]


@cache
def numbers() -> dict[str, int]:
    """Number words of both languages, zero to ninety-nine (French to sixty-nine)."""
    words: dict[str, int] = {"a": 1, "an": 1, "un": 1, "fourty": 40}
    for units, tens in ((_UNITS, _TENS), (_UNITES, _DIZAINES)):
        words |= {word: n for n, word in enumerate(units)}
        for t, ten in enumerate(tens[2:], 2):
            words[ten] = t * 10
            for n, unit in enumerate(units[1:10], 1):
                words[f"{ten}-{unit}"] = words[f"{ten} {unit}"] = t * 10 + n
            words[f"{ten} et un"] = words[f"{ten} et une"] = words[f"{ten}-et-un"] = t * 10 + 1
    return words


def _number_pattern() -> str:
    words = sorted(numbers(), key=len, reverse=True)
    return r"(?:\d{1,3}|" + "|".join(re.escape(word) for word in words) + ")"


_N = _number_pattern()
_LESS = (
    r"(?:sub[- ]?|under|below|less than|faster than|quicker than|better than|inside|within|in less than|south of|beat(?:ing)?|break(?:ing)?|broke|dip(?:ping)? under|"
    r"sous(?: la barre)?(?: des| les| la| l')?|moins (?:de|d'|que)|en bas de|en dedans de|en dessous de|a l'interieur de|en-dessous de|au-dessous de|plus vite que|"
    r"battre|casser|briser|descendre sous|max(?:imum)?)"
)
_FILL = r"(?: the| a| an| my| of| anything| les| la| l'| mes| mon| old| current| that)*"
_BEFORE = re.compile(rf"\b{_LESS}{_FILL}[ ~:-]*$")
_AFTER = re.compile(r"^ ?(?:or (?:better|less|faster|under|quicker|below)|ou (?:moins|mieux)|max\b|barrier)")
_ANYTHING_UNDER = re.compile(
    rf"\b{_LESS}{_FILL}[ ~:-]*({_N})(?! ?(?:km|k\b|mi\b|miles?|kilom|%|\$|ans|years?|weeks?|days|pounds|lbs|kg|dollars|people|spm|steps|sem|runs|sessions|times|beats|h\b|hours|heures|min|hr|m\b|am\b|pm\b|or\b|months|mois|jours)|[:.,]?\d|[hk:])\b"
)
_CLOCK = re.compile(r"(?<![\d:.,/])(\d{1,2}):([0-5]\d|xx)(?::([0-5]\d|xx))?(?![\d:])")
_SOMETHING = re.compile(r"\b([1-5]\d)(?:[- ](?:something|and change|et des poussieres|et quelques|ish)|:\?\?|:--)")
_HOURS = re.compile(
    rf"\b({_N})(?: and a| et)?( half| demie?)?[ -]?(?:h|hrs?|hours?|heures?)(?![a-z])"
    rf"(?: ?(?:et |and |,)?(?:(demie?|a half|half|quart|a quarter)\b|({_N})(?![a-z\d]| ?(?:km|k\b|ans|years|weeks|/)))(?: ?(?:m|mins?|mn|minutes?)\b)?)?"
)
_GLUED = re.compile(r"\b(\d)h([0-5]\d)(?:m|min)?(?![\d])")
_DECIMAL_HOURS = re.compile(r"\b(\d)[.,](\d)[ -]?(?:h|hrs?|hours?|heures?)\b")
_MINUTES = re.compile(
    rf"\b({_N})(?:ish)?[ -]?(?:mins?|minutes?|mn|minute|')(?:(?: ?(?:et |and )?)({_N})?(?: ?(?:s|secs?|seconds?|secondes?|\")\b)?)?(?![a-z])"
)
_AND_SOMETHING = re.compile(rf"\ban hour and ({_N})\b(?! (?:half|quarter))|\bune heure ({_N})\b(?! ?(?:km|fois))")
_SPOKEN = re.compile(
    r"\b(two|three|four|deux|trois|quatre) (oh |o'|o )?(five|ten|fifteen|twenty|twenty-five|thirty|thirty-five|forty|forty-five|fifty|fifty-five|fifty-nine|dix|quinze|vingt|trente|quarante|quarante-cinq)\b(?! ?(?:km|k\b|miles?|minutes?|years?|ans|weeks|pounds|percent))"
)
_PACE = re.compile(
    r"^ ?(?:min(?:utes?)?)? ?(?:/ ?(?:km|k|mi|mile)\b|per (?:km|k|kilo\w*|mi|mile)|a (?:km|k|kilo\w*|mile)\b|(?:du|au|le|par) (?:km|kilo\w*|mille)|[- ]?(?:min/|mins? per|min per|pace|kms\b|per k)|/mi|min\.?/)"
)
_PACE_BEFORE = re.compile(
    r"(?:pace(?: of| is| around| at)?|allure(?: de)?|threshold|tempo|easy)(?: at| of| is| around| about|:)? ?$"
)
_OF_DAY = re.compile(
    r"^ ?(?:a\.?m|p\.?m|o'?clock|in the (?:morning|evening|afternoon)|du (?:matin|soir)|tonight|le matin)"
)
_SPAN_BEFORE = re.compile(
    r"\b(?:after|for|every|each|last|first|about|into|within|of|apres|pendant|durant|depuis|chaque|toutes les|au bout d[e']|depasse|past|at|from|vers|until|than|that|only|nearly|limit(?:ed)? to|i do)(?: around| about| like| exactly| the first| the last| environ| roughly| only)*[ ~]*$"
)
_LENGTH_AFTER = re.compile(
    r"^[ -]?(?:run|runs|walk|session|sessions|call|warm|drive|commute|of (?:run|jog|eas)|routine|a day|per day|de (?:course|jog|route)|by car|away|before|after|later|into|in\b(?! (?:for|the|a|my) ?(?:\d|half|mara))|shift|shifts|block|workout|par jour|a week|every|jog|late|long|lesson|chunk|drive|each|each way|session|home)"
)


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance named, at letters start..end; `km` where a figure says it."""

    id: str
    start: int
    end: int
    km: float | None = None


@dataclass(frozen=True, slots=True)
class Time:
    """A time named. `readings` are (least, most) seconds, one for each way to read it; `less` asks for no more than it."""

    readings: tuple[tuple[int, int], ...]
    less: bool
    start: int
    end: int

    def over(self, distance: str, km: float | None = None) -> tuple[int, int] | None:
        """The reading that is believable over that distance."""
        low, high = BELIEVABLE[distance]
        if km and distance in ("other", "ultra"):
            low, high = max(low, int(km * FASTEST_KM)), min(high, int(km * SLOWEST_KM))
        return next((r for r in self.readings if low <= r[0] <= high), None)


_NOT_AFTER_HALF = frozenset(
    "an a of hour hours way the my time as dead asleep ironman iron decent mile miles km k year years block cup through back inch minute its"
    " his her their our finale mesure tour is was life que".split()
)
_NOT_BEFORE_HALF = frozenset("second other bottom top upper lower right left better back front last each in cut only about by than my-".split())
_UNIT_KM = {
    "mi": 1.609,
    "mile": 1.609,
    "miles": 1.609,
    "miler": 1.609,
    "milers": 1.609,
    "mille": 1.609,
    "milles": 1.609,
}
_DISTANCES = re.compile(
    r"(?P<couch>couch[ -]to[ -]5 ?k|c ?2 ?5 ?k)"
    r"|(?P<ultra>\bultra(?:-?\w+)?\b|\butmb\b|\bbackyard\b)"
    r"|(?P<half>\b(?:half|semi|demi)[ -]?marathons?\b|\b1/2 marathon\b|\bhalf\b|\bhalfs\b|\bhalves\b"
    r"|\b(?:demi|semi)s?\b(?! ?-? ?heure)|\bhm\b)"
    r"|(?P<marathon>\bmarathon(?:s|er|ers|ien|ienne)?\b|\bbq\b|\bboston[- ]qualif\w*|\b26[.,]2\b|\bfull(?= (?:in|at|this|next)\b))"
    r"|(?P<five>\b(?:five|cinq) ?(?:k|km|kilomet\w+)\b|\bparkruns?\b|\b5,?000 ?m\b)"
    r"|(?P<ten>\b(?:ten|dix) ?(?:k|km|kilomet\w+)\b|\b10,?000 ?m\b)"
    r"|(?P<mile>\b(?:the|one|1|a fast) ?mile\b(?! (?:a|per|each|mark|into|from|or|away|loop|of|warm)\b)|\b(?<=race a )mile\b|\b(?<=run a )mile\b(?= (?:in|under|at|below))|\bmile (?:pb|pr|time|race)\b|\bun mille\b)"
    r"|(?P<track>\b(?:800|1500|3000|1,500|3,000) ?m(?:et\w+)?\b|\b(?:ten|five|fifteen|twenty) miles?\b)"
    r"|(?<![$\d.,:])(?P<figure>\d{1,3}(?:[.,]\d{1,3})?)[ -]?(?P<unit>km|kms|k|ks|kilom\w+|bornes|mi|miles?|milers?|milles?)\b(?! ?(?:/ ?h|/ ?w|per hour|an hour|a l'heure|par heure|away|from (?:home|here|me)|radius|drive|autour|around me|pain|of gel|steps|a month for|calories|h\b))"
)  # fmt: skip


def distances(text: str, start: int, end: int) -> list[Distance]:
    """The distances named in text[start:end]."""
    found: list[Distance] = []
    for match in _DISTANCES.finditer(text, start, end):
        kind = match.lastgroup
        if match.group("half") in ("half", "demi", "semi", "demis", "semis") and _half_of_something(text, match):
            continue
        if match.group("figure"):
            km = float(match.group("figure").replace(",", ".")) * _UNIT_KM.get(match.group("unit"), 1.0)
            found.append(Distance(_by_length(km, match.group("unit")), match.start(), match.end(), km))
        else:
            names = {"couch": "5k", "five": "5k", "ten": "10k", "mile": "1mile", "track": "other"}
            found.append(Distance(names.get(kind or "", kind or ""), match.start(), match.end()))
    return found[:MOST_IN_A_SENTENCE]


def _half_of_something(text: str, match: re.Match[str]) -> bool:
    """Whether this "half" is of an hour, a mile, the body… and no race."""
    before = text[max(0, match.start() - 14) : match.start()].split()
    after = re.match(r"[ -]*([a-z']+)?", text[match.end() : match.end() + 14])
    following = (after.group(1) or "") if after else ""
    if match.group("half") != "half":
        return following in ("heure", "heures", "finale", "mesure", "tour", "litre") or before[-1:] in (["et"], ["heure"], ["heures"])
    if following in _NOT_AFTER_HALF or (before and before[-1] in _NOT_BEFORE_HALF):
        return True
    return before[-2:] in (["the", "first"], ["and", "a"], ["et", "un"]) or before[-1:] in (["et"], ["heures"], ["heure"], ["and"])


def times(text: str, start: int, end: int) -> list[Time]:
    """The times named in text[start:end] that may be results or targets: no paces, no hours of the day, no spans."""
    found: list[Time] = []
    for pattern, read in _READERS:
        for match in pattern.finditer(text, start, end):
            if any(t.start < match.end() and match.start() < t.end for t in found):
                continue
            readings = read(match)
            time = _time(text, start, end, match, readings) if readings else None
            if time:
                found.append(time)
    return sorted(found, key=lambda t: t.start)[:MOST_IN_A_SENTENCE]


def _time(text: str, start: int, end: int, match: re.Match[str], readings: list[tuple[int, int]]) -> Time | None:
    before, after = text[max(start, match.start() - 40) : match.start()], text[match.end() : min(end, match.end() + 30)]
    if _PACE.match(after) or _PACE_BEFORE.search(before) or _OF_DAY.match(after):
        return None
    less = bool(_BEFORE.search(before) or _AFTER.match(after)) or match.re is _ANYTHING_UNDER
    timed = match.re in (_CLOCK, _ANYTHING_UNDER, _GLUED, _SOMETHING)
    if not timed and not less and (_SPAN_BEFORE.search(before) or _LENGTH_AFTER.match(after)):
        return None
    return Time(tuple(readings), less, match.start(), match.end())


def _clock(match: re.Match[str]) -> list[tuple[int, int]]:
    first, second, third = match.groups()
    if third:
        least = int(first) * HOUR + (0 if second == "xx" else int(second)) * MINUTE
        return [(least, least + 59)] if third == "xx" else [(least + int(third), least + int(third))]
    if second == "xx":
        return [
            (int(first) * MINUTE, int(first) * MINUTE + 59),
            (int(first) * HOUR, int(first) * HOUR + 59 * MINUTE + 59),
        ]
    short = int(first) * MINUTE + int(second)
    return [(n, n) for n in ([short, short * 60] if int(first) <= 36 else [short])]


def _something(match: re.Match[str]) -> list[tuple[int, int]]:
    """ "43-something": any of that minute."""
    least = int(match.group(1)) * MINUTE
    return [(least, least + 59)]


def _hours(match: re.Match[str]) -> list[tuple[int, int]]:
    count, half, tail, minutes = match.groups()
    seconds = _number(count) * HOUR + (HOUR // 2 if half else 0)
    if tail:
        seconds += HOUR // 4 if "quart" in tail else HOUR // 2
    elif minutes:
        if _number(minutes) > 59:
            return []
        seconds += _number(minutes) * MINUTE
    return [(seconds, seconds)]


def _glued(match: re.Match[str]) -> list[tuple[int, int]]:
    seconds = int(match.group(1)) * HOUR + int(match.group(2)) * MINUTE
    return [(seconds, seconds)]


def _decimal_hours(match: re.Match[str]) -> list[tuple[int, int]]:
    seconds = int(match.group(1)) * HOUR + int(match.group(2)) * HOUR // 10
    return [(seconds, seconds)]


def _minutes(match: re.Match[str]) -> list[tuple[int, int]]:
    seconds = _number(match.group(1)) * MINUTE + (_number(match.group(2)) if match.group(2) else 0)
    return [(seconds, seconds)]


def _and_something(match: re.Match[str]) -> list[tuple[int, int]]:
    seconds = HOUR + _number(match.group(1) or match.group(2)) * MINUTE
    return [(seconds, seconds)]


def _spoken(match: re.Match[str]) -> list[tuple[int, int]]:
    seconds = _number(match.group(1)) * HOUR + _number(match.group(3)) * MINUTE
    return [(seconds, seconds)]


def _bare(match: re.Match[str]) -> list[tuple[int, int]]:
    """ "sub 4", "sub-20", "sous les 50": hours or minutes, as the distance allows."""
    n = _number(match.group(1))
    return [(n * MINUTE, n * MINUTE), (n * HOUR, n * HOUR)] if n < 300 else [(n % 100 * MINUTE + n // 100 * HOUR,) * 2]


def _number(text: str) -> int:
    return int(text) if text.isdigit() else numbers().get(text, 0)


def _by_length(km: float, unit: str) -> str:
    named = ((5.0, "5k"), (10.0, "10k"), (21.1, "half"), (42.2, "marathon"))
    for length, name in named:
        if abs(km - length) < 0.25 and unit not in _UNIT_KM or abs(km - length) < 0.03 * length and length > 20:
            return name
    return "ultra" if km > 43 else "other"


_READERS = (
    (_CLOCK, _clock),
    (_SOMETHING, _something),
    (_GLUED, _glued),
    (_DECIMAL_HOURS, _decimal_hours),
    (_AND_SOMETHING, _and_something),
    (_HOURS, _hours),
    (_MINUTES, _minutes),
    (_ANYTHING_UNDER, _bare),
    (_SPOKEN, _spoken),
)
