"""A week while it is being typed."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.desk import week
from marketplace.desk.week import Row

MONDAY = (Row("09:00", "12:00"), Row("13:00", "17:00"))
WEEK = (MONDAY, (), (), (), (), (), ())
DAY = st.sampled_from(week.DAYS)


def test_what_is_kept_is_shown_as_it_is_typed() -> None:
    assert week.kept({0: [(540, 720), (780, 1020)]}) == WEEK
    assert week.kept({6: [(1320, 1440)]})[6] == (Row("22:00", "00:00"),)


def test_only_hours_that_end_on_the_next_date_run_over_midnight() -> None:
    lengths = [Row("22:00", "01:30").overnight_minutes, Row("07:00", "06:00").overnight_minutes]
    assert lengths == [210, 23 * 60]
    for row in (Row("09:00", "17:00"), Row("20:00", "00:00"), Row("20:00", "20:00"), Row("x", ""), Row()):
        assert row.overnight_minutes == 0


def test_a_form_is_read_day_by_day() -> None:
    sent = {"from-0": ["09:00", " 13:00"], "to-0": ["12:00", "17:00"], "from-3": [""], "to-3": [""]}
    read = week.typed(lambda name: sent.get(name, []))
    assert read[0] == MONDAY and read[3] == (Row(),)
    assert [day for day, _number, _row in week.filled(read)] == [0, 0]


def test_the_first_row_of_a_day_begins_filled_in_and_the_next_empty() -> None:
    once = week.with_row(WEEK, 1)
    assert once[1] == (week.FIRST,)
    assert week.with_row(once, 1)[1] == (week.FIRST, Row())


def test_a_row_is_taken_out_and_a_number_that_is_none_changes_nothing() -> None:
    assert week.without_row(WEEK, 0, 0)[0] == MONDAY[1:]
    assert week.without_row(WEEK, 0, 9) == WEEK


@given(source=DAY, targets=st.lists(DAY))
def test_copying_a_day_leaves_all_others_alone(source: int, targets: list[int]) -> None:
    copied = week.copied(WEEK, source, targets)
    for day in week.DAYS:
        assert copied[day] == (WEEK[source] if day in targets else WEEK[day])


@given(day=DAY, times=st.integers(1, 30))
def test_a_day_never_grows_beyond_its_most_rows(day: int, times: int) -> None:
    grown: week.Week = WEEK
    for _ in range(times):
        grown = week.with_row(grown, day)
    assert len(grown[day]) == min(week.MOST_ROWS, len(WEEK[day]) + times)
