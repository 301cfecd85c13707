"""When a calendar says that its owner is busy: each way of saying it, told apart."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.calendars.reader import Reader, Unreadable
from tests.calendars.servers import calendar, event, stamp

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
NOON = NOW + timedelta(days=5)
TORONTO = ZoneInfo("America/Toronto")
VTIMEZONE = """BEGIN:VTIMEZONE
TZID:Our own summer
BEGIN:STANDARD
DTSTART:19701101T020000
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19700308T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE""".replace("\n", "\r\n")


def reader(**changes: Any) -> Reader:
    values = {"zone": "America/Toronto", "addresses": ["iris@example.com"], "own_host": "runsight.example"}
    since, until = (int((NOW + timedelta(days=days)).timestamp()) for days in (-1, 100))
    return Reader(since=since, until=until, **values | changes)


def busy(*parts: str, about: str = "", **changes: Any) -> list[tuple[datetime, datetime]]:
    found = reader(**changes).busy(calendar(*parts, about=about))
    return [(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC)) for start, end, _ in found]


def starts(*parts: str, **changes: Any) -> list[datetime]:
    return [start for start, _ in busy(*parts, **changes)]


def one(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VEVENT", "UID:one", *lines, "END:VEVENT"])


def local(*when: int) -> datetime:
    return datetime(*when, tzinfo=TORONTO).astimezone(UTC)  # type: ignore[misc]


def test_an_event_is_busy_from_start_to_end() -> None:
    assert busy(event("dentist", NOON)) == [(NOON, NOON + timedelta(hours=1))]
    assert reader().busy(calendar(event("dentist", NOON)))[0][2] == "dentist"


@pytest.mark.parametrize(
    "line",
    ["TRANSP:TRANSPARENT", "STATUS:CANCELLED", "X-MICROSOFT-CDO-BUSYSTATUS:FREE"]
    + ["ATTENDEE;CN=\"Iris; 'I'\";PARTSTAT=DECLINED;ROLE=REQ-PARTICIPANT:mailto:Iris@Example.com"],
)
def test_free_cancelled_and_declined_block_nothing(line: str) -> None:
    assert busy(event("a", NOON, 1, line)) == []
    assert busy(event("a", NOON, 1, line, "RRULE:FREQ=DAILY;COUNT=3")) == []


@pytest.mark.parametrize(
    "line",
    ["TRANSP:OPAQUE", "STATUS:TENTATIVE", "STATUS:CONFIRMED", "X-MICROSOFT-CDO-BUSYSTATUS:OOF"]
    + [
        "ATTENDEE;PARTSTAT=DECLINED:mailto:somebody.else@example.com",
        "ATTENDEE;PARTSTAT=TENTATIVE:mailto:iris@example.com",
    ],
)
def test_whatever_else_is_said_it_blocks(line: str) -> None:
    assert starts(event("a", NOON, 1, line)) == [NOON]


def test_a_calendar_named_by_her_address_tells_who_she_is() -> None:
    declined = event("a", NOON, 1, "ATTENDEE;PARTSTAT=DECLINED:mailto:private@example.org")
    assert starts(declined) == [NOON]
    assert starts(declined, about="X-WR-CALNAME:private@example.org") == []


def test_our_own_entries_are_not_read_back() -> None:
    assert busy(event("0199@runsight.example", NOON), event("0199@RUNSIGHT.example", NOON, 2)) == []
    assert starts(event("0199@other.example", NOON)) == [NOON]


def test_a_whole_day_is_that_date_where_the_calendar_lies() -> None:
    day = one("DTSTART;VALUE=DATE:20261101")  # 25 hours long in Toronto
    assert busy(day) == [(local(2026, 11, 1), local(2026, 11, 2))]
    assert busy(day)[0][1] - busy(day)[0][0] == timedelta(hours=25)
    paris = ZoneInfo("Europe/Paris")
    there = (datetime(2026, 11, 1, tzinfo=paris), datetime(2026, 11, 2, tzinfo=paris))
    assert busy(day, about="X-WR-TIMEZONE:Europe/Paris") == [there] == busy(day, calendar_zone="Europe/Paris")
    assert busy(one("DTSTART;VALUE=DATE:20261101", "DTEND;VALUE=DATE:20261104"))[0][1] == local(2026, 11, 4)


def test_times_without_a_zone_are_hers_and_zones_are_what_they_say() -> None:
    assert starts(one("DTSTART:20261105T090000", "DURATION:PT1H")) == [local(2026, 11, 5, 9)]
    assert starts(one("DTSTART:20261105T090000Z", "DURATION:PT1H")) == [datetime(2026, 11, 5, 9, tzinfo=UTC)]
    named = one("DTSTART;TZID=Europe/Paris:20261105T090000", "DTEND;TZID=Europe/Paris:20261105T100000")
    assert starts(named) == [datetime(2026, 11, 5, 8, tzinfo=UTC)]
    outlook = one("DTSTART;TZID=Pacific Standard Time:20261105T090000", "DURATION:PT1H")
    assert starts(outlook) == [datetime(2026, 11, 5, 17, tzinfo=UTC)]
    nowhere = one("DTSTART;TZID=Nowhere/Else:20261105T090000", "DURATION:PT1H")
    assert starts(nowhere) == [local(2026, 11, 5, 9)]
    own = one("DTSTART;TZID=Our own summer:20261030T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=4")
    assert starts(VTIMEZONE, own) == [
        local(2026, 10, 30, 9),
        local(2026, 10, 31, 9),
        local(2026, 11, 1, 9),
        local(2026, 11, 2, 9),
    ]


def test_what_recurs_stays_at_its_wall_time_with_all_its_exceptions() -> None:
    weekly = one(
        "DTSTART;TZID=America/Toronto:20200106T090000",
        "DTEND;TZID=America/Toronto:20200106T100000",
        "RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20261124T000000Z",
        "EXDATE;TZID=America/Toronto:20261102T090000",
        "RDATE;TZID=America/Toronto:20261104T150000",
    )
    moved = one(
        "RECURRENCE-ID;TZID=America/Toronto:20261109T090000",
        "DTSTART;TZID=America/Toronto:20261109T110000",
        "DTEND;TZID=America/Toronto:20261109T120000",
    )
    gone = one(
        "RECURRENCE-ID;TZID=America/Toronto:20261116T090000",
        "DTSTART;TZID=America/Toronto:20261116T090000",
        "STATUS:CANCELLED",
    )
    expected = [(2026, 10, 19, 9), (2026, 10, 26, 9), (2026, 11, 4, 15), (2026, 11, 9, 11), (2026, 11, 23, 9)]
    assert starts(weekly, moved, gone) == [local(*when) for when in expected]


def test_a_declined_or_free_occurrence_of_a_series_is_free() -> None:
    series = event("one", NOON, 1, "RRULE:FREQ=DAILY;COUNT=3")
    for line in ("TRANSP:TRANSPARENT", "ATTENDEE;PARTSTAT=DECLINED:mailto:iris@example.com"):
        second = NOON + timedelta(days=1)
        assert starts(series, event("one", second, 1, f"RECURRENCE-ID:{stamp(second)}", line)) == [
            NOON,
            NOON + timedelta(days=2),
        ]


def test_without_end_is_only_as_long_as_anybody_may_book() -> None:
    found = starts(event("for ever", NOW - timedelta(days=4000), 1, "RRULE:FREQ=DAILY"))
    assert len(found) == 101 and found[-1] < NOW + timedelta(days=100)


def test_published_free_and_busy_times() -> None:
    later = NOON + timedelta(hours=5)
    lines = f"FREEBUSY:{stamp(NOON)}/PT1H,{stamp(later)}/{stamp(later + timedelta(hours=2))}"
    free = f"FREEBUSY;FBTYPE=FREE:{stamp(NOON + timedelta(days=1))}/PT1H"
    tentative = f"FREEBUSY;FBTYPE=BUSY-TENTATIVE:{stamp(NOON + timedelta(days=2))}/PT1H"
    part = "\r\n".join(["BEGIN:VFREEBUSY", "UID:fb", lines, free, tentative, "END:VFREEBUSY"])
    assert starts(part) == [NOON, later, NOON + timedelta(days=2)]


def test_alarms_and_other_parts_are_passed_over() -> None:
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nDURATION:P9D\r\nSUMMARY:x\r\nEND:VALARM"
    todo = "BEGIN:VTODO\r\nUID:t\r\nDTSTART:20261105T090000Z\r\nDURATION:PT1H\r\nEND:VTODO"
    assert starts(event("a", NOON, 1, alarm), todo) == [NOON]


def test_folded_lines_odd_ends_and_several_calendars_in_one_stream() -> None:
    text = calendar(event("a", NOON)).replace(b"DTSTART:2026", b"DTSTART:20\r\n 26")
    assert [start for start, _, _ in reader().busy(text)] == [int(NOON.timestamp())]
    assert len(reader().busy(text.replace(b"\r\n", b"\n"))) == 1
    assert len(reader().busy(b"\xef\xbb\xbf" + text + calendar(event("b", NOON + timedelta(days=1))))) == 2


def test_an_encoding_that_is_said_is_read() -> None:
    text = calendar(event("Zoë", NOON)).decode().encode("latin-1")
    assert reader().busy(text, "iso-8859-1")[0][2] == "Zoë"
    with pytest.raises(Unreadable, match="encoding"):
        reader().busy(text)


def test_an_event_of_no_length_blocks_nothing() -> None:
    assert busy(event("a", NOON, 0), one(f"DTSTART:{stamp(NOON)}")) == []


@given(
    st.lists(
        st.tuples(
            st.integers(-5000, 5000),
            st.integers(1, 3000),
            st.sampled_from(["", "DURATION", "DATE", "RRULE:FREQ=DAILY;COUNT=2"]),
        ),
        max_size=8,
    )
)
def test_sifting_by_lines_loses_nothing_that_the_library_alone_would_find(drawn: list[tuple[int, int, str]]) -> None:
    """All events of any days and lengths: what the sieve passes over would not have blocked anything."""
    parts, expected = [], set()
    since, until = NOW - timedelta(days=1), NOW + timedelta(days=100)
    for number, (hours, length, kind) in enumerate(drawn):
        start, times = NOW + timedelta(hours=hours), 1
        end = start + timedelta(hours=length)
        lines = [f"DTSTART:{stamp(start)}", f"DTEND:{stamp(end)}"]
        if kind == "DURATION":
            lines[1] = f"DURATION:P{length // 24}DT{length % 24}H"
        elif kind == "DATE":
            first, last = start.date(), start.date() + timedelta(days=length // 24 + 1)
            lines = [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{last:%Y%m%d}"]
            start, end = _midnight(first), _midnight(last)
        elif kind:
            lines, times = [*lines, kind], 2
        parts.append("\r\n".join(["BEGIN:VEVENT", f"UID:{number}", *lines, "END:VEVENT"]))
        for turn in range(times):
            begins, ends = (each + timedelta(days=turn) for each in (start, end))
            if begins < until and ends > since:
                expected.add((max(begins, since), min(ends, until)))
    assert set(busy(*parts)) == expected


def _midnight(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=TORONTO).astimezone(UTC)
