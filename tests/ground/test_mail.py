"""Mails leave by SMTP, whole, once, and carry their files."""

from pathlib import Path

import pytest
from flask import Flask

from marketplace import create_app, jobs
from marketplace.db import transaction
from marketplace.demo import mailbox
from marketplace.mail import Attachment, add_unsubscribe, compose, send_later
from tests.conftest import free_port, test_settings


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def mailing_app(sqlite_app: Flask, tmp_path: Path, inbox: Path):  # type: ignore[no-untyped-def]
    """The app with a real mail server of its own."""
    port = free_port()
    server = mailbox.serve(inbox, port)
    yield create_app(test_settings(tmp_path, mail_url=f"smtp://127.0.0.1:{port}"))
    server.stop()


def test_a_mail_arrives_with_its_calendar_file(mailing_app: Flask, inbox: Path) -> None:
    event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Séance à l’érablière\r\nEND:VCALENDAR\r\n"
    file = Attachment("session.ics", "text/calendar; method=REQUEST; charset=utf-8", event)
    with mailing_app.app_context():
        with transaction() as session:
            send_later(
                session, to="r@example.com", subject="Réservé", text="Àdemain\n", html="<p>x</p>", attachments=[file]
            )
        assert jobs.run_due() == 1
    (mail,) = mailbox.mails(inbox)
    assert (mail["to"], mail["subject"], mail["text"].strip()) == ("r@example.com", "Réservé", "Àdemain")
    assert mail["attachments"][0]["name"] == "session.ics"
    assert "method" in mail["attachments"][0]["type"]
    assert "Séance à l’érablière" in mail["attachments"][0]["text"]


def test_one_key_is_one_mail(mailing_app: Flask, inbox: Path) -> None:
    with mailing_app.app_context():
        for _ in range(3):
            with transaction() as session:
                send_later(session, to="r@example.com", subject="Once", text="x", key="booking:1:confirmed")
        jobs.run_due()
    assert len(mailbox.mails(inbox)) == 1


def test_a_mail_waits_for_a_server_that_is_away(sqlite_app: Flask) -> None:
    with sqlite_app.app_context():
        with transaction() as session:
            send_later(session, to="r@example.com", subject="Later", text="x")
        assert jobs.run_next()
        with transaction(write=False) as session:
            (row,) = session.execute(jobs.select(jobs.Job)).scalars()
    assert row.status is jobs.JobStatus.READY and row.attempts == 1


def test_no_line_break_reaches_a_header() -> None:
    message = compose("a@example.com", "b@example.com", "Hello\r\nBcc: everybody@example.com", "x", None, [])
    assert message["Subject"] == "Hello Bcc: everybody@example.com"
    assert message["Bcc"] is None


def test_a_long_address_to_unsubscribe_is_written_as_it_is() -> None:
    message = compose("a@example.com", "b@example.com", "Héllo", "x", None, [])
    url = "https://runsight.example/searches/stop/" + "abcDEF-_." * 30
    add_unsubscribe(message, url)
    lines = message.as_bytes().decode().split("\r\n")
    assert f"List-Unsubscribe: <{url}>" in lines
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in lines
