"""The dates of a series: the same wall time of the coach, whatever her clocks do."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from marketplace.bookings.series import Repeat, turns, wanted

ZONES = ["America/Toronto", "America/St_Johns", "America/Regina", "Europe/Paris", "Asia/Kolkata", "Australia/Lord_Howe"]
instants = st.integers(0, 3 * 365 * 288).map(lambda n: datetime(2026, 1, 1, tzinfo=UTC) + n * timedelta(minutes=5))


def at(zone: str, *wall: int) -> datetime:
    return datetime(*wall, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[arg-type]


@given(st.sampled_from(ZONES), instants, st.sampled_from([1, 2]), st.integers(2, 12))
def test_every_visit_has_the_wall_time_of_the_first(zone: str, first: datetime, every: int, times: int) -> None:
    found = turns(zone, Repeat(first, every, times))
    local = first.astimezone(ZoneInfo(zone))
    assert found[0].starts_at == first and len(found) == times
    for number, turn in enumerate(found):
        assert turn.on == local.date() + timedelta(weeks=every * number)
        if turn.starts_at is not None:
            there = turn.starts_at.astimezone(ZoneInfo(zone))
            assert (there.date(), there.time()) == (turn.on, local.time())
        else:
            wall = datetime.combine(turn.on, local.time(), tzinfo=ZoneInfo(zone))
            assert wall.astimezone(UTC).astimezone(ZoneInfo(zone)).time() != local.time()


def test_nine_on_tuesdays_stays_nine_when_the_clocks_go_back() -> None:
    found = turns("America/Toronto", Repeat(at("America/Toronto", 2026, 10, 20, 9), 1, 4))
    assert [turn.starts_at.hour for turn in found if turn.starts_at] == [13, 13, 14, 14]


def test_a_wall_time_that_the_clocks_skip_is_no_start() -> None:
    zone = "America/Toronto"
    found = turns(zone, Repeat(at(zone, 2027, 3, 7, 2, 30), 1, 3))
    assert [turn.starts_at is None for turn in found] == [False, True, False]
    instead = at(zone, 2027, 3, 14, 3, 30)
    assert (
        wanted(zone, Repeat(found[0].starts_at or instead, 1, 3, {date(2027, 3, 14): instead}))[1].starts_at == instead
    )
    assert len(wanted(zone, Repeat(found[0].starts_at or instead, 1, 3, {date(2027, 3, 14): None}))) == 2


def test_a_wall_time_that_comes_twice_is_the_first_of_the_two() -> None:
    zone = "America/Toronto"
    found = turns(zone, Repeat(at(zone, 2026, 10, 25, 1, 30), 1, 2))
    assert found[1].starts_at == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
