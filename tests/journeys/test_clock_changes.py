"""On both sides of a change of the clocks: page, mail, calendar file, link and reminder tell one right wall time.

The coach lives in Toronto and reads English; the runner lives in Paris and reads French. What each should read was
written down by hand from the zones' rules, not computed by what is tested.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import requests
from icalendar import Calendar

from marketplace.accounts import passwords
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.scheduling.models import WeeklyWindow
from tests import make
from tests.journeys.moved import Moved, at, running
from tests.programs import token_of

PASSWORD = "a long enough password"
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
STANDARD, DAYLIGHT = "Eastern Standard Time", "Eastern Daylight Saving Time"
WINTER, SUMMER = "heure normale de l’Europe centrale", "heure avancée de l’Europe centrale"


@dataclass(frozen=True)
class Change:
    """A visit of 30 minutes right after a change: its start in UTC, and what the two read."""

    starts_at: datetime
    coach: str
    coach_wall: str
    runner: str
    runner_wall: str


AUTUMN_2026 = Change(
    at("2026-11-01 07:00"),
    *(f"Sun, Nov 1, 02:00 – 02:30 ({STANDARD})", "2026-11-01 02:00"),
    *(f"dim. 1 nov., 08:00 – 08:30 ({WINTER})", "2026-11-01 08:00"),
)
SPRING_2027 = Change(
    at("2027-03-14 07:00"),
    *(f"Sun, Mar 14, 03:00 – 03:30 ({DAYLIGHT})", "2027-03-14 03:00"),
    *(f"dim. 14 mars, 08:00 – 08:30 ({WINTER})", "2027-03-14 08:00"),
)
SPRING_2027_PARIS = Change(
    at("2027-03-28 01:00"),
    *(f"Sat, Mar 27, 21:00 – 21:30 ({DAYLIGHT})", "2027-03-27 21:00"),
    *(f"dim. 28 mars, 03:00 – 03:30 ({SUMMER})", "2027-03-28 03:00"),
)
AUTUMN_2027_PARIS = Change(
    at("2027-10-31 01:00"),
    *(f"Sat, Oct 30, 21:00 – 21:30 ({DAYLIGHT})", "2027-10-30 21:00"),
    *(f"dim. 31 oct., 02:00 – 02:30 ({WINTER})", "2027-10-31 02:00"),
)
AUTUMN_2027 = Change(
    at("2027-11-07 07:00"),
    *(f"Sun, Nov 7, 02:00 – 02:30 ({STANDARD})", "2027-11-07 02:00"),
    *(f"dim. 7 nov., 08:00 – 08:30 ({WINTER})", "2027-11-07 08:00"),
)
BEFORE = timedelta(days=3)

pytestmark = pytest.mark.skipif(
    shutil.which("faketime") is None and not os.environ.get("CI"), reason="install Debian's faketime"
)


@dataclass
class World:
    """The site with a coach who works around the clock, her free offer, and a runner."""

    site: Moved
    offer: Offer
    coach: User
    runner: User
    token: str


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    with running(empty_sqlite, tmp_path, AUTUMN_2026.starts_at - BEFORE) as site:
        with site.app.app_context(), transaction() as session:
            row = make.coach(session)
            for starts, ends in ((0, 540), (1020, 1440)):
                session.add_all(WeeklyWindow(coach_id=row.id, weekday=n, starts=starts, ends=ends) for n in range(7))
            place = {"meeting_point": "Hampton Park", "bad_weather": "Indoors", "price": 0}
            offer = make.offer(session, row, OfferKind.IN_PERSON, **place)
            hashed = passwords.hashed(PASSWORD)
            runner = make.user(session, timezone="Europe/Paris", language="fr", password_hash=hashed)
            coach = session.get_one(User, session.get_one(Coach, row.id).user_id)
            coach.password_hash = hashed
        yield World(site, offer, coach, runner, token_of(site.app, runner))


def test_after_the_changes_of_2026_and_27_everything_tells_the_same_time(world: World) -> None:
    for change in (AUTUMN_2026, SPRING_2027):
        lives_through(world, change)


@pytest.mark.chaos
def test_after_every_change_to_the_end_of_2027_everything_tells_the_same_time(world: World) -> None:
    for change in (AUTUMN_2026, SPRING_2027, SPRING_2027_PARIS, AUTUMN_2027_PARIS, AUTUMN_2027):
        lives_through(world, change)


def lives_through(world: World, change: Change) -> None:
    """Book three days ahead over HTTP, then let a day and two hours before come."""
    site, starts_at = world.site, change.starts_at
    parts = (
        (world.runner, "/fr", change.runner, change.runner_wall),
        (world.coach, "", change.coach, change.coach_wall),
    )
    seen = {person.id: len(site.mails(person)) for person, *_ in parts}
    site.move_to(starts_at - BEFORE)
    booking = book(world, starts_at)
    site.wait_for_sweep("bookings.remind_due", starts_at - BEFORE)
    for person, prefix, line, wall in parts:
        (confirmation,) = site.mails(person)[seen[person.id] :]
        assert line in confirmation["text"]
        in_file(confirmation["attachments"][0]["text"], starts_at, person, wall)
        in_link(re.search(r"Google: (\S+)", confirmation["text"])[1], person, wall)  # type: ignore[index]
        on_page(site.browser(person, PASSWORD), f"{site.url}{prefix}/bookings/{booking}", line, starts_at, person, wall)
    count = 1
    for ahead, word in ((24 * HOUR, ("Rappel", "Reminder")), (2 * HOUR, ("Bientôt", "Soon"))):
        not_yet, now = starts_at - ahead - 5 * MINUTE, starts_at - ahead + MINUTE
        site.move_to(not_yet)
        site.wait_for_sweep("bookings.remind_due", not_yet)
        assert [len(site.mails(person)) - seen[person.id] for person, *_ in parts] == [count, count]
        site.move_to(now)
        site.wait_for_sweep("bookings.remind_due", now)
        count += 1
        for (person, _prefix, line, _wall), first in zip(parts, word, strict=True):
            reminder = site.mails(person)[seen[person.id] + count - 1]
            assert line in reminder["text"] and reminder["subject"].startswith(first)
            assert line.split(" –")[0] in reminder["subject"]
            assert len(site.mails(person)) - seen[person.id] == count


def book(world: World, starts_at: datetime) -> str:
    """By the API, as a program does; the answer's offset and the servers' clock are looked at."""
    answer = requests.post(
        f"{world.site.url}/api/v1/bookings",
        json={"offer": str(world.offer.id), "starts_at": starts_at.isoformat(), "pain_screen": {"pain": False}},
        headers={"Authorization": f"Bearer {world.token}"},
    )
    assert answer.status_code == 201, answer.text
    told = requests.get(
        f"{world.site.url}/api/v1/bookings/{answer.json()['id']}", headers={"Authorization": f"Bearer {world.token}"}
    ).json()
    assert datetime.fromisoformat(told["starts_at"]) == starts_at and told["status"] == "confirmed"
    with world.site.app.app_context(), transaction(write=False) as session:
        made_at = session.get_one(Booking, UUID(told["id"])).created_at
    assert abs(made_at - (starts_at - BEFORE)) < 2 * MINUTE, "the servers' clock was not moved"
    return str(told["id"])


def on_page(browser: requests.Session, url: str, line: str, starts_at: datetime, person: User, wall: str) -> None:
    """The booking's page: the line that she reads, the machine's time beside it, the link and the file."""
    page = browser.get(url).text
    words = " ".join(unescape(re.sub(r"<[^>]+>", "", page)).split())
    assert line.replace("(", "").replace(")", "") in words
    assert f'<time datetime="{starts_at.isoformat()}">' in page
    links = [unescape(found) for found in re.findall(r'href="(https://[^"]+)"', page)]
    in_link(next(link for link in links if "google" in link), person, wall)
    outlook = next(link for link in links if "outlook" in link)
    begins = datetime.fromisoformat(parse_qs(urlsplit(outlook).query)["startdt"][0])
    assert begins == starts_at
    in_file(browser.get(f"{url}/calendar.ics").text, starts_at, person, wall)


def in_file(text: str, starts_at: datetime, person: User, wall: str) -> None:
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    assert event.decoded("DTSTART") == starts_at and event.decoded("DTEND") == starts_at + 30 * MINUTE
    assert wall_of(event.decoded("DTSTART"), person) == wall


def in_link(google: str, person: User, wall: str) -> None:
    begins = parse_qs(urlsplit(google).query)["dates"][0].split("/")[0]
    assert wall_of(datetime.fromisoformat(begins), person) == wall


def wall_of(instant: datetime, person: User) -> str:
    return f"{instant.astimezone(ZoneInfo(person.timezone)):%Y-%m-%d %H:%M}"
