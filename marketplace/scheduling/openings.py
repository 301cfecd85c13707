"""What is bookable. Pure: hours, rules and what is taken go in, openings come out.

Showing (`openings`) and committing (`why_closed`, `is_open`) walk through the same test of one start. Wall times are
expanded to UTC per local date (walltime.py); from there on all is integer arithmetic on UTC minutes since 1970.

Choices where a sentence of the rules leaves room:
- the hour that an autumn night repeats is worked once, the first time round;
- buffers may reach outside the hours, but not into anything taken;
- the booking window is counted in whole days of 24 hours, so that nobody's clock change stretches it.
"""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from marketplace.scheduling.hours import Hours, Span, days, expand, merged
from marketplace.scheduling.walltime import DAY, instant_of, local_date, minute_from, minute_of, start_of

HORIZON_DAYS = 90
"""The furthest that anybody may book ahead: Stripe keeps money no longer than this in Canada."""


class Reason(StrEnum):
    """Why a start can't be booked."""

    PAST = "past"
    OFF_GRID = "off-grid"
    OUTSIDE_HOURS = "outside-hours"
    TOO_FAR = "too-far"
    TOO_SOON = "too-soon"
    TAKEN = "taken"
    DAY_FULL = "day-full"
    WEEK_FULL = "week-full"

    @property
    def was_never_open(self) -> bool:
        """Whether asking for it was a mistake, rather than a moment too late."""
        return self in (Reason.PAST, Reason.OFF_GRID, Reason.OUTSIDE_HOURS, Reason.TOO_FAR)


@dataclass(frozen=True, slots=True)
class Rules:
    """How an offer may be booked. Lengths in minutes; `horizon_days` counts whole days of 24 hours from now.

    `same_day` False asks for a later local date of the coach than today's, whatever the lead time.
    """

    minutes: int
    interval: int
    buffer_before: int = 0
    buffer_after: int = 0
    lead_hours: int = 0
    same_day: bool = True
    horizon_days: int = HORIZON_DAYS
    per_day: int | None = None
    per_week: int | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands in the way; UTC minutes.

    `spans`: claimed by visits and holds (buffers included).
    `visits`: the starts of the coach's visits, which count towards her limits.
    `outside`: busy in calendars kept elsewhere.
    """

    spans: Sequence[Span] = ()
    visits: Sequence[int] = ()
    outside: Sequence[Span] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """An open start, and the instant until which it can be booked: its lead time is kept."""

    at: datetime
    until: datetime


class Calendar:
    """A coach's time under the rules of one offer, as it stands at `now`."""

    def __init__(self, hours: Hours, rules: Rules, taken: Taken, now: datetime) -> None:
        self.hours, self.rules = hours, rules
        self._taken = merged([*taken.spans, *taken.outside])
        self._taken_from = [start for start, _ in self._taken]
        self._now = minute_of(now)
        self._soonest = minute_from(now) + rules.lead_hours * 60
        if not rules.same_day:
            tomorrow = local_date(hours.zone, self._now) + timedelta(days=1)
            self._soonest = max(self._soonest, start_of(hours.zone, tomorrow))
        self._latest = self._now + min(rules.horizon_days, HORIZON_DAYS) * DAY
        on = [local_date(hours.zone, start) for start in taken.visits]
        self._on_day = Counter(on)
        self._in_week = Counter(_monday(day) for day in on)

    def between(self, since: int, until: int) -> list[int]:
        """All open starts in the UTC minutes [since, until), in order."""
        since, until = max(since, self._soonest), min(until, self._latest + 1)
        if since >= until:
            return []
        first, last = self._dates(since, until)
        grid = sorted(start for start in self._grid(first, last) if since <= start < until)
        work = self._work(first, last)
        return [start for start in grid if self._refusal(start, work) is None]

    def next_after(self, since: int) -> int | None:
        """The first open start at or after a UTC minute, looked for week by week."""
        since = max(since, self._soonest)
        while since <= self._latest:
            found = self.between(since, since + 7 * DAY)
            if found:
                return found[0]
            since += 7 * DAY
        return None

    def why_closed(self, start: int) -> Reason | None:
        """Why a visit can't start at a UTC minute; None when it can."""
        if start < self._now:
            return Reason.PAST
        first, last = self._dates(start, start + 1)
        work = self._work(first, last)
        if not _inside(work, start, start + self.rules.minutes):
            return Reason.OUTSIDE_HOURS
        if start not in self._grid(first, last):
            return Reason.OFF_GRID
        return self._refusal(start, work)

    def _refusal(self, start: int, work: list[Span]) -> Reason | None:
        """The one test of a start on the grid, for showing and for committing."""
        end = start + self.rules.minutes
        if not _inside(work, start, end):
            return Reason.OUTSIDE_HOURS
        if start > self._latest:
            return Reason.TOO_FAR
        if start < self._soonest:
            return Reason.TOO_SOON
        if self._is_taken(start - self.rules.buffer_before, end + self.rules.buffer_after):
            return Reason.TAKEN
        return self._over_limit(start)

    def _over_limit(self, start: int) -> Reason | None:
        per_day, per_week = self.rules.per_day, self.rules.per_week
        if per_day is None and per_week is None:
            return None
        on = local_date(self.hours.zone, start)
        if per_day is not None and self._on_day[on] >= per_day:
            return Reason.DAY_FULL
        if per_week is not None and self._in_week[_monday(on)] >= per_week:
            return Reason.WEEK_FULL
        return None

    def _is_taken(self, since: int, until: int) -> bool:
        before = bisect_left(self._taken_from, until)
        return before > 0 and self._taken[before - 1][1] > since

    def _dates(self, since: int, until: int) -> tuple[date, date]:
        """First and last local date whose windows may hold a visit that starts in [since, until)."""
        first = local_date(self.hours.zone, since) - timedelta(days=2)
        last = local_date(self.hours.zone, until + self.rules.minutes) + timedelta(days=1)
        return first, last

    def _work(self, first: date, last: date) -> list[Span]:
        """The working time of those dates in UTC, windows that touch run together."""
        dates = days(first, last)
        return merged(
            part for on in dates for window in self.hours.of(on) for part in expand(self.hours.zone, on, window)
        )

    def _grid(self, first: date, last: date) -> set[int]:
        """The starts that the windows of those dates offer, fitting or not."""
        starts: set[int] = set()
        for on in days(first, last):
            for window in self.hours.of(on):
                parts = expand(self.hours.zone, on, window)
                if parts:
                    starts.update(range(parts[0][0], parts[-1][1], self.rules.interval))
        return starts


def openings(
    hours: Hours, rules: Rules, taken: Taken, *, now: datetime, between: tuple[datetime, datetime]
) -> list[datetime]:
    """All starts that can be booked in [between), as UTC instants in order."""
    found = Calendar(hours, rules, taken, now).between(minute_from(between[0]), minute_from(between[1]))
    return [instant_of(start) for start in found]


def starts(
    hours: Hours, rules: Rules, taken: Taken, *, now: datetime, between: tuple[datetime, datetime]
) -> list[Start]:
    """The same with the instant until which each can be booked: its lead time before, or the eve of its local date."""
    lead = timedelta(hours=rules.lead_hours)
    found = openings(hours, rules, taken, now=now, between=between)
    if rules.same_day:
        return [Start(at, at - lead) for at in found]
    zone = hours.zone
    eves = [instant_of(start_of(zone, local_date(zone, minute_of(at)))) for at in found]
    return [Start(at, min(at - lead, eve)) for at, eve in zip(found, eves, strict=True)]


def why_closed(hours: Hours, rules: Rules, taken: Taken, *, now: datetime, start: datetime) -> Reason | None:
    """Why a visit can't start at an aware instant; None when it can be booked."""
    if start < now:
        return Reason.PAST
    if minute_of(start) != minute_from(start):
        return Reason.OFF_GRID
    return Calendar(hours, rules, taken, now).why_closed(minute_of(start))


def is_open(hours: Hours, rules: Rules, taken: Taken, *, now: datetime, start: datetime) -> bool:
    """Whether a visit may start at an aware instant."""
    return why_closed(hours, rules, taken, now=now, start=start) is None


def _inside(work: list[Span], start: int, end: int) -> bool:
    at = bisect_right(work, (start, 1 << 62)) - 1
    return at >= 0 and work[at][0] <= start and end <= work[at][1]


def _monday(on: date) -> date:
    return on - timedelta(days=on.weekday())
