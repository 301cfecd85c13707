"""Finding times in folded text: "25:xx", "1h45", "sub-25", "deux heures et demie";
no paces, hours of the day or spans.
"""

import re
from collections.abc import Callable

from marketplace.knowledge.need.clockings import FASTEST_KM, HOUR, MINUTE, MOST_IN_A_SENTENCE, Reading, Time, pattern
from marketplace.knowledge.need.numbers import number

MOST_READ = 2 * MOST_IN_A_SENTENCE
WIDEST_RANGE = 1.25  # of the faster end
LAST_HOUR_READ_SHORT = 36  # "25:40" may be hours and minutes only up to so many hours


def times(text: str, start: int, end: int) -> list[Time]:
    """The times named in text[start:end] that may be results or targets, at most a dozen."""
    found: list[Time] = []
    for name, read in _READERS.items():
        for match in pattern(name).finditer(text, start, end):
            if len(found) >= MOST_READ:
                break
            if any(t.start < match.end() and match.start() < t.end for t in found):
                continue
            if (readings := read(match)) and (time := _time(text, start, end, match, name, readings)):
                found.append(time)
    return _ranges(text, sorted(found, key=lambda t: t.start)[:MOST_IN_A_SENTENCE])


def _ranges(text: str, found: list[Time]) -> list[Time]:
    """The times, with two that make a range ("1:45-1:50", "between 3:30 and 3:40") as one."""
    joined: list[Time] = []
    for time in found:
        before = joined[-1] if joined else None
        whole = _range(text, before, time) if before and not (before.less or time.less) else None
        if whole:
            joined[-1] = whole
        else:
            joined.append(time)
    return joined


def _range(text: str, first: Time, last: Time) -> Time | None:
    """One time of two, when only "to" stands between and the second is a little slower."""
    between = text[first.end : last.start]
    loose = between.strip() in ("and", "or", "et", "ou")
    if not pattern("range_between").match(between):
        return None
    if loose and not pattern("range_opens").search(text[max(0, first.start - 20) : first.start]):
        return None
    pairs = [(a[0], b[1]) for a in first.readings for b in last.readings if a[0] < b[0] <= WIDEST_RANGE * a[0]]
    return Time(tuple(pairs), False, first.start, last.end) if pairs else None


def _time(text: str, start: int, end: int, match: re.Match[str], name: str, readings: list[Reading]) -> Time | None:
    before = text[max(start, match.start() - 40) : match.start()]
    after = text[match.end() : min(end, match.end() + 30)]
    if pattern("pace_after").match(after) or pattern("of_day").match(after):
        return None
    if pattern("pace_before").search(before) and readings[0][0] >= FASTEST_KM:
        return None
    less = bool(
        name in ("anything_under", "dotted")
        or (name == "leading" and len(readings) > 1)
        or pattern("less_before").search(before)
        or pattern("less_after").match(after)
    )
    if name in ("the_hour", "half_hour") and not less:
        return None
    plain = less or name in ("leading", "clock", "glued", "something", "flat")
    if not plain and (pattern("span_before").search(before) or pattern("length_after").match(after)):
        return None
    return Time(tuple(readings), less, match.start(), match.end())


def _clock(match: re.Match[str]) -> list[Reading]:
    """ "1:38:12", "25:xx", and "1:45", which may be minutes or hours."""
    first, second, third = match.groups()
    if third:
        least = int(first) * HOUR + (0 if second == "xx" else int(second)) * MINUTE
        return [(least, least + 59)] if third == "xx" else _exactly(least + int(third))
    if second == "xx":
        return [(int(first) * unit, (int(first) + 1) * unit - 1) for unit in (MINUTE, HOUR)]
    short = int(first) * MINUTE + int(second)
    return _exactly(short) + (_exactly(short * 60) if int(first) <= LAST_HOUR_READ_SHORT else [])


def _something(match: re.Match[str]) -> list[Reading]:
    """ "43-something": any of that minute."""
    least = int(match.group(1)) * MINUTE
    return [(least, least + 59)]


def _flat(match: re.Match[str]) -> list[Reading]:
    """ "19 flat": to the second."""
    return _exactly(number(match.group(1)) * MINUTE)


def _hours(match: re.Match[str]) -> list[Reading]:
    count, part, tail, minutes = match.groups()
    seconds = number(count) * HOUR + _part(part)
    if tail:
        return _exactly(seconds + _part(tail))
    more = number(minutes) if minutes else 0
    return _exactly(seconds + more * MINUTE) if more < 60 else []


def _part(written: str | None) -> int:
    """The seconds of "half", "et quart", "three quarters" of an hour."""
    if not written:
        return 0
    return HOUR // 2 if "quart" not in written else HOUR * 3 // 4 if "three" in written else HOUR // 4


def _glued(match: re.Match[str]) -> list[Reading]:
    return _exactly(int(match.group(1)) * HOUR + int(match.group(2)) * MINUTE)


def _decimal_hours(match: re.Match[str]) -> list[Reading]:
    return _exactly(int(match.group(1)) * HOUR + int(match.group(2)) * HOUR // 10)


def _minutes(match: re.Match[str]) -> list[Reading]:
    return _exactly(number(match.group(1)) * MINUTE + number(match.group(2) or ""))


def _hour_and(match: re.Match[str]) -> list[Reading]:
    return _exactly(HOUR + number(match.group(1) or match.group(2)) * MINUTE)


def _spoken(match: re.Match[str]) -> list[Reading]:
    return _exactly(number(match.group(1)) * HOUR + number(match.group(3)) * MINUTE)


def _under(match: re.Match[str]) -> list[Reading]:
    """ "sub 4", "sub-20", "sous les 50": minutes or hours, as the distance allows; "sub 345" is three forty-five."""
    n = number(match.group(1))
    return _exactly(n * MINUTE) + _exactly(n * HOUR) if n < 300 else _exactly(n // 100 * HOUR + n % 100 * MINUTE)


def _hour_half(match: re.Match[str]) -> list[Reading]:
    """ "sous l'heure et demie"."""
    return _exactly(HOUR + HOUR // 2)


def _seconds(match: re.Match[str]) -> list[Reading]:
    """ "27 seconds": over a sprint."""
    return _exactly(number(match.group(1)))


def _the_hour(match: re.Match[str]) -> list[Reading]:
    """ "sous l'heure"."""
    return _exactly(HOUR)


def _half_hour(match: re.Match[str]) -> list[Reading]:
    """ "under half an hour"."""
    return _exactly(HOUR // 2)


def _leading(match: re.Match[str]) -> list[Reading]:
    """ "starts with a 1": less than the next ten minutes, or the next hour; "starts with 46": any of that minute."""
    leads = number(match.group(1) or match.group(2))
    if leads >= 10:
        return [(leads * MINUTE, leads * MINUTE + MINUTE - 1)]
    return _exactly((leads + 1) * 10 * MINUTE) + _exactly((leads + 1) * HOUR)


def _minutes_range(match: re.Match[str]) -> list[Reading]:
    """ "50-55 minutes"."""
    low, high = int(match.group(1)), int(match.group(2))
    return [(low * MINUTE, high * MINUTE)] if low < high <= WIDEST_RANGE * low else []


def _hours_range(match: re.Match[str]) -> list[Reading]:
    """ "11 to 12 hours"."""
    low, high = int(match.group(1)), int(match.group(2))
    return [(low * HOUR, high * HOUR)] if low < high <= WIDEST_RANGE * low else []


def _exactly(seconds: int) -> list[Reading]:
    return [(seconds, seconds)]


_READERS: dict[str, Callable[[re.Match[str]], list[Reading]]] = {
    "minutes_range": _minutes_range,
    "hours_range": _hours_range,
    "leading": _leading,
    "half_hour": _half_hour,
    "hour_half": _hour_half,
    "the_hour": _the_hour,
    "clock": _clock,
    "dotted": _clock,
    "something": _something,
    "flat": _flat,
    "glued": _glued,
    "decimal_hours": _decimal_hours,
    "hour_and": _hour_and,
    "hours": _hours,
    "minutes": _minutes,
    "spoken": _spoken,
    "anything_under": _under,
    "seconds": _seconds,
}
