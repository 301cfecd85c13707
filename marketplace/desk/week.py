"""A week of working hours while it is being typed: rows of two texts each, by weekday. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

MOST_ROWS = 12
"""In one day."""
DAYS = range(7)
DAY = 24 * 60
MOST_OVERNIGHT = 12 * 60
"""Minutes; hours that run on longer over midnight are a slip: an end in the morning that was meant in the evening."""


class Row(NamedTuple):
    """From and to as typed: "09:00", or empty."""

    starts: str = ""
    ends: str = ""

    @property
    def overnight_minutes(self) -> int:
        """How long it runs where it ends on the next date; 0 for hours of one day, and for what is no time yet."""
        try:
            start, end = (int(text[:2]) * 60 + int(text[3:]) for text in self)
        except ValueError:
            return 0
        return end + DAY - start if 0 < end < start else 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not self.starts and not self.ends


FIRST = Row("09:00", "17:00")
Week = tuple[tuple[Row, ...], ...]
"""Seven days, Monday first."""
BEGINNINGS: Mapping[str, Mapping[int, Row]] = {
    "evenings": dict.fromkeys(range(5), Row("18:00", "21:00")),
    "days": dict.fromkeys(range(5), FIRST),
    "saturday": {5: Row("09:00", "12:00")},
}
"""Weeks to begin with, by weekday."""


def typed(values: Callable[[str], Sequence[str]]) -> Week:
    """The week as a form sent it: `from-0` and `to-0` hold Monday's rows, and so on."""
    return tuple(rows(values(f"from-{day}"), values(f"to-{day}")) for day in DAYS)


def rows(starts: Sequence[str], ends: Sequence[str]) -> tuple[Row, ...]:
    """Rows of the fields of one day, in order."""
    pairs = zip(starts, ends, strict=False)
    return tuple(Row(start.strip(), end.strip()) for start, end in pairs)[:MOST_ROWS]


def kept(windows: Mapping[int, Iterable[tuple[int, int]]]) -> Week:
    """The week as it is kept, in minutes after midnight. Midnight at the end of a day reads "00:00"."""
    return tuple(tuple(Row(written(start), written(end)) for start, end in windows.get(day, ())) for day in DAYS)


def begun(names: Iterable[str]) -> Week:
    """A week made of those BEGINNINGS; names that are none are passed over."""
    chosen = [BEGINNINGS[name] for name in dict.fromkeys(names) if name in BEGINNINGS]
    return tuple(tuple(each[day] for each in chosen if day in each) for day in DAYS)


def with_row(week: Week, day: int) -> Week:
    """One row more on a day; the first of a day is filled in as a beginning."""
    new = Row() if week[day] else FIRST
    return _replaced(week, {day: (*week[day], new)[:MOST_ROWS]})


def without_row(week: Week, day: int, number: int) -> Week:
    """One row less on a day."""
    return _replaced(week, {day: week[day][:number] + week[day][number + 1 :]})


def copied(week: Week, source: int, targets: Iterable[int]) -> Week:
    """A day's rows on other days too, in place of theirs."""
    return _replaced(week, dict.fromkeys(targets, week[source]))


def without_empty(week: Week) -> Week:
    """The same without the rows that nothing was typed into."""
    return tuple(tuple(row for row in rows if not row.is_empty) for rows in week)


def filled(week: Week) -> Iterator[tuple[int, int, Row]]:
    """(day, number, row) of every row that something was typed into."""
    return ((day, number, row) for day in DAYS for number, row in enumerate(week[day]) if not row.is_empty)


def _replaced(week: Week, days: Mapping[int, tuple[Row, ...]]) -> Week:
    return tuple(days.get(day, rows) for day, rows in enumerate(week))


def written(minutes: int) -> str:
    """ "09:30"; midnight at the end of a day reads "00:00"."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"
