"""Calendar files as two readers who know nothing of each other understand them: icalendar here, ical.js in Node."""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from marketplace.bookings import ics
from tests.bookings.test_ics import PERSON, START, entry

READER = Path(__file__).with_name("read_ics.mjs")
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120)
LINES = st.lists(WORDS, max_size=4).map("\n".join)

pytestmark = pytest.mark.skipif(shutil.which("node") is None and not os.environ.get("CI"), reason="Node is missing")


@st.composite
def entries(draw: st.DrawFn) -> ics.Entry:
    starts_at = START + timedelta(minutes=draw(st.integers(0, 2_000_000)))
    length = timedelta(minutes=draw(st.integers(1, 40)) * 5)
    words = {name: draw(WORDS) for name in ("summary", "location")} | {"description": draw(LINES)}
    numbers = {"sequence": draw(st.integers(0, 9)), "cancelled": draw(st.booleans())}
    return entry(starts_at=starts_at, ends_at=starts_at + length, **words, **numbers)


@given(st.lists(entries(), min_size=1, max_size=20))
@settings(max_examples=10)
def test_both_readers_find_in_any_file_what_was_put_in(visits: list[ics.Entry]) -> None:
    files = [ics.published(visit) for visit in visits] + [ics.invitation(visit, PERSON, PERSON)[1] for visit in visits]
    theirs = by_ical_js(files)
    for visit, text, read in zip(visits * 2, files, theirs, strict=True):
        wanted = {
            "uid": f"{visit.booking_id}@{visit.host}",
            "starts_at": visit.starts_at,
            "ends_at": visit.ends_at,
            "stamped_at": visit.stamped_at,
            "sequence": visit.sequence,
            "status": "CANCELLED" if visit.cancelled else "CONFIRMED",
            "summary": visit.summary,
            "location": visit.location,
            "description": visit.description,
            "url": visit.url,
        }
        assert {name: read[name] for name in wanted} == wanted
        assert by_icalendar(text) == wanted
        assert read["zone"] == "UTC"


def test_both_readers_know_an_invitation_from_its_end_and_whom_it_is_for() -> None:
    host = ics.Person("Runsight", "hello@runsight.example")
    files = [ics.invitation(entry(cancelled=gone), host, PERSON)[1] for gone in (False, True)]
    for method, text, read in zip(("REQUEST", "CANCEL"), files, by_ical_js(files), strict=True):
        assert read["method"] == method == Calendar.from_ical(text)["METHOD"]
        assert read["attendees"] == [["mailto:zoe@example.com", "ACCEPTED", PERSON.name]]
        assert read["organizer"] == "mailto:hello@runsight.example"


def test_a_file_that_is_none_is_refused_by_the_reader() -> None:
    with pytest.raises(subprocess.CalledProcessError):
        by_ical_js(["BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n"])


def by_ical_js(files: list[str]) -> list[dict[str, Any]]:
    done = subprocess.run(["node", READER], input=json.dumps(files), capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return [
        {name: datetime.fromisoformat(value) if name.endswith("_at") else value for name, value in each.items()}
        for each in found
    ]


def by_icalendar(text: str) -> dict[str, Any]:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    instants = {"starts_at": "DTSTART", "ends_at": "DTEND", "stamped_at": "DTSTAMP"}
    words = {name: str(event.get(name.upper(), "")) for name in ("uid", "status", "summary", "location", "description")}
    return (
        words
        | {name: event.decoded(key).astimezone(UTC) for name, key in instants.items()}
        | {"sequence": int(event["SEQUENCE"]), "url": str(event["URL"])}
    )
