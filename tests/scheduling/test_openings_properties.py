"""Openings of odd hours in odd zones, against a slow and obvious telling of the same rules."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from marketplace.scheduling.hours import GRANULE, Hours, Window, granules, span
from marketplace.scheduling.openings import HORIZON_DAYS, Rules, Taken, is_open, openings
from marketplace.scheduling.walltime import DAY, minute_of
from tests.scheduling.zones import by_the_library, zoned_days


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start = draw(st.just(0) | st.integers(0, 287)) * GRANULE
    end = DAY if draw(st.booleans()) else min(DAY, start + draw(st.integers(1, 150)) * GRANULE)
    return Window(start, end)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Hours, Rules, Taken, datetime, date]:
    zone, on = draw(zoned_days())
    assume(zone != "America/St_Johns" or on.year > 2011)  # until then its clocks changed at 00:01, within a granule
    day_windows = st.lists(windows(), min_size=draw(st.sampled_from([0, 1, 1])), max_size=3)
    hours = Hours(
        zone,
        {day: draw(day_windows) for day in range(7)},
        {
            on + timedelta(days=shift): found
            for shift, found in draw(st.dictionaries(st.integers(-1, 2), day_windows, max_size=3)).items()
        },
    )
    rules = Rules(
        minutes=draw(st.sampled_from([5, 30, 45, 60, 180])),
        interval=draw(st.sampled_from([5, 15, 25, 30, 60])),
        buffer_before=draw(st.sampled_from([0, 10, 30])),
        buffer_after=draw(st.sampled_from([0, 5, 45])),
        lead_hours=draw(st.sampled_from([0, 0, 1, 24])),
        same_day=draw(st.booleans()),
        horizon_days=draw(st.sampled_from([1, 90, 90])),
        per_day=draw(st.sampled_from([None, None, 1, 2])),
        per_week=draw(st.sampled_from([None, 1, 3])),
    )
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    instants = st.integers(-12, 720).map(lambda n: midnight + timedelta(minutes=n * GRANULE))
    visits = [span(start, start + timedelta(minutes=45)) for start in draw(st.lists(instants, max_size=3))]
    now = midnight - timedelta(minutes=draw(st.integers(-DAY, 3 * DAY)), seconds=draw(st.integers(0, 59)))
    return hours, rules, Taken(visits, [start for start, _ in visits]), now, on


def working_minutes(hours: Hours, on: date) -> dict[Window, list[int]]:
    """Each window of a date as the UTC minutes that it really has, one by one, by the standard library."""
    found = {}
    for window in hours.of(on):
        minutes = [by_the_library(hours.zone, on, wall) for wall in range(window.start, window.end, GRANULE)]
        found[window] = [minute for minute in minutes if minute is not None]
    return found


def slowly(hours: Hours, rules: Rules, taken: Taken, now: datetime, on: date) -> set[int]:
    """The starts of the three dates around `on`, told the long way, in steps of five minutes."""
    zone = ZoneInfo(hours.zone)
    around = [on + timedelta(days=shift) for shift in range(-3, 5)]
    per_date = {day: working_minutes(hours, day) for day in around}
    work = {minute for found in per_date.values() for minutes in found.values() for minute in minutes}
    claimed = {minute for since, until in taken.spans for minute in range(since, until)}
    starts = set()
    for found in per_date.values():
        for minutes in found.values():
            starts |= {m for m in minutes if (m - minutes[0]) % rules.interval == 0}

    def local_day(minute: int) -> date:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(zone).date()

    def fits(start: int) -> bool:
        end = start + rules.minutes
        instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=start)
        day = local_day(start)
        week = day.isocalendar()[:2]
        return (
            all(minute in work for minute in range(start, end, GRANULE))
            and claimed.isdisjoint(range(start - rules.buffer_before, end + rules.buffer_after))
            and instant >= now + timedelta(hours=rules.lead_hours)
            and (rules.same_day or day > now.astimezone(zone).date())
            and instant <= now.replace(second=0) + timedelta(days=min(rules.horizon_days, HORIZON_DAYS))
            and (rules.per_day is None or sum(local_day(v) == day for v in taken.visits) < rules.per_day)
            and (
                rules.per_week is None
                or sum(local_day(v).isocalendar()[:2] == week for v in taken.visits) < rules.per_week
            )
        )

    return {start for start in starts if fits(start)}


@given(cases())
@settings(max_examples=120, deadline=None)
def test_openings_are_those_of_the_slow_telling(case: tuple[Hours, Rules, Taken, datetime, date]) -> None:
    hours, rules, taken, now, on = case
    since = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=12)
    until = since + timedelta(hours=48)
    found = openings(hours, rules, taken, now=now, between=(since, until))
    expected = slowly(hours, rules, taken, now, on)
    assert [minute_of(start) for start in found] == sorted(
        start for start in expected if minute_of(since) <= start < minute_of(until)
    )


@given(cases(), st.integers(0, 575))
@settings(max_examples=200, deadline=None)
def test_what_is_shown_can_be_booked_and_nothing_else(
    case: tuple[Hours, Rules, Taken, datetime, date], step: int
) -> None:
    hours, rules, taken, now, on = case
    since = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=12)
    shown = openings(hours, rules, taken, now=now, between=(since, since + timedelta(hours=48)))
    assert all(is_open(hours, rules, taken, now=now, start=start) for start in shown)
    asked = since + timedelta(minutes=step * GRANULE)
    assert is_open(hours, rules, taken, now=now, start=asked) == (asked in shown)


@given(cases(), st.integers(1, 47))
@settings(max_examples=60, deadline=None)
def test_a_range_asked_in_two_parts_gives_the_same(case: tuple[Hours, Rules, Taken, datetime, date], cut: int) -> None:
    hours, rules, taken, now, on = case
    since = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=12)
    middle, until = since + timedelta(hours=cut), since + timedelta(hours=48)
    whole = openings(hours, rules, taken, now=now, between=(since, until))
    parts = openings(hours, rules, taken, now=now, between=(since, middle))
    assert whole == parts + openings(hours, rules, taken, now=now, between=(middle, until))


@given(cases())
@settings(max_examples=60, deadline=None)
def test_a_booked_opening_closes_all_that_overlap_it(
    case: tuple[Hours, Rules, Taken, datetime, date],
) -> None:
    hours, rules, taken, now, _ = case
    between = (now, now + timedelta(days=5))
    shown = openings(hours, rules, taken, now=now, between=between)
    if not shown:
        return
    chosen = minute_of(shown[len(shown) // 2])
    claim = (chosen - rules.buffer_before, chosen + rules.minutes + rules.buffer_after)
    after = Taken([*taken.spans, claim], [*taken.visits, chosen])
    mine = set(granules(*claim))
    for start in openings(hours, rules, after, now=now, between=between):
        other = minute_of(start)
        claimed = granules(other - rules.buffer_before, other + rules.minutes + rules.buffer_after)
        assert mine.isdisjoint(claimed)
