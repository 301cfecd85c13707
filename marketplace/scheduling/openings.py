"""What is bookable. Pure: hours, rules and what is taken go in, openings come out.

Wall times are expanded to UTC per local date (walltime.py, hours.py); from there on all is integer arithmetic on UTC
minutes since 1970. Whatever is taken is turned into stretches in which a visit can't start; what is left of the grid
between them is open. Showing (`Calendar.between`) and committing (`Calendar.is_open`) are that same walk; why a
start is closed is asked afterwards (closed.py), and never decides anything.

Choices where a sentence of the rules leaves room:
- the hour that an autumn night repeats is worked once, the first time round;
- buffers may reach outside the hours, but not into anything taken;
- the booking window is counted in whole days of 24 hours, so that nobody's clock change stretches it;
- who joins a group visit needs no free time of the coach, no place under her limits, and no grid.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import NamedTuple

from marketplace.scheduling.hours import Hours, Part, Span, merged
from marketplace.scheduling.walltime import DAY, by_date, local_date, minute_from, minute_of, start_of

HORIZON_DAYS = 90
"""The furthest that anybody may book ahead: Stripe keeps money no longer than this in Canada."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How an offer may be booked. Lengths in minutes; `horizon_days` counts whole days of 24 hours from now.

    `same_day` False asks for a later local date of the coach than today's, whatever the lead time. `first_day` and
    `last_day` are local dates of hers, both counted. Limits hold for all of her visits together. `travel` keeps so
    much free between this offer's `place` and visits at others ("" is her desk).
    """

    minutes: int
    interval: int
    buffer_before: int = 0
    buffer_after: int = 0
    lead_hours: int = 0
    same_day: bool = True
    horizon_days: int = HORIZON_DAYS
    first_day: date | None = None
    last_day: date | None = None
    per_day: int | None = None
    per_week: int | None = None
    minutes_per_day: int | None = None
    minutes_per_week: int | None = None
    travel: int = 0
    place: str = ""

    @property
    def are_limited(self) -> bool:
        """Whether a day or a week can be full."""
        return not (self.per_day is self.per_week is self.minutes_per_day is self.minutes_per_week is None)


class Visited(NamedTuple):
    """A visit in UTC minutes [start, end), without its buffers, and where it is ("": at the coach's desk)."""

    start: int
    end: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What stands in the way; UTC minutes.

    `spans`: claimed by visits and holds, buffers included. `outside`: busy in calendars kept elsewhere. `visits`: what
    counts towards the limits and is travelled between. `seats`: by the start of group visits of the offer asked for,
    how many seats are left.
    """

    spans: Sequence[Span] = ()
    visits: Sequence[Visited] = ()
    outside: Sequence[Span] = ()
    seats: Mapping[int, int] = field(default_factory=dict)


Start = tuple[int, int]
"""An open start, and until when it can be booked for its lead time, both as UTC minutes."""


class Calendar:
    """A coach's time under the rules of one offer, as it stands at `now`."""

    def __init__(self, hours: Hours, rules: Rules, taken: Taken, now: datetime) -> None:
        self.hours, self.rules, self.taken = hours, rules, taken
        self.now = minute_of(now)
        self.soonest = minute_from(now) + rules.lead_hours * 60
        if not rules.same_day:
            tomorrow = local_date(hours.zone, self.now) + timedelta(days=1)
            self.soonest = max(self.soonest, start_of(hours.zone, tomorrow))
        self.latest = self.now + min(rules.horizon_days, HORIZON_DAYS) * DAY
        self.range = self._range()
        self._barred = self._barred_starts()
        self._full = self.full_days() if rules.are_limited else frozenset()

    def between(self, since: int, until: int) -> list[int]:
        """All open starts in the UTC minutes [since, until), in order."""
        since, until = max(since, self.soonest, self.range[0]), min(until, self.latest + 1, self.range[1])
        if since >= until:
            return []
        found: list[int] = []
        parts, barred, at = self.parts(since, until), self._barred, 0
        interval, count, full = self.rules.interval, len(barred), self._full
        for (start, end, grid, ordinal), fits in zip(parts, self._last_fits(parts), strict=True):
            last = end if end < until else until
            last = last - 1 if last <= fits else fits
            first = start if start >= since else since
            first += (grid - first) % interval
            if first > last or ordinal in full:
                continue
            while first <= last:
                while at < count and barred[at][1] <= first:
                    at += 1
                if at == count or barred[at][0] > last:
                    found.extend(range(first, last + 1, interval))
                    break
                if barred[at][0] > first:
                    found.extend(range(first, barred[at][0], interval))
                first = barred[at][1]
                first += (grid - first) % interval
        joinable = [start for start, seats in self.taken.seats.items() if seats > 0 and since <= start < until]
        return sorted({*found, *joinable}) if joinable else found

    def starts(self, since: int, until: int) -> list[Start]:
        """The same, each with the UTC minute until which it can be booked: its lead time before, or the eve of its
        local date."""
        lead, zone = self.rules.lead_hours * 60, self.hours.zone
        found = self.between(since, until)
        if self.rules.same_day:
            return [(at, at - lead) for at in found]
        eves = ((start_of(zone, on), of_date) for on, of_date in by_date(zone, found))
        return [(at, min(at - lead, eve)) for eve, of_date in eves for at in of_date]

    def next_after(self, since: int) -> int | None:
        """The first open start at or after a UTC minute, looked for in the next two days, then week by week."""
        since, ahead = max(since, self.soonest, self.range[0]), 2 * DAY
        while since <= self.latest and since < self.range[1]:
            found = self.between(since, since + ahead)
            if found:
                return found[0]
            since, ahead = since + ahead, 7 * DAY
        return None

    def is_open(self, start: int) -> bool:
        """Whether a visit may start at a UTC minute."""
        return bool(self.between(start, start + 1))

    def parts(self, since: int, until: int) -> list[Part]:
        """The working time of the local dates whose windows may hold a visit that starts in [since, until)."""
        first = local_date(self.hours.zone, since).toordinal() - 2
        last = local_date(self.hours.zone, until + self.rules.minutes).toordinal() + 1
        return self.hours.parts(first, last)

    def full_days(self) -> frozenset[int]:
        """The ordinals of local dates near her visits on which no more fit under her limits."""
        rules, zone = self.rules, self.hours.zone
        on = [(local_date(zone, each.start).toordinal(), each.end - each.start) for each in self.taken.visits]
        day_counts, week_counts = Counter(day for day, _ in on), Counter(week_number(day) for day, _ in on)
        day_minutes: Counter[int] = Counter()
        week_minutes: Counter[int] = Counter()
        for day, minutes in on:
            day_minutes[day] += minutes
            week_minutes[week_number(day)] += minutes
        days = {day for day, count in day_counts.items() if _is_over(count, 1, rules.per_day)}
        days |= {day for day, used in day_minutes.items() if _is_over(used, rules.minutes, rules.minutes_per_day)}
        weeks = {week for week, count in week_counts.items() if _is_over(count, 1, rules.per_week)}
        weeks |= {week for week, used in week_minutes.items() if _is_over(used, rules.minutes, rules.minutes_per_week)}
        return frozenset(days | {week * 7 + 1 + day for week in weeks for day in range(7)})

    def _range(self) -> Span:
        first, last = self.rules.first_day, self.rules.last_day
        zone = self.hours.zone
        if any(most is not None and self.rules.minutes > most for most in self._most_minutes()):
            return 0, 0
        return (
            start_of(zone, first) if first else 0,
            start_of(zone, last + timedelta(days=1)) if last else 1 << 62,
        )

    def _most_minutes(self) -> tuple[int | None, ...]:
        return self.rules.minutes_per_day, self.rules.minutes_per_week

    def _barred_starts(self) -> list[Span]:
        """Stretches of UTC minutes in which a visit can't start, for what it would run into."""
        rules = self.rules
        before, after = rules.buffer_before, rules.minutes + rules.buffer_after - 1
        spans = [(start - after, end + before) for start, end in (*self.taken.spans, *self.taken.outside)]
        return merged([*spans, *self.out_of_reach()])

    def out_of_reach(self) -> list[Span]:
        """Stretches in which a visit can't start, for the way to a visit elsewhere."""
        rules = self.rules
        away = rules.travel + rules.minutes - 1
        others = (each for each in self.taken.visits if each.place != rules.place) if rules.travel else ()
        return [(each.start - away, each.end + rules.travel) for each in others]

    def _last_fits(self, parts: Sequence[Part]) -> list[int]:
        """For each part the last start that ends with the working time that runs on from it without a gap."""
        fits, until, following = [0] * len(parts), 0, -1
        for place in range(len(parts) - 1, -1, -1):
            start, end = parts[place][0], parts[place][1]
            if end != following:
                until = end
            fits[place] = until - self.rules.minutes
            following = start
        return fits


def week_number(ordinal: int) -> int:
    """Which week, Monday to Sunday, a date with this ordinal is in."""
    return (ordinal - 1) // 7


def _is_over(used: int, more: int, most: int | None) -> bool:
    return most is not None and used + more > most
