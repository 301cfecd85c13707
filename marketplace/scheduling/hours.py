"""Working hours and spans of time. Pure: a coach's local windows go in, spans of UTC minutes come out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from marketplace.scheduling.walltime import DAY, minute_from, minute_of, stretches

GRANULE = 5
"""Minutes: windows, lengths, intervals and buffers are multiples of it."""

Span = tuple[int, int]
"""UTC minutes [from, until)."""


class Window(NamedTuple):
    """Wall minutes [start, end) of a local date; 1440 is midnight at its end.

    Hours over midnight are two windows that touch, one on each date.
    """

    start: int
    end: int


Weekly = Mapping[int, Sequence[Window]]
"""Windows by weekday; Monday is 0."""


@dataclass(frozen=True, slots=True)
class Season:
    """Other weekly hours from one day of each year to another, both counted, as (month, day); over New Year too."""

    first: tuple[int, int]
    last: tuple[int, int]
    weekly: Weekly

    def holds(self, on: date) -> bool:
        """Whether a local date lies in it."""
        day = (on.month, on.day)
        if self.first <= self.last:
            return self.first <= day <= self.last
        return day >= self.first or day <= self.last


Part = tuple[int, int, int, int]
"""A stretch of working time in UTC minutes [start, end), the start of the grid that its window offers, and the ordinal
of its local date."""


@dataclass(frozen=True)
class Hours:
    """A coach's working hours. What is said of a date itself (`exceptions`) goes before `time_off` (first and last
    date), this before `holidays`, these before `seasons` and the usual `weekly` hours.

    A window of an exception may end past 1440: the rest of it belongs to the next date, beside that date's own hours.
    """

    zone: str
    weekly: Weekly
    exceptions: Mapping[date, Sequence[Window]] = field(default_factory=dict)
    seasons: Sequence[Season] = ()
    time_off: Sequence[tuple[date, date]] = ()
    holidays: frozenset[date] = frozenset()

    def of(self, on: date) -> Sequence[Window]:
        """The windows that start on a local date, in order, those that touch merged."""
        dated = self._dated.get(on.toordinal())
        return self._in_season(on) if dated is None else dated

    def is_away(self, on: date) -> bool:
        """Whether she is off on a local date that has no hours of its own."""
        return on not in self.exceptions and any(first <= on <= last for first, last in self.time_off)

    def is_holiday(self, on: date) -> bool:
        """Whether a holiday closes a local date."""
        return on in self.holidays and on not in self.exceptions and not self.is_away(on)

    def parts(self, first: int, last: int) -> list[Part]:
        """The working time of the local dates with these ordinals, both counted, in order."""
        found: list[Part] = []
        zone, dated, usual, seasons = self.zone, self._dated, self._usual, self.seasons
        for number in range(first, last + 1):
            on = date.fromordinal(number)
            windows: Sequence[Window] | None = dated.get(number)
            if windows is None:
                windows = self._in_season(on) if seasons else usual[(number - 1) % 7]
            if not windows:
                continue
            day = stretches(zone, on)
            if len(day) == 1 and day[0][1] == DAY and day[0][0] == 0:
                to_utc = day[0][2]
                for start, end in windows:
                    found.append((start + to_utc, end + to_utc, start + to_utc, number))
                continue
            for window in windows:
                parts = expand(zone, on, window)
                found += [(start, end, parts[0][0], number) for start, end in parts]
        return found

    def _in_season(self, on: date) -> Sequence[Window]:
        for season, by_weekday in zip(self.seasons, self._of_seasons, strict=True):
            if season.holds(on):
                return by_weekday[on.weekday()]
        return self._usual[on.weekday()]

    @cached_property
    def _usual(self) -> list[list[Window]]:
        return by_weekday(self.weekly)

    @cached_property
    def _of_seasons(self) -> list[list[list[Window]]]:
        return [by_weekday(season.weekly) for season in self.seasons]

    @cached_property
    def _dated(self) -> dict[int, list[Window]]:
        """The windows of dates that are unlike their weekday, by ordinal."""
        found: dict[int, list[Window]] = {on.toordinal(): [] for on in self.holidays}
        for first, last in self.time_off:
            found |= {number: [] for number in range(first.toordinal(), last.toordinal() + 1)}
        for on, windows in self.exceptions.items():
            found[on.toordinal()] = [Window(start, min(end, DAY)) for start, end in windows]
        for on, windows in self.exceptions.items():
            over = [Window(0, end - DAY) for _, end in windows if end > DAY]
            if over:
                following = on + timedelta(days=1)
                own = found.get(following.toordinal())
                found[following.toordinal()] = [*(self._in_season(following) if own is None else own), *over]
        return {number: joined(windows) for number, windows in found.items()}


def by_weekday(weekly: Weekly) -> list[list[Window]]:
    """Seven days, Monday first, their windows in order and merged."""
    return [joined(weekly.get(day, ())) for day in range(7)]


def joined(windows: Iterable[Window]) -> list[Window]:
    """Windows of one date in order, those that touch or overlap merged, empty ones left out."""
    return [Window(start, end) for start, end in merged(windows)]


def without(windows: Iterable[Window], gone: Window) -> list[Window]:
    """Windows of one date in order, with a stretch cut out of them."""
    cut = [
        part
        for start, end in windows
        for part in (Window(start, min(end, gone.start)), Window(max(start, gone.end), end))
    ]
    return joined(cut)


def expand(zone: str, on: date, window: Window) -> list[Span]:
    """A window of a local date in UTC minutes: in parts where clocks change, none where all of it is skipped."""
    parts = [(max(window.start, part.start), min(window.end, part.end), part.to_utc) for part in stretches(zone, on)]
    return [(start + to_utc, end + to_utc) for start, end, to_utc in parts if start < end]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap run together, empty ones left out."""
    run: list[Span] = []
    until = -1 << 62
    for start, end in sorted(spans):
        if start >= end:
            continue
        if start > until:
            run.append((start, end))
            until = end
        elif end > until:
            run[-1] = (run[-1][0], end)
            until = end
    return run


def span(starts_at: datetime, ends_at: datetime) -> Span:
    """The UTC minutes that two instants enclose, rounded outwards."""
    return minute_of(starts_at), minute_from(ends_at)


def granules(since: int, until: int) -> range:
    """The numbers of the 5-minute granules that the UTC minutes [since, until) touch."""
    return range(since // GRANULE, -(-until // GRANULE))


def days(first: date, last: date) -> Iterator[date]:
    """The dates from `first` to `last`, both counted."""
    return (first + timedelta(days=day) for day in range((last - first).days + 1))
