"""What is bookable, sentence by sentence of the contract."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from marketplace.scheduling.closed import Reason
from marketplace.scheduling.hours import Hours, Season, Span, Window, granules, span
from marketplace.scheduling.openings import Rules, Taken, Visited
from tests.scheduling.asking import is_open, openings, why_closed

OTTAWA = "America/Toronto"
NOW = datetime(2026, 2, 1, 12, tzinfo=UTC)
FREE = Taken()


def at(hour: int, minute: int = 0) -> int:
    return hour * 60 + minute


def local(zone: str, *parts: int) -> datetime:
    year, month, day, *time = parts
    hour, minute = [*time, 0, 0][:2]
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def only_on(on: date, *windows: Window, zone: str = OTTAWA) -> Hours:
    """Nothing but one date."""
    return Hours(zone, {}, {on: windows})


def starts(
    hours: Hours, rules: Rules, on: date, *, taken: Taken = FREE, now: datetime | None = None, days: int = 1
) -> list[str]:
    """The open starts of some local dates as the coach reads them off her clock."""
    zone = ZoneInfo(hours.zone)
    first = datetime(on.year, on.month, on.day, tzinfo=zone)
    end = on + timedelta(days=days)
    until = datetime(end.year, end.month, end.day, tzinfo=zone)
    found = openings(hours, rules, taken, now=now or first - timedelta(days=20), between=(first, until))
    return [start.astimezone(zone).strftime("%H:%M" if days == 1 else "%a %H:%M") for start in found]


def taking(hours: Hours, on: date, since: int, until: int) -> Span:
    midnight = local(hours.zone, on.year, on.month, on.day)
    return span(midnight + timedelta(minutes=since), midnight + timedelta(minutes=until))


TUESDAY = date(2026, 2, 10)
MORNING = only_on(TUESDAY, Window(at(9), at(12)))


def test_the_grid_starts_at_the_window_and_steps_by_the_interval() -> None:
    assert starts(MORNING, Rules(60, 30), TUESDAY) == ["09:00", "09:30", "10:00", "10:30", "11:00"]


def test_a_second_window_starts_a_grid_of_its_own() -> None:
    hours = only_on(TUESDAY, Window(at(9), at(10)), Window(at(13, 20), at(15)))
    assert starts(hours, Rules(45, 45), TUESDAY) == ["09:00", "13:20", "14:05"]


def test_windows_of_a_date_that_touch_are_one() -> None:
    hours = only_on(TUESDAY, Window(at(10), at(11)), Window(at(9), at(10)))
    assert starts(hours, Rules(40, 40), TUESDAY) == ["09:00", "09:40", "10:20"]


def test_a_visit_must_end_with_its_window() -> None:
    assert starts(MORNING, Rules(180, 60), TUESDAY) == ["09:00"]
    assert starts(MORNING, Rules(185, 60), TUESDAY) == []


def test_a_visit_may_run_over_midnight_into_a_window_that_touches() -> None:
    hours = Hours(OTTAWA, {}, {TUESDAY: [Window(at(23), at(24))], TUESDAY + timedelta(1): [Window(0, at(1))]})
    assert starts(hours, Rules(60, 30), TUESDAY, days=2) == ["Tue 23:00", "Tue 23:30", "Wed 00:00"]


def test_a_closed_date_ends_the_night_before_at_midnight() -> None:
    hours = Hours(OTTAWA, {1: [Window(at(22), at(24))], 2: [Window(0, at(2))]})
    assert starts(hours, Rules(60, 60), TUESDAY, days=2) == ["Tue 22:00", "Tue 23:00", "Wed 00:00", "Wed 01:00"]
    closed = Hours(OTTAWA, hours.weekly, {date(2026, 2, 11): []})
    assert starts(closed, Rules(60, 60), TUESDAY, days=2) == ["Tue 22:00", "Tue 23:00"]


def test_an_exception_replaces_the_hours_of_its_date() -> None:
    weekly = {1: [Window(at(9), at(10))]}
    assert starts(Hours(OTTAWA, weekly), Rules(60, 60), TUESDAY) == ["09:00"]
    assert starts(Hours(OTTAWA, weekly, {TUESDAY: [Window(at(14), at(15))]}), Rules(60, 60), TUESDAY) == ["14:00"]
    assert starts(Hours(OTTAWA, weekly, {TUESDAY: []}), Rules(60, 60), TUESDAY) == []


def test_what_is_taken_closes_what_it_overlaps_and_nothing_it_touches() -> None:
    taken = Taken([taking(MORNING, TUESDAY, at(10), at(10, 30))])
    assert starts(MORNING, Rules(30, 30), TUESDAY, taken=taken) == [
        "09:00",
        "09:30",
        "10:30",
        "11:00",
        "11:30",
    ]


def test_buffers_keep_their_distance_from_what_is_taken() -> None:
    taken = Taken([taking(MORNING, TUESDAY, at(10), at(10, 30))])
    rules = Rules(30, 15, buffer_before=15, buffer_after=10)
    assert starts(MORNING, rules, TUESDAY, taken=taken) == [
        "09:00",
        "09:15",
        "10:45",
        "11:00",
        "11:15",
        "11:30",
    ]


def test_buffers_may_reach_outside_the_hours() -> None:
    rules = Rules(180, 60, buffer_before=30, buffer_after=30)
    assert starts(MORNING, rules, TUESDAY) == ["09:00"]


def test_a_busy_second_blocks_its_whole_minute() -> None:
    midnight = local(OTTAWA, 2026, 2, 10)
    busy = span(midnight + timedelta(hours=10, seconds=-1), midnight + timedelta(hours=10, minutes=30, seconds=1))
    assert starts(MORNING, Rules(30, 30), TUESDAY, taken=Taken([busy])) == ["09:00", "11:00", "11:30"]


def test_lead_time_counts_in_hours_to_the_second() -> None:
    rules = Rules(60, 60, lead_hours=24)
    day_before = local(OTTAWA, 2026, 2, 9, 10)
    assert starts(MORNING, rules, TUESDAY, now=day_before) == ["10:00", "11:00"]
    assert starts(MORNING, rules, TUESDAY, now=day_before + timedelta(seconds=1)) == ["11:00"]


def test_no_same_day_means_the_coachs_day() -> None:
    rules = Rules(60, 60, same_day=False)
    assert starts(MORNING, rules, TUESDAY, now=local(OTTAWA, 2026, 2, 9, 23, 59)) == [
        "09:00",
        "10:00",
        "11:00",
    ]
    assert starts(MORNING, rules, TUESDAY, now=local(OTTAWA, 2026, 2, 10, 0, 1)) == []


def test_the_booking_window_ends_and_never_passes_ninety_days() -> None:
    start = local(OTTAWA, 2026, 2, 10, 9)
    for days, horizon in ((14, 14), (90, 400)):
        rules = Rules(60, 60, horizon_days=horizon)
        assert is_open(MORNING, rules, FREE, now=start - timedelta(days=days), start=start)
        a_moment_early = start - timedelta(days=days, minutes=1)
        assert why_closed(MORNING, rules, FREE, now=a_moment_early, start=start) is Reason.TOO_FAR


def test_a_limit_per_day_counts_on_the_coachs_date() -> None:
    evenings = {day: [Window(at(20), at(23))] for day in range(7)}
    hours = Hours(OTTAWA, evenings)
    visit = span(local(OTTAWA, 2026, 2, 10, 20), local(OTTAWA, 2026, 2, 10, 21))  # the 11th already in UTC
    taken = Taken([visit], [Visited(*visit)])
    assert starts(hours, Rules(60, 60, per_day=1), TUESDAY, taken=taken) == []
    assert starts(hours, Rules(60, 60, per_day=2), TUESDAY, taken=taken) == ["21:00", "22:00"]
    assert starts(hours, Rules(60, 60, per_day=1), date(2026, 2, 11), taken=taken) == [
        "20:00",
        "21:00",
        "22:00",
    ]


def test_a_limit_per_week_counts_from_monday_to_sunday() -> None:
    hours = Hours(OTTAWA, {day: [Window(at(20), at(21))] for day in range(7)})
    sunday = span(local(OTTAWA, 2026, 2, 8, 20), local(OTTAWA, 2026, 2, 8, 21))
    taken = Taken([sunday], [Visited(*sunday)])
    rules = Rules(60, 60, per_week=1)
    assert starts(hours, rules, date(2026, 2, 2), taken=taken, days=14) == [
        f"{day} 20:00" for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    ]
    assert why_closed(hours, rules, taken, now=NOW, start=local(OTTAWA, 2026, 2, 2, 20)) is Reason.WEEK_FULL


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        (local(OTTAWA, 2026, 1, 6, 9), Reason.PAST),
        (local(OTTAWA, 2026, 2, 10, 9, 10), Reason.OFF_GRID),
        (local(OTTAWA, 2026, 2, 10, 9) + timedelta(seconds=1), Reason.OFF_GRID),
        (local(OTTAWA, 2026, 2, 10, 8), Reason.OUTSIDE_HOURS),
        (local(OTTAWA, 2026, 2, 10, 11, 30), Reason.OUTSIDE_HOURS),
        (local(OTTAWA, 2026, 2, 10, 9), None),
    ],
)
def test_a_closed_time_says_why(start: datetime, reason: Reason | None) -> None:
    assert why_closed(MORNING, Rules(60, 30), FREE, now=NOW, start=start) is reason


def test_nine_in_ottawa_stays_nine_when_the_clocks_go_forward() -> None:
    hours = Hours(OTTAWA, {day: [Window(at(9), at(10))] for day in range(7)})
    assert starts(hours, Rules(60, 60), date(2026, 3, 7), days=3) == ["Sat 09:00", "Sun 09:00", "Mon 09:00"]
    found = openings(
        hours, Rules(60, 60), FREE, now=NOW, between=(local(OTTAWA, 2026, 3, 7), local(OTTAWA, 2026, 3, 9))
    )
    assert [start.hour for start in found] == [14, 13]


def test_skipped_hours_offer_nothing_and_the_grid_steps_in_real_minutes() -> None:
    night = only_on(date(2026, 3, 8), Window(at(1), at(4)))
    assert starts(night, Rules(30, 30), date(2026, 3, 8)) == ["01:00", "01:30", "03:00", "03:30"]
    assert starts(night, Rules(45, 45), date(2026, 3, 8)) == ["01:00", "01:45"]
    assert starts(only_on(date(2026, 3, 8), Window(at(2), at(3))), Rules(30, 30), date(2026, 3, 8)) == []
    late = only_on(date(2026, 3, 8), Window(at(2, 30), at(4)))
    assert starts(late, Rules(30, 30), date(2026, 3, 8)) == ["03:00", "03:30"]


def test_repeated_hours_are_offered_once_at_the_first() -> None:
    night = only_on(date(2026, 11, 1), Window(at(1), at(3)))
    around = (local(OTTAWA, 2026, 11, 1), local(OTTAWA, 2026, 11, 2))
    found = openings(night, Rules(30, 30), FREE, now=around[0] - timedelta(days=9), between=around)
    assert [start.strftime("%H:%M") for start in found] == ["05:00", "05:30", "07:00", "07:30"]


def test_granules_cover_what_they_touch() -> None:
    assert list(granules(10, 20)) == [2, 3]
    assert list(granules(11, 21)) == [2, 3, 4]
    assert list(granules(10, 10)) == []


def test_an_exception_may_run_over_midnight_into_the_next_date() -> None:
    on = date(2026, 12, 5)
    hours = Hours("America/Toronto", {}, {on: [Window(22 * 60, 26 * 60)]})
    now = datetime(2026, 12, 1, tzinfo=UTC)
    found = openings(hours, Rules(minutes=60, interval=60), Taken(), now=now, between=(now, now + timedelta(days=10)))
    local = [each.astimezone(ZoneInfo("America/Toronto")).strftime("%d %H") for each in found]
    assert local == ["05 22", "05 23", "06 00", "06 01"]


WEEKDAYS = {day: [Window(at(9), at(12))] for day in range(5)}


def test_a_season_has_its_own_week_each_year_and_over_new_year() -> None:
    winter = Season((11, 1), (3, 31), {1: [Window(at(18), at(20))]})
    hours = Hours(OTTAWA, WEEKDAYS, seasons=[winter])
    assert starts(hours, Rules(60, 60), TUESDAY) == ["18:00", "19:00"]
    assert starts(hours, Rules(60, 60), date(2026, 3, 31)) == ["18:00", "19:00"]
    assert starts(hours, Rules(60, 60), date(2026, 4, 1)) == ["09:00", "10:00", "11:00"]
    assert starts(hours, Rules(60, 60), date(2026, 11, 2)) == []


def test_a_dates_own_hours_go_before_time_off_and_this_before_a_holiday() -> None:
    wednesday, thursday = TUESDAY + timedelta(1), TUESDAY + timedelta(2)
    hours = Hours(
        OTTAWA,
        WEEKDAYS,
        {wednesday: [Window(at(14), at(15))]},
        time_off=[(TUESDAY, wednesday)],
        holidays=frozenset({TUESDAY, wednesday, thursday}),
    )
    found = {on: starts(hours, Rules(60, 60), on) for on in (TUESDAY, wednesday, thursday)}
    assert found == {TUESDAY: [], wednesday: ["14:00"], thursday: []}
    reasons = [
        why_closed(hours, Rules(60, 60), FREE, now=NOW, start=local(OTTAWA, 2026, 2, day, 9)) for day in (10, 11, 12)
    ]
    assert reasons == [Reason.TIME_OFF, Reason.OUTSIDE_HOURS, Reason.HOLIDAY]


def test_hours_after_midnight_stand_beside_those_of_a_date_in_a_season() -> None:
    winter = Season((1, 1), (12, 31), {2: [Window(at(9), at(10))]})
    hours = Hours(OTTAWA, {}, {TUESDAY: [Window(at(23), at(25))]}, seasons=[winter])
    assert starts(hours, Rules(60, 60), TUESDAY, days=2) == ["Tue 23:00", "Wed 00:00", "Wed 09:00"]


def test_the_way_to_a_visit_elsewhere_is_kept_free() -> None:
    visit = Visited(*taking(MORNING, TUESDAY, at(10), at(10, 30)), "the track")
    taken = Taken([visit[:2]], [visit])
    here, there = (Rules(30, 30, travel=60, place=place) for place in ("", "the track"))
    assert starts(MORNING, here, TUESDAY, taken=taken) == ["11:30"]
    assert starts(MORNING, there, TUESDAY, taken=taken) == ["09:00", "09:30", "10:30", "11:00", "11:30"]
    assert why_closed(MORNING, here, taken, now=NOW, start=local(OTTAWA, 2026, 2, 10, 9)) is Reason.TRAVEL


def test_a_day_and_a_week_end_with_their_minutes() -> None:
    hours = Hours(OTTAWA, WEEKDAYS)
    visit = Visited(*taking(hours, TUESDAY, at(9), at(10)))
    taken = Taken([visit[:2]], [visit])
    assert starts(hours, Rules(60, 60, minutes_per_day=119), TUESDAY, taken=taken) == []
    assert starts(hours, Rules(60, 60, minutes_per_day=120), TUESDAY, taken=taken) == ["10:00", "11:00"]
    assert starts(hours, Rules(60, 60, minutes_per_week=100), TUESDAY, taken=taken, days=4) == []
    assert starts(hours, Rules(60, 60, minutes_per_day=50), TUESDAY) == []
    too_long = why_closed(hours, Rules(60, 60, minutes_per_day=50), FREE, now=NOW, start=local(OTTAWA, 2026, 2, 10, 9))
    assert too_long is Reason.TOO_LONG


def test_an_offer_may_be_for_some_dates_only() -> None:
    hours = Hours(OTTAWA, WEEKDAYS)
    rules = Rules(180, 60, first_day=date(2026, 2, 11), last_day=date(2026, 2, 12))
    assert starts(hours, rules, TUESDAY, days=4) == ["Wed 09:00", "Thu 09:00"]
    assert why_closed(hours, rules, FREE, now=NOW, start=local(OTTAWA, 2026, 2, 13, 9)) is Reason.OUTSIDE_DATES


def test_a_group_visit_is_joined_while_seats_are_left() -> None:
    visit = Visited(*taking(MORNING, TUESDAY, at(10), at(11)))
    rules = Rules(60, 60, per_day=1)
    for seats, found in ((2, ["10:00"]), (0, [])):
        taken = Taken([visit[:2]], [visit], seats={visit.start: seats})
        assert starts(MORNING, rules, TUESDAY, taken=taken) == found
    assert why_closed(MORNING, rules, taken, now=NOW, start=local(OTTAWA, 2026, 2, 10, 10)) is Reason.FULL


@pytest.mark.parametrize(
    ("hour", "reason"),
    [(9, Reason.BUFFER), (10, Reason.TAKEN), (11, Reason.BUSY), (13, Reason.OUTSIDE_HOURS)],
)
def test_what_is_taken_says_by_what(hour: int, reason: Reason) -> None:
    visit = Visited(*taking(MORNING, TUESDAY, at(10), at(11)))
    taken = Taken([(visit.start - 15, visit.end)], [visit], [taking(MORNING, TUESDAY, at(11, 30), at(11, 45))])
    assert why_closed(MORNING, Rules(60, 60), taken, now=NOW, start=local(OTTAWA, 2026, 2, 10, hour)) is reason


def test_a_closed_date_says_so_and_a_full_day_too() -> None:
    closed = Hours(OTTAWA, WEEKDAYS, {TUESDAY: []})
    nine = local(OTTAWA, 2026, 2, 10, 9)
    assert why_closed(closed, Rules(60, 60), FREE, now=NOW, start=nine) is Reason.DATE_CLOSED
    visit = Visited(*taking(MORNING, TUESDAY, at(11), at(12)))
    full = why_closed(MORNING, Rules(60, 60, per_day=1), Taken([visit[:2]], [visit]), now=NOW, start=nine)
    assert full is Reason.DAY_FULL
