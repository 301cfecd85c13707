"""Sessions written into a calendar elsewhere: no booking waits for it, and the newest version has the last word."""

import threading
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.calendars import queries, service
from marketplace.calendars.models import Entry, Source
from marketplace.coaches.models import Offer
from marketplace.jobs import Job, run_due
from tests.bookings.world import hold, pay
from tests.calendars.conftest import Coached
from tests.calendars.servers import Handler, OddServer


@pytest.mark.both_databases
def test_a_booking_is_made_and_told_of_though_the_calendar_it_is_written_into_breaks(
    coached: Coached, odd: OddServer
) -> None:
    """A 500 is tried again by the job until the calendar takes the newest version."""
    with coached.rows() as session:
        source_id = coached_source(session, coached, f"{odd.url}/iris/sessions/")
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
    assert [(method, path) for method, path, _ in odd.asked] == [("PUT", f"/iris/sessions/{booking_id}.ics")]
    with coached.rows() as session:
        entry = session.get_one(Entry, (source_id, booking_id))
        service.forget_sent(session)
        assert "Robin" in entry.text, "a slower job may still be on its way with an older version"
        entry.changed_at -= timedelta(hours=8)
        session.flush()
        service.forget_sent(session)
        session.refresh(entry)
        assert entry.text == "" and entry.sent == entry.version
    with coached.rows() as session:
        assert queries.write_trouble(session, coached.coach.id) is None and session.get_one(Source, source_id).writes


def test_the_newest_version_wins_whichever_job_comes_last(coached: Coached, odd: OddServer) -> None:
    """The first sending is held up until the second is through; then it looks, and sends the newest once more."""
    second_is_through, there = threading.Event(), []

    def answering(handler: Handler) -> None:
        if handler.command == "PUT":
            if b"SEQUENCE:0" in handler.body and not second_is_through.is_set():
                second_is_through.wait(5)
            there.append(handler.body)
        handler.send(status=201)

    odd.answering = answering
    with coached.rows() as session:
        source_id, holder_id = coached_source(session, coached, f"{odd.url}/iris/sessions/"), uuid4()
        service.write(session, coached.coach.id, holder_id, "SEQUENCE:0")

    def send() -> None:
        with coached.app.app_context():
            service.send(source_id, holder_id, coached.settings)

    first = threading.Thread(target=send)
    first.start()
    while not any(method == "PUT" for method, _, _ in odd.asked):
        time.sleep(0.01)
    with coached.rows() as session:
        service.write(session, coached.coach.id, holder_id, "SEQUENCE:1")
    send()
    second_is_through.set()
    first.join()
    assert there == [b"SEQUENCE:1", b"SEQUENCE:0", b"SEQUENCE:1"]


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
