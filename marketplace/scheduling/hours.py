"""Working hours and spans of time. Pure: a coach's local windows go in, spans of UTC minutes come out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from marketplace.scheduling.walltime import DAY, minute_from, minute_of, stretches

GRANULE = 5
"""Minutes: windows, lengths, intervals and buffers are multiples of it."""

Span = tuple[int, int]
"""UTC minutes [from, until)."""


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """Wall minutes [start, end) of a local date; 1440 is midnight at its end.

    Hours over midnight are two windows that touch, one on each date.
    """

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hours:
    """A coach's working hours: `weekly` by weekday (Monday is 0); `exceptions` go before, by date.

    A window of an exception may end past 1440: the rest of it belongs to the next date, beside that date's own hours.
    """

    zone: str
    weekly: Mapping[int, Sequence[Window]]
    exceptions: Mapping[date, Sequence[Window]] = field(default_factory=dict)

    def of(self, on: date) -> list[Window]:
        """The windows that start on a local date, in order, those that touch merged."""
        own = self.exceptions[on] if on in self.exceptions else self.weekly.get(on.weekday(), ())
        over = [window for window in self.exceptions.get(on - timedelta(days=1), ()) if window.end > DAY]
        windows = [Window(window.start, min(window.end, DAY)) for window in own]
        windows += [Window(0, window.end - DAY) for window in over]
        merged: list[Window] = []
        for window in sorted(windows):
            if merged and window.start <= merged[-1].end:
                merged[-1] = Window(merged[-1].start, max(merged[-1].end, window.end))
            elif window.start < window.end:
                merged.append(window)
        return merged


def expand(zone: str, on: date, window: Window) -> list[Span]:
    """A window of a local date in UTC minutes: in parts where clocks change, none where all of it is skipped."""
    parts = [(max(window.start, part.start), min(window.end, part.end), part.to_utc) for part in stretches(zone, on)]
    return [(start + to_utc, end + to_utc) for start, end, to_utc in parts if start < end]


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap run together, empty ones left out."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def span(starts_at: datetime, ends_at: datetime) -> Span:
    """The UTC minutes that two instants enclose, rounded outwards."""
    return minute_of(starts_at), minute_from(ends_at)


def granules(since: int, until: int) -> range:
    """The numbers of the 5-minute granules that the UTC minutes [since, until) touch."""
    return range(since // GRANULE, -(-until // GRANULE))


def days(first: date, last: date) -> Iterator[date]:
    """The dates from `first` to `last`, both counted."""
    return (first + timedelta(days=day) for day in range((last - first).days + 1))
