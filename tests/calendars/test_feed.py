"""The feed of one's sessions: secret, renewable, cheap to ask again, and read alike by two independent readers."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar

from marketplace.accounts import service as people
from marketplace.accounts.models import User
from marketplace.bookings import ics, mails, outside
from marketplace.bookings import queries as bookings
from marketplace.bookings import service as verbs
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Offer
from tests import make
from tests.bookings.world import confirmed, hold
from tests.calendars.conftest import Coached

ROOT = Path(__file__).resolve().parents[2]
ICAL_JS = """
import ICAL from "ical.js";
let text = ""; for await (const piece of process.stdin) text += piece;
const root = new ICAL.Component(ICAL.parse(text));
const events = root.getAllSubcomponents("vevent").map((each) => new ICAL.Event(each));
console.log(JSON.stringify({
  method: root.getFirstPropertyValue("method"),
  events: events.map((e) => [e.uid, e.startDate.toJSDate().toISOString(), e.endDate.toJSDate().toISOString(),
    e.sequence, e.summary, e.location ?? "", e.description, e.component.getFirstPropertyValue("status")]),
}));
"""


def by_ical_js(text: str) -> dict[str, Any]:
    """The calendar as ical.js reads it."""
    node = shutil.which("node")
    assert node
    command = [node, "--input-type=module", "-e", ICAL_JS]
    done = subprocess.run(command, input=text.encode(), capture_output=True, cwd=ROOT, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def by_icalendar(text: str) -> dict[str, Any]:
    """The same as icalendar reads it."""
    calendar = Calendar.from_ical(text)
    events = []
    for each in calendar.walk("VEVENT"):
        times = [f"{each.decoded(name):%Y-%m-%dT%H:%M:%S}.000Z" for name in ("DTSTART", "DTEND")]
        words = [str(each.get(name, "")) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "STATUS")]
        events.append([str(each["UID"]), *times, int(each["SEQUENCE"]), *words])
    return {"method": str(calendar["METHOD"]) if "METHOD" in calendar else None, "events": events}


@pytest.fixture
def booked(coached: Coached) -> list[UUID]:
    """Two sessions of one runner, one of them with words that are hard to write down."""
    with coached.rows() as session:
        offer, runner = session.get_one(Offer, coached.offer.id), session.get_one(User, coached.runner.id)
        offer.call_link, offer.bad_weather = (
            "https://call.example/a;b,c",
            "Rain, snow; “sleet”\nand\\or hail: stay home",
        )
        found = [confirmed(session, offer, runner).id for _ in range(2)]
        hold(session, offer, runner)
        return found


def address_of(client: FlaskClient) -> str:
    """The path of the feed that its page shows."""
    page = client.get("/bookings/feed").text
    return urlsplit(page.split('id="feed-address" value="')[1].split('"')[0]).path


def test_two_readers_read_the_same_sessions(coached: Coached, booked: list[UUID]) -> None:
    with coached.rows() as session:
        text = outside.feed(session, session.get_one(User, coached.runner.id))
        rows = [session.get_one(Booking, each) for each in booked]
    read = by_ical_js(text)
    assert read == by_icalendar(text) and read["method"] == "PUBLISH"
    assert [(uid, start) for uid, start, *_ in read["events"]] == [
        (f"{row.id}@localhost", f"{row.starts_at:%Y-%m-%dT%H:%M:%S}.000Z") for row in rows
    ], "in order, without what is not paid"


def test_two_readers_read_what_mails_carry_and_what_servers_keep(coached: Coached, booked: list[UUID]) -> None:
    with coached.rows() as session:
        parties = bookings.parties(session, session.get_one(Booking, booked[0]))
        entry = mails.entry(parties, url="https://runsight.example/bookings/1")
    host, guest = ics.Person("Run; sight", "hello@runsight.example"), ics.Person('Zoë "Z", Müller', "zoe@example.com")
    for text in (ics.published(entry), ics.invitation(entry, host, guest)[1], ics.kept(entry)):
        assert by_ical_js(text) == by_icalendar(text)
    assert by_ical_js(ics.kept(entry))["method"] is None


@pytest.mark.both_databases
def test_a_feed_is_made_read_renewed(coached: Coached, booked: list[UUID], client: FlaskClient) -> None:
    mine, stranger = make.signed_in(client, coached.runner.id), coached.app.test_client()
    assert "Make the address" in mine.get("/bookings/feed").text
    assert mine.post("/bookings/feed").location == "/bookings/feed#feed"
    address = address_of(mine)
    answer = stranger.get(address)
    assert answer.status_code == 200 and answer.content_type.startswith("text/calendar")
    assert len(Calendar.from_ical(answer.text).walk("VEVENT")) == 2
    again = stranger.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with coached.rows() as session:
        verbs.cancel(session, booked[0], by=session.get_one(User, coached.runner.id))
    changed = stranger.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert changed.status_code == 200 and len(Calendar.from_ical(changed.text).walk("VEVENT")) == 1
    mine.post("/bookings/feed")
    assert address_of(mine) != address and stranger.get(address).status_code == 404
    assert stranger.get(address_of(mine)).status_code == 200


@pytest.mark.parametrize("token", ["x", "x.y", "WyJhIiwxXQ.abc", "%00", "a" * 3000])
def test_a_forged_address_finds_nothing(token: str, client: FlaskClient) -> None:
    assert client.get(f"/calendar/{token}.ics").status_code == 404


def test_a_coach_has_her_sessions_in_her_language_and_it_ends_when_she_leaves(
    coached: Coached, client: FlaskClient
) -> None:
    with coached.rows() as session:
        session.get_one(User, coached.person.id).language = "fr"
    hers = make.signed_in(client, coached.person.id)
    assert hers.post("/bookings/feed", data={"back": "desk.calendars"}).location == "/coach/calendars#feed"
    address = address_of(hers)
    assert "X-WR-CALNAME:Séances Runsight" in coached.app.test_client().get(address).text
    with coached.rows() as session:
        people.close(session, coached.person.id)
    assert coached.app.test_client().get(address).status_code == 404
