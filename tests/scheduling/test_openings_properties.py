"""Openings of odd hours in odd zones, against a slow and obvious telling of the same rules."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from marketplace.scheduling.hours import GRANULE, Hours, Season, Window, granules, span
from marketplace.scheduling.openings import HORIZON_DAYS, Rules, Taken, Visited
from marketplace.scheduling.walltime import DAY, minute_of
from tests.scheduling.asking import is_open, openings, why_closed
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
    week = st.fixed_dictionaries(dict.fromkeys(range(7), day_windows))
    edge = on + timedelta(days=draw(st.integers(-3, 3)))
    far = edge + timedelta(days=draw(st.sampled_from([0, 20, 200])))
    hours = Hours(
        zone,
        draw(week),
        {
            on + timedelta(days=shift): found
            for shift, found in draw(st.dictionaries(st.integers(-1, 2), day_windows, max_size=3)).items()
        },
        seasons=draw(st.sampled_from([[], [Season((edge.month, edge.day), (far.month, far.day), draw(week))]])),
        time_off=draw(st.sampled_from([[], [], [(edge, edge + timedelta(days=1))]])),
        holidays=draw(st.frozensets(st.integers(-2, 2).map(lambda n: on + timedelta(days=n)), max_size=1)),
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
        minutes_per_day=draw(st.sampled_from([None, None, 60, 100])),
        minutes_per_week=draw(st.sampled_from([None, None, 180])),
        first_day=draw(st.sampled_from([None, None, on])),
        last_day=draw(st.sampled_from([None, None, on])),
        travel=draw(st.sampled_from([0, 20, 60])),
    )
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
    instants = st.integers(-12, 720).map(lambda n: midnight + timedelta(minutes=n * GRANULE))
    visits = [span(start, start + timedelta(minutes=45)) for start in draw(st.lists(instants, max_size=3))]
    now = midnight - timedelta(minutes=draw(st.integers(-DAY, 3 * DAY)), seconds=draw(st.integers(0, 59)))
    places = st.sampled_from(["", "the track"])
    busy = [span(start, start + timedelta(minutes=45)) for start in draw(st.lists(instants, max_size=1))]
    group = {minute_of(start): draw(st.integers(0, 2)) for start in draw(st.lists(instants, max_size=1))}
    taken = Taken(visits, [Visited(*each, draw(places)) for each in visits], busy, group)
    return hours, rules, taken, now, on


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
    claimed = {minute for since, until in (*taken.spans, *taken.outside) for minute in range(since, until)}
    starts = set()
    for found in per_date.values():
        for minutes in found.values():
            starts |= {m for m in minutes if (m - minutes[0]) % rules.interval == 0}

    def local_day(minute: int) -> date:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(zone).date()

    def in_time(start: int) -> bool:
        instant, day = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=start), local_day(start)
        return (
            instant >= now + timedelta(hours=rules.lead_hours)
            and (rules.same_day or day > now.astimezone(zone).date())
            and instant <= now.replace(second=0) + timedelta(days=min(rules.horizon_days, HORIZON_DAYS))
            and (rules.first_day is None or day >= rules.first_day)
            and (rules.last_day is None or day <= rules.last_day)
        )

    def under_limits(start: int) -> bool:
        day = local_day(start)
        of_day = [v for v in taken.visits if local_day(v.start) == day]
        of_week = [v for v in taken.visits if local_day(v.start).isocalendar()[:2] == day.isocalendar()[:2]]
        used = [rules.minutes + sum(v.end - v.start for v in visits) for visits in (of_day, of_week)]
        return (
            (rules.per_day is None or len(of_day) < rules.per_day)
            and (rules.per_week is None or len(of_week) < rules.per_week)
            and (rules.minutes_per_day is None or used[0] <= rules.minutes_per_day)
            and (rules.minutes_per_week is None or used[1] <= rules.minutes_per_week)
        )

    def fits(start: int) -> bool:
        end = start + rules.minutes
        return (
            all(minute in work for minute in range(start, end, GRANULE))
            and claimed.isdisjoint(range(start - rules.buffer_before, end + rules.buffer_after))
            and all(
                v.place == rules.place or end + rules.travel <= v.start or v.end + rules.travel <= start
                for v in taken.visits
                if rules.travel
            )
            and in_time(start)
            and under_limits(start)
        )

    short_enough = all(
        most is None or rules.minutes <= most for most in (rules.minutes_per_day, rules.minutes_per_week)
    )
    joinable = {start for start, seats in taken.seats.items() if seats > 0 and in_time(start) and short_enough}
    return joinable | {start for start in starts if fits(start)}


@given(cases())
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
def test_what_is_shown_can_be_booked_and_nothing_else(
    case: tuple[Hours, Rules, Taken, datetime, date], step: int
) -> None:
    hours, rules, taken, now, on = case
    since = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=12)
    shown = openings(hours, rules, taken, now=now, between=(since, since + timedelta(hours=48)))
    assert all(is_open(hours, rules, taken, now=now, start=start) for start in shown)
    asked = since + timedelta(minutes=step * GRANULE)
    assert is_open(hours, rules, taken, now=now, start=asked) == (asked in shown)
    assert (why_closed(hours, rules, taken, now=now, start=asked) is None) == (asked in shown)


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
    visits = [*taken.visits, Visited(chosen, chosen + rules.minutes)]
    after = Taken([*taken.spans, claim], visits, taken.outside)
    mine = set(granules(*claim))
    for start in openings(hours, rules, after, now=now, between=between):
        other = minute_of(start)
        claimed = granules(other - rules.buffer_before, other + rules.minutes + rules.buffer_after)
        assert mine.isdisjoint(claimed)
