"""Reading a coach's calendars: no more than what is new, failing closed, told once, fresh before a booking."""

import subprocess
import sys
import threading
import time
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.accounts import service as people
from marketplace.accounts.models import User
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.calendars import queries, sealing, service
from marketplace.calendars.models import Source
from marketplace.calendars.service.refreshing import FRESH, FRESH_SECONDS, PERIOD
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict, Invalid
from marketplace.jobs import Job, publish, run_due
from tests import make
from tests.bookings.world import hold, pay, refunds
from tests.calendars.conftest import Coached
from tests.calendars.servers import Handler, OddServer, calendar, event
from tests.programs import Api, token_of

ROOT = Path(__file__).resolve().parents[2]


def busy_at(*times: Any) -> Any:
    """A server's answer with these events."""
    body = calendar(*(event(f"{number}", at) for number, at in enumerate(times)))
    return lambda handler: handler.send(body)


def age(coached: Coached, source_id: Any, by: timedelta = FRESH * 2) -> None:
    """Let the last reading lie so long ago."""
    with coached.rows() as session:
        source = session.get_one(Source, source_id)
        source.tried_at = source.read_at = clock.now() - by


@pytest.mark.both_databases
def test_what_is_read_closes_the_time_and_replaces_what_was_read_before(coached: Coached, odd: OddServer) -> None:
    noon, next_day = coached.noon(), coached.noon(4)
    odd.answering = busy_at(noon)
    source_id = coached.add(odd.url)
    coached.work()
    assert coached.why_closed(noon) == "taken" and coached.why_closed(next_day) is None
    odd.answering = busy_at(next_day)
    coached.read(source_id)
    assert coached.why_closed(noon) is None and coached.why_closed(next_day) == "taken"
    with coached.rows() as session:
        service.remove_source(session, coached.coach.id, source_id)
    assert coached.busy() == [] and coached.why_closed(next_day) is None


def test_a_calendar_is_asked_by_its_marks_and_read_again_on_another_day(coached: Coached, odd: OddServer) -> None:
    def marked(handler: Handler) -> None:
        known = handler.headers.get("If-None-Match") == '"1"' or handler.headers.get("If-Modified-Since") == "then"
        handler.send(
            b"" if known else calendar(event("a", coached.noon())),
            304 if known else 200,
            ETag='"1"',
            Last_Modified="then",
        )

    odd.answering = marked
    source_id = coached.add(odd.url)
    first = coached.read(source_id)
    again = coached.read(source_id)
    assert (again.trouble, again.etag, again.digest) == (None, '"1"', first.digest) and len(coached.busy()) == 1
    assert odd.asked[-1][2]["If-None-Match"] == '"1"' and odd.asked[-1][2]["If-Modified-Since"] == "then"
    with coached.rows() as session:
        session.get_one(Source, source_id).expanded_on = (clock.now() - timedelta(days=1)).date()
    coached.read(source_id)
    assert "If-None-Match" not in odd.asked[-1][2], "the window has moved on"


def test_whole_days_move_with_their_coach(coached: Coached, odd: OddServer) -> None:
    day = (coached.noon() + timedelta(days=2)).date()
    text = calendar(f"BEGIN:VEVENT\r\nUID:day\r\nDTSTART;VALUE=DATE:{day:%Y%m%d}\r\nEND:VEVENT")
    odd.answering = lambda handler: handler.send(text, ETag='"1"')
    source_id = coached.add(odd.url)
    coached.work()
    ((before, _, _),) = coached.busy()
    with coached.rows() as session:
        coach = session.get_one(Coach, coached.coach.id)
        coach.timezone = "America/Vancouver"
        publish(session, "coach.changed", coach_id=coach.id)
    coached.read(source_id)
    ((after, _, _),) = coached.busy()
    assert after - before == timedelta(hours=3)


def test_web_processes_do_without_what_only_reading_needs() -> None:
    look = "import sys, tests.calendars.bare as bare; print(sorted(bare.HEAVY & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_same_calendar_with_other_stamps_changes_nothing(coached: Coached, odd: OddServer) -> None:
    noon, stamps = coached.noon(), iter(range(10))
    odd.answering = lambda handler: handler.send(
        calendar(event("a", noon)).replace(b"20260101T", f"2026010{next(stamps)}T".encode())
    )
    source_id = coached.add(odd.url)
    digests = {coached.read(source_id).digest for _ in range(3)}
    assert len(digests) == 1


def test_a_failing_calendar_keeps_blocking_and_is_told_of_once(coached: Coached, odd: OddServer) -> None:
    noon = coached.noon()
    odd.answering = busy_at(noon)
    source_id = coached.add(odd.url)
    coached.work()
    odd.answering = lambda handler: handler.send(status=500)
    pauses = []
    for _ in range(5):
        source = coached.read(source_id)
        coached.work()
        assert source.trouble == "server-error" and source.failing_since
        pauses.append(source.due_at - clock.now())
        assert coached.why_closed(noon) == "taken"
    assert pauses == sorted(pauses) and timedelta(seconds=50) < pauses[0] < PERIOD
    assert coached.mails() == ["We can’t read your calendar “Private”"]
    odd.answering = busy_at()
    source = coached.read(source_id)
    assert source.failing_since is None and source.mended_at and coached.why_closed(noon) is None
    odd.answering = lambda handler: handler.send(status=500)
    for _ in range(3):
        coached.read(source_id)
        coached.work()
    assert len(coached.mails()) == 2, "one for each time that it goes wrong"


def test_one_stumble_is_no_news(coached: Coached, odd: OddServer) -> None:
    source_id = coached.add(odd.url)
    coached.work()
    for status in (500, 200, 500, 200):
        odd.answering = lambda handler, status=status: handler.send(calendar() if status == 200 else b"", status)
        coached.read(source_id)
        coached.work()
    assert coached.mails() == []


def test_calendars_are_read_again_when_their_time_has_come(coached: Coached, odd: OddServer) -> None:
    source_id = coached.add(odd.url)
    coached.work()
    asked = len(odd.asked)
    with coached.app.app_context():
        assert service.refresh_due(coached.settings) == 0
    with coached.rows() as session:
        session.get_one(Source, source_id).due_at = clock.now()
    with coached.app.app_context():
        assert service.refresh_due(coached.settings) == 1
    assert len(odd.asked) == asked + 1


def test_an_older_reading_never_covers_a_newer_one(coached: Coached, odd: OddServer) -> None:
    noon, release = coached.noon(), threading.Event()

    def slow(handler: Handler) -> None:
        release.wait(5)
        handler.send(calendar())

    source_id = coached.add(odd.url)
    odd.answering = slow
    older = threading.Thread(target=coached.read, args=(source_id,))
    older.start()
    while not odd.asked:
        time.sleep(0.01)
    with coached.rows() as session:
        session.get_one(Source, source_id).read_at = clock.now()
    release.set()
    older.join()
    assert coached.source(source_id).digest == "" and noon


@pytest.fixture
def api(coached: Coached, client: FlaskClient) -> Api:
    return Api(client, token_of(coached.app, coached.runner))


def test_a_booking_sees_what_came_into_a_calendar_a_moment_ago(coached: Coached, odd: OddServer, api: Api) -> None:
    noon = coached.noon()
    odd.answering = busy_at()
    source_id = coached.add(odd.url)
    coached.work()
    odd.answering = busy_at(noon)
    body = {"offer": str(coached.offer.id), "starts_at": noon.isoformat()}
    age(coached, source_id)
    answer = api("POST", "/bookings", **body)
    assert answer.status_code == 409 and answer.json and answer.json["type"] == "time-gone"
    odd.answering = busy_at()
    assert api("POST", "/bookings", **body).status_code == 409, "read seconds ago: not asked again"
    age(coached, source_id)
    held = api("POST", "/bookings", **body)
    assert held.status_code == 201


def test_moving_a_booking_and_the_page_see_it_too(
    coached: Coached, odd: OddServer, client: FlaskClient, api: Api
) -> None:
    noon, later = coached.noon(), coached.noon(5)
    source_id = coached.add(odd.url)
    coached.work()
    with coached.rows() as session:
        booking = hold(
            session,
            session.get_one(Offer, coached.offer.id),
            session.get_one(User, coached.runner.id),
            noon,
        )
        pay(session, booking)
        booking_id = booking.id
    odd.answering = busy_at(later)
    age(coached, source_id)
    answer = api("POST", f"/bookings/{booking_id}/rescheduling", starts_at=later.isoformat())
    assert answer.status_code == 409
    age(coached, source_id)
    browser = make.signed_in(client, coached.runner.id)
    assert (
        browser.post(f"/bookings/{booking_id}/rescheduling", data={"starts_at": later.isoformat()}).status_code == 409
    )
    age(coached, source_id)
    form = {"id": str(uuid4()), "offer": str(coached.offer.id), "starts_at": later.isoformat(), "pain": "no"}
    asked = len(odd.asked)
    assert browser.post("/bookings", data=form | {"amount": "9500", "currency": "CAD"}).status_code == 409
    assert len(odd.asked) == asked + 1


def test_a_calendar_that_hangs_delays_one_booking_a_little_and_blocks_none(
    coached: Coached, odd: OddServer, api: Api
) -> None:
    noon = coached.noon()
    odd.answering = busy_at(noon)
    source_id = coached.add(odd.url)
    other_id = coached.add(f"{odd.url}/other")
    coached.work()
    odd.answering = lambda handler: time.sleep(8)
    for each in (source_id, other_id):
        age(coached, each)
    began = time.monotonic()
    gone = api("POST", "/bookings", offer=str(coached.offer.id), starts_at=noon.isoformat())
    assert FRESH_SECONDS - 0.5 < time.monotonic() - began < FRESH_SECONDS + 2
    assert gone.status_code == 409, "what it last said counts"
    began = time.monotonic()
    free = coached.noon(4).isoformat()
    assert api("POST", "/bookings", offer=str(coached.offer.id), starts_at=free).status_code == 201
    assert time.monotonic() - began < 2, "it was tried a moment ago"
    source = coached.source(source_id)
    assert source.failing_since is None and source.due_at <= clock.now(), "the job finds out what is wrong"


def test_strangers_set_nothing_off(coached: Coached, odd: OddServer, client: FlaskClient) -> None:
    coached.add(odd.url)
    body = {"offer": str(coached.offer.id), "starts_at": coached.noon().isoformat()}
    assert client.post("/api/v1/bookings", json=body).status_code == 401
    client.post("/bookings", data=body)
    assert odd.asked == []


def test_paid_too_late_is_given_back_when_her_calendar_has_filled_meanwhile(coached: Coached, odd: OddServer) -> None:
    noon = coached.noon()
    coached.add(odd.url)
    with coached.rows() as session:
        offer, runner = (
            session.get_one(Offer, coached.offer.id),
            session.get_one(User, coached.runner.id),
        )
        booking = hold(session, offer, runner, noon)
        bookings.expire(session, booking.id)
        booking_id = booking.id
    odd.answering = busy_at(noon)
    coached.work()
    with coached.rows() as session:
        booking = session.get_one(Booking, booking_id)
        pay(session, booking)
        assert booking.status == "expired" and refunds(session) == [booking.price]


def test_another_secret_key_is_said_and_breaks_nothing(coached: Coached, odd: OddServer) -> None:
    odd.answering = busy_at(coached.noon())
    source_id = coached.add(odd.url)
    coached.work()
    coached.app.extensions["settings"] = coached.settings.model_copy(update={"secret_key": "another" * 8})
    assert coached.read(source_id).trouble == "key-changed" and len(coached.busy()) == 1


def test_addresses_are_sealed_at_rest(coached: Coached, odd: OddServer) -> None:
    source = coached.source(coached.add(f"{odd.url}/private-7f3a/basic.ics"))
    assert "7f3a" not in source.model_dump_json()
    assert sealing.unseal(coached.settings.secret_key, source.sealed)["url"].endswith("/private-7f3a/basic.ics")


def test_what_is_no_address_and_what_is_too_many_is_refused(coached: Coached) -> None:
    for address in (
        "nonsense with blanks",
        "ftp://example.com/a.ics",
        "javascript:alert(1)",
        "https://",
        "http://a:99999/",
    ):
        with pytest.raises(Invalid, match="calendar-address"):
            coached.add(address)
    with pytest.raises(Invalid, match="calendar-own"):
        coached.add("http://localhost/calendar/abc.ics")
    for number in range(20):
        coached.add(f"webcal://calendars.example/{number}.ics")
    with pytest.raises(Conflict, match="calendars-many"):
        coached.add("webcal://calendars.example/20.ics")
    coached.add("https://calendars.example/7.ics")
    with coached.rows() as session:
        assert len(queries.sources(session, coached.coach.id)) == 20, "the same address is the same calendar"


def test_whoever_leaves_leaves_no_password_behind(coached: Coached, odd: OddServer) -> None:
    odd.answering = busy_at(coached.noon())
    coached.add(odd.url)
    with coached.rows() as session:
        service.renew_feed(session, coached.person.id)
        service.add_account(
            session,
            coached.coach.id,
            account_id=uuid4(),
            server=odd.url,
            user="i",
            password="p",
            settings=coached.settings,
        )
    coached.work()
    with coached.rows() as session:
        assert people.export(session, coached.person.id)["calendars"][0]["name"] == "Private"
        people.close(session, coached.person.id)
        assert not queries.sources(session, coached.coach.id) and not queries.accounts(session, coached.coach.id)
    assert coached.busy() == []


def test_a_booking_is_made_and_told_of_though_the_calendar_it_is_written_into_breaks(
    coached: Coached, odd: OddServer
) -> None:
    """A 500 is tried again by the job until the calendar takes the newest version."""
    with coached.rows() as session:
        source_id = coached_source(session, coached, f"{odd.url}/iris/work/")
        offer, runner = (
            session.get_one(Offer, coached.offer.id),
            session.get_one(User, coached.runner.id),
        )
        odd.answering = lambda handler: handler.send(status=500)
        booking = hold(session, offer, runner, coached.noon(), fee_percent=Decimal(15))
        pay(session, booking)
        booking_id = booking.id
    coached.work()
    with coached.rows() as session:
        assert session.get_one(Booking, booking_id).is_confirmed
        assert queries.write_trouble(session, coached.coach.id) == "server-error"
        bookings.reschedule(session, booking_id, by=session.get_one(User, coached.runner.id), starts_at=coached.noon(6))
        for job in session.scalars(select(Job).where(col(Job.name) == "calendars.send")):
            job.run_at = clock.now()
    odd.asked.clear()
    odd.answering = lambda handler: handler.send(status=201)
    with coached.app.app_context():
        run_due()
    assert [(method, path) for method, path, _ in odd.asked] == [("PUT", f"/iris/work/{booking_id}.ics")]
    with coached.rows() as session:
        assert queries.write_trouble(session, coached.coach.id) is None and session.get_one(Source, source_id).writes


def coached_source(session: Any, coached: Coached, url: str) -> Any:
    """A calendar of an account that is written into."""
    from marketplace.calendars.service.accounts import _source

    account = service.add_account(
        session, coached.coach.id, account_id=uuid4(), server=url, user="iris", password="p", settings=coached.settings
    )
    source = _source(coached.coach.id, url, "Work", coached.settings, account_id=account.id, blocks=False)
    session.add(source)
    session.flush()
    service.choose(session, coached.coach.id, blocks=set(), writes=source.id)
    return source.id
