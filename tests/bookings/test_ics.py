"""Calendar files, read back by a parser."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from marketplace.bookings import ics

START = datetime(2026, 5, 12, 14, tzinfo=UTC)
PERSON = ics.Person("Zoë; Müller, MSc", "zoe@example.com")


def entry(**changes: object) -> ics.Entry:
    values = {
        "booking_id": UUID(int=7),
        "host": "runsight.example",
        "starts_at": START,
        "ends_at": START + timedelta(minutes=45),
        "summary": "Form review",
        "location": "Track, gate 3",
        "description": "Bring shoes",
        "url": "https://runsight.example/bookings/7",
        "sequence": 0,
        "stamped_at": START - timedelta(days=9),
    } | changes
    return ics.Entry(**values)  # type: ignore[arg-type]


def test_a_file_says_when_in_utc_and_keeps_its_name() -> None:
    calendar = Calendar.from_ical(ics.published(entry()))
    assert calendar["METHOD"] == "PUBLISH" and calendar["VERSION"] == "2.0" and calendar["PRODID"]
    (event,) = calendar.walk("VEVENT")
    assert event["UID"] == f"{UUID(int=7)}@runsight.example"
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (START, START + timedelta(minutes=45))
    assert event.decoded("DTSTAMP") == START - timedelta(days=9)
    assert event["SEQUENCE"] == 0 and event["STATUS"] == "CONFIRMED"
    assert b"DTSTART:20260512T140000Z" in ics.published(entry()).encode()


def test_an_invitation_asks_nobody() -> None:
    method, text = ics.invitation(entry(), ics.Person("Runsight", "hello@runsight.example"), PERSON)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert method == "REQUEST" == Calendar.from_ical(text)["METHOD"]
    assert event["ATTENDEE"] == "mailto:zoe@example.com"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
    assert event["ORGANIZER"] == "mailto:hello@runsight.example"


def test_a_cancelled_visit_takes_the_old_one_out() -> None:
    method, text = ics.invitation(entry(cancelled=True, sequence=2), PERSON, PERSON)
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert (method, event["STATUS"], event["SEQUENCE"]) == ("CANCEL", "CANCELLED", 2)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300), st.text(max_size=50))
def test_any_words_survive_and_lines_stay_short(words: str, name: str) -> None:
    person = ics.Person(" ".join(name.split()), "a@example.com")
    _, text = ics.invitation(entry(summary=words, description=f"{words}\n{words}"), person, person)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert str(event.get("SUMMARY", "")) == words
