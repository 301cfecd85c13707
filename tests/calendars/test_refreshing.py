"""Reading a coach's calendars: no more than what is new, failing closed, told once."""

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from marketplace import clock
from marketplace.accounts import service as people
from marketplace.calendars import queries, sealing, service
from marketplace.calendars.models import Source
from marketplace.calendars.service.refreshing import PERIOD
from marketplace.coaches.models import Coach
from marketplace.db import new_id
from marketplace.errors import Conflict, Invalid
from marketplace.jobs import publish
from tests import make
from tests.calendars.conftest import Coached
from tests.calendars.servers import Handler, OddServer, busy_at, calendar, event

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.both_databases
def test_what_is_read_closes_the_time_and_replaces_what_was_read_before(coached: Coached, odd: OddServer) -> None:
    noon, next_day = coached.noon(), coached.noon(4)
    odd.answering = busy_at(noon)
    source_id = coached.add(odd.url)
    coached.work()
    assert coached.why_closed(noon) == "busy" and coached.why_closed(next_day) is None
    odd.answering = busy_at(next_day)
    coached.read(source_id)
    assert coached.why_closed(noon) is None and coached.why_closed(next_day) == "busy"
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
        assert coached.why_closed(noon) == "busy"
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


def test_another_secret_key_is_said_and_breaks_nothing(coached: Coached, odd: OddServer) -> None:
    odd.answering = busy_at(coached.noon())
    source_id = coached.add(odd.url)
    coached.work()
    coached.app.extensions["settings"] = coached.settings.model_copy(update={"secret_key": "another" * 8})
    assert coached.read(source_id).trouble == "key-changed" and len(coached.busy()) == 1
    coached.add(odd.url)
    coached.work()
    source = coached.source(source_id)
    assert source.trouble is None and source.failing_since is None, "added again, as she was asked to, it is read"


def test_a_form_sent_again_with_another_address_is_another_calendar(coached: Coached, odd: OddServer) -> None:
    source_id = coached.add(f"{odd.url}/first.ics")
    with coached.rows() as session:
        other = make.coach(session)
        addresses = [f"{odd.url}/second.ics", f"{odd.url}/third.ics"]
        for whose, address in zip((coached.coach, other), addresses, strict=True):
            service.add_address(
                session, whose.id, source_id=source_id, address=address, name="", settings=coached.settings
            )
        hers = queries.sources(session, coached.coach.id)
        assert len(hers) == 2 and [each.coach_id for each in queries.sources(session, other.id)] == [other.id]
        kept = {sealing.unseal(coached.settings.secret_key, each.sealed)["url"] for each in hers}
        assert kept == {f"{odd.url}/first.ics", addresses[0]}


def test_an_account_of_another_name_under_a_known_id_is_another_one(coached: Coached, odd: OddServer) -> None:
    with coached.rows() as session:
        account_id = new_id()
        for user in ("iris", "ivy"):
            service.add_account(
                session,
                coached.coach.id,
                account_id=account_id,
                server=odd.url,
                user=user,
                password="up-hill-9",
                settings=coached.settings,
            )
        for each in queries.accounts(session, coached.coach.id):
            assert sealing.unseal(coached.settings.secret_key, each.sealed)["user"] == each.login


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


@pytest.mark.both_databases
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


def test_a_calendar_that_hangs_fails_closed_with_one_mail(coached: Coached, odd: OddServer) -> None:
    """Through the whole ten seconds that a job gives it, twice."""
    noon = coached.noon()
    odd.answering = busy_at(noon)
    source_id = coached.add(odd.url)
    coached.work()
    odd.answering = lambda handler: time.sleep(12)
    for _ in range(2):
        began = time.monotonic()
        assert coached.read(source_id).trouble == "too-slow" and time.monotonic() - began < 13
        coached.work()
    assert coached.why_closed(noon) == "busy" and len(coached.mails()) == 1
