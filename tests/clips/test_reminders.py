"""A runner who has sent no clip is asked for it: a day after she booked and a day before it is due, never after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.accounts.policy import Reminders
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.clips import service
from marketplace.clips.reminders import clip_due_at, clip_owed
from marketplace.clips.service import About
from marketplace.coaches.kinds import OfferKind
from marketplace.db import new_id, transaction
from marketplace.jobs import Job
from tests.clips.scene import booked

BOOKED = datetime(2027, 3, 12, 15, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CALL, REVIEW, MEETING = OfferKind.VIDEO_CALL, OfferKind.CLIP_REVIEW, OfferKind.IN_PERSON


@given(st.integers(1, 336), st.lists(st.integers(0, 400 * 60), max_size=40).map(sorted))
def test_she_is_asked_once_or_twice_a_day_apart_and_before_it_is_due(due_in: int, looks: list[int]) -> None:
    due_at, asked = BOOKED + due_in * HOUR, list[datetime]()
    for now in (BOOKED + timedelta(minutes=look) for look in looks):
        if clip_owed(due_at, booked_at=BOOKED, asked_at=asked[-1] if asked else None, now=now):
            asked.append(now)
    assert len(asked) <= (2 if due_in >= 72 else 1)
    assert all(BOOKED < each < due_at for each in asked)
    first = BOOKED + min(DAY, due_in * HOUR / 2)
    looked = [each for look in looks if first <= (each := BOOKED + timedelta(minutes=look)) < due_at]
    assert asked[:1] == looked[:1]


def test_a_clip_is_due_a_day_before_a_call_and_by_the_answer_of_a_review() -> None:
    assert clip_due_at(CALL, starts_at=BOOKED, due_at=None) == BOOKED - DAY
    assert clip_due_at(REVIEW, starts_at=None, due_at=BOOKED) == BOOKED
    assert clip_due_at(MEETING, starts_at=BOOKED, due_at=None) is None


def test_a_week_long_promise_has_two_marks() -> None:
    due_at = BOOKED + 7 * DAY
    hours = [0, 23, 24, 25, 143, 144, 145, 168]
    found, asked = list[int](), None
    for hour in hours:
        now = BOOKED + hour * HOUR
        if clip_owed(due_at, booked_at=BOOKED, asked_at=asked, now=now):
            found, asked = [*found, hour], now
    assert found == [24, 144]


def wanted(app: Flask, *, ago: timedelta, ahead: timedelta, kind: OfferKind = REVIEW, **changes: Any) -> Booking:
    """A booking confirmed `ago` whose answer is promised, or whose visit starts, `ahead` from now."""
    now = clock.now()
    when = {"due_at": now + ahead} if kind is REVIEW else {"starts_at": now + ahead, "ends_at": now + ahead + HOUR}
    with app.app_context(), transaction() as session:
        return booked(session, kind=kind, confirmed_at=now - ago, **when | changes)


def asked(app: Flask) -> list[dict[str, Any]]:
    """The mails that the worker sends when it looks now."""
    with app.app_context():
        before = {job.id for job in _jobs("mail.send")}
        jobs.TASKS["clips.ask_due"].run()
        for job in _jobs("clips.ask"):
            with transaction() as session:
                jobs.TASKS["clips.ask"].run(session, **job.payload)
        return [job.payload for job in _jobs("mail.send") if job.id not in before]


@pytest.mark.both_databases
def test_the_runner_alone_is_asked_once(app: Flask) -> None:
    booking = wanted(app, ago=DAY + HOUR, ahead=2 * DAY)
    (mail,) = asked(app)
    with app.app_context(), transaction(write=False) as session:
        assert mail["to"] == session.get_one(User, booking.runner_id).email
        assert [event.move for event in bookings.history(session, booking.id)] == ["ask-clip"]
    assert f"http://localhost/bookings/{booking.id}/clip\n" in mail["text"]
    assert "http://localhost/issues/hip-drop#filming\n" in mail["text"]
    assert "/account#reminders" in mail["text"] and "hip height" in mail["text"]
    assert asked(app) == []


@pytest.mark.parametrize(
    ("kind", "ago", "ahead", "mails"),
    [
        (REVIEW, 23 * HOUR, 3 * DAY, 0),
        (REVIEW, 9 * HOUR, 7 * HOUR, 1),  # half of a short promise
        (REVIEW, 3 * DAY, -HOUR, 0),
        (CALL, 25 * HOUR, 9 * DAY, 1),
        (CALL, 9 * DAY, 9 * DAY, 0),  # long ago: the worker was down, and the day before it is due still comes
        (CALL, 9 * DAY, 47 * HOUR, 1),
        (CALL, 9 * DAY, 23 * HOUR, 0),  # due already: the reminder of the visit says it
        (MEETING, 2 * DAY, 9 * DAY, 0),
    ],
)
def test_when_she_is_asked(app: Flask, kind: OfferKind, ago: timedelta, ahead: timedelta, mails: int) -> None:
    wanted(app, kind=kind, ago=ago, ahead=ahead)
    assert len(asked(app)) == mails


def test_a_call_is_named_by_its_time_and_an_unknown_issue_leads_to_our_own_page(app: Flask) -> None:
    booking = wanted(app, kind=CALL, ago=9 * DAY, ahead=47 * HOUR, issues=[])
    (mail,) = asked(app)
    assert "You meet Coach" in mail["text"] and f"/bookings/{booking.id}/clip#filming\n" in mail["text"]


def test_who_has_sent_one_or_cancelled_or_wants_no_mails_is_not_asked(app: Flask) -> None:
    sent, wants_none = wanted(app, ago=2 * DAY, ahead=DAY), wanted(app, ago=2 * DAY, ahead=DAY)
    wanted(app, ago=2 * DAY, ahead=DAY, status=BookingStatus.CANCELLED)
    with app.app_context(), transaction() as session:
        runner = session.get_one(User, sent.runner_id)
        link = "https://video.example.com/7"
        service.attach_link(session, sent.id, clip_id=new_id(), by=runner, link=link, about=About())
        session.get_one(User, wants_none.runner_id).reminders = Reminders.NONE
    assert [mail for mail in asked(app) if "Film" in mail["subject"]] == []


def test_a_clip_that_comes_between_looking_and_asking_is_enough(app: Flask) -> None:
    booking = wanted(app, ago=2 * DAY, ahead=DAY)
    with app.app_context():
        jobs.TASKS["clips.ask_due"].run()
        with transaction() as session:
            runner = session.get_one(User, booking.runner_id)
            link = "https://video.example.com/7"
            service.attach_link(session, booking.id, clip_id=new_id(), by=runner, link=link, about=About())
            assert not service.ask(session, booking.id)


def _jobs(name: str) -> list[Job]:
    with transaction(write=False) as session:
        return list(
            session.scalars(select(Job).where(col(Job.name) == name).order_by(col(Job.created_at), col(Job.id)))
        )
