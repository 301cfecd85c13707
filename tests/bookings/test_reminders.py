"""Reminders: a day and two hours ahead, each once, late when the worker was down, none that no longer makes sense."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.accounts.policy import Reminders
from marketplace.bookings import queries, reminder_mails, service
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.bookings.reminders import HOURS, owed
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.jobs import Job
from tests import make
from tests.bookings.world import confirmed, hold, times

START = datetime(2027, 3, 14, 13, tzinfo=UTC)
WORKERS = 4
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
around = st.integers(-40 * 60, 60).map(lambda minutes: START + timedelta(minutes=minutes))


@given(around, st.lists(around, max_size=30).map(sorted))
def test_whenever_somebody_looks_each_reminder_is_owed_once_and_only_while_it_makes_sense(
    told_at: datetime, looks: list[datetime]
) -> None:
    booked_at, sent = told_at, dict[int, datetime]()
    looks = [look for look in looks if look >= booked_at]
    for now in looks:
        if hours := owed(START, told_at, now):
            assert hours not in sent
            sent[hours] = told_at = now
    spans = {24: (START - DAY, START - 2 * HOUR), 2: (START - 2 * HOUR, START)}
    for hours, (since, until) in spans.items():
        looked = any(since <= look < until for look in looks)
        assert (hours in sent) == (looked and booked_at < since)
        assert hours not in sent or since <= sent[hours] < until


def test_the_day_before_is_24_hours_before_in_the_night_of_a_change_too() -> None:
    nine = datetime(2027, 3, 14, 9, tzinfo=ZoneInfo("America/Toronto")).astimezone(UTC)
    eight_the_day_before = datetime(2027, 3, 13, 8, tzinfo=ZoneInfo("America/Toronto"))
    assert owed(nine, nine - 9 * DAY, eight_the_day_before) == 24
    assert owed(nine, nine - 9 * DAY, eight_the_day_before - timedelta(seconds=1)) is None


@pytest.mark.parametrize(("wanted", "gets"), [("all", {24, 2}), ("day-before", {24}), ("none", set())])
def test_a_person_gets_those_she_wants(wanted: str, gets: set[int]) -> None:
    assert {hours for hours in HOURS if Reminders(wanted).wants(hours)} == gets


Booked = Callable[..., Booking]


@pytest.fixture
def booked(app: Flask) -> Booked:
    """A confirmed visit that starts `ahead` from now and was booked `ago`, with its runner and coach."""

    def make_it(
        ahead: timedelta, ago: timedelta = 9 * DAY, kind: OfferKind = OfferKind.VIDEO_CALL, **of: Any
    ) -> Booking:
        with app.app_context(), transaction() as session:
            offer = make.offer(session, make.coach(session), kind, **of)
            booking = (confirmed if offer.price else hold)(session, offer, make.user(session))
            _begins(session, booking, ahead, ago)
            return booking

    return make_it


def sent(app: Flask) -> list[tuple[str, str]]:
    """What the worker mails when it looks now: whom, and the first word of it, "Reminder" or "Soon"."""
    return [(mail["to"], mail["subject"].split(":")[0]) for mail in reminders(app)]


def reminders(app: Flask) -> list[dict[str, Any]]:
    with app.app_context():
        before = {job.id for job in _jobs("mail.send")}
        jobs.TASKS["bookings.remind_due"].run()
        for name in ("bookings.remind",):
            for job in _jobs(name):
                with transaction() as session:
                    jobs.TASKS[name].run(session, **job.payload)
        new = [job for job in _jobs("mail.send") if job.id not in before]
    return [job.payload for job in new]


def both(app: Flask, booking: Booking, word: str) -> list[tuple[str, str]]:
    with app.app_context(), transaction(write=False) as session:
        parties = queries.parties(session, session.get_one(Booking, booking.id))
        return [(parties.runner.email, word), (parties.coach_user.email, word)]


@pytest.mark.both_databases
def test_both_are_reminded_a_day_and_two_hours_ahead_and_once(app: Flask, booked: Booked) -> None:
    booking = booked(ahead=DAY + HOUR)
    assert sent(app) == []
    later(app, booking, 2 * HOUR)
    assert sent(app) == both(app, booking, "Reminder")
    assert sent(app) == []
    later(app, booking, 20 * HOUR)
    assert sent(app) == []
    later(app, booking, 2 * HOUR)
    assert sent(app) == both(app, booking, "Soon")
    assert sent(app) == []
    with app.app_context(), transaction(write=False) as session:
        moves = [event.move for event in queries.history(session, booking.id)]
    assert moves == ["hold", "confirm", "remind", "remind"]


@pytest.mark.parametrize(
    ("ahead", "ago", "words"),
    [
        (3 * HOUR, 9 * DAY, ["Reminder"]),  # the worker was down for most of a day
        (HOUR, 9 * DAY, ["Soon"]),  # and longer: never both at once
        (timedelta(seconds=-1), 9 * DAY, []),
        (20 * HOUR, 2 * HOUR, []),  # booked within the day
        (HOUR, 22 * HOUR, ["Soon"]),
        (HOUR, HOUR / 2, []),  # booked within the two hours
    ],
)
def test_late_ones_are_sent_while_they_make_sense(
    app: Flask, booked: Booked, ahead: timedelta, ago: timedelta, words: list[str]
) -> None:
    booking = booked(ahead=ahead, ago=ago)
    assert sent(app) == [pair for word in words for pair in both(app, booking, word)]


def test_nobody_is_reminded_of_what_is_not_going_to_be(app: Flask, booked: Booked) -> None:
    cancelled, cancelled_late = booked(ahead=DAY - HOUR), booked(ahead=DAY - HOUR)
    with app.app_context(), transaction() as session:
        held = hold(session, make.offer(session, make.coach(session)), make.user(session))
        held.starts_at, held.created_at = clock.now() + HOUR, clock.now() - DAY
        service.cancel(session, cancelled.id, by=session.get_one(User, cancelled.runner_id))
    with app.app_context():
        jobs.TASKS["bookings.remind_due"].run()
        (job,) = _jobs("bookings.remind")
        with transaction() as session:
            service.cancel(session, cancelled_late.id, by=session.get_one(User, cancelled_late.runner_id))
        with transaction() as session:
            jobs.TASKS["bookings.remind"].run(session, **job.payload)
        assert job.payload["booking_id"] == str(cancelled_late.id)
        assert not [mail for mail in _jobs("mail.send") if "Reminder" in mail.payload["subject"]]


def test_a_moved_visit_has_reminders_of_its_own(app: Flask, booked: Booked) -> None:
    booking = booked(ahead=DAY - HOUR, cancel_hours=0)
    assert len(sent(app)) == 2
    with app.app_context(), transaction() as session:
        kept = session.get_one(Booking, booking.id)
        runner, new = session.get_one(User, kept.runner_id), times(session, session.get_one(Offer, kept.offer_id))[9]
        service.reschedule(session, booking.id, by=runner, starts_at=new)
    assert sent(app) == []
    with app.app_context(), transaction() as session:
        _begins(session, session.get_one(Booking, booking.id), DAY - HOUR, 9 * DAY)
    assert sent(app) == both(app, booking, "Reminder")


def test_a_visit_moved_to_within_the_day_needs_no_mail_beside_that_of_the_move(app: Flask, booked: Booked) -> None:
    booking = booked(ahead=9 * DAY)
    with app.app_context(), transaction() as session:
        kept = session.get_one(Booking, booking.id)
        _begins(session, kept, 20 * HOUR, 9 * DAY)
        session.add(BookingEvent(booking_id=booking.id, move="reschedule", by="runner", at=clock.now() - HOUR))
    assert sent(app) == []


def test_a_job_done_twice_mails_once(app: Flask, booked: Booked) -> None:
    booking = booked(ahead=DAY - HOUR)
    with app.app_context():
        with transaction() as session:
            assert service.remind(session, booking.id) == 24
        with transaction() as session:
            assert service.remind(session, booking.id) is None


@pytest.mark.both_databases
def test_of_workers_who_remind_at_one_instant_one_does(app: Flask, booked: Booked) -> None:
    bookings, gate = [booked(ahead=DAY - HOUR) for _ in range(5)], Barrier(WORKERS)

    def remind(_worker: int) -> list[int | None]:
        with app.app_context():
            gate.wait()
            return [_remind(booking) for booking in bookings]

    with ThreadPoolExecutor(WORKERS) as workers:
        found = list(workers.map(remind, range(WORKERS)))
    assert [sorted(filter(None, each)) for each in zip(*found, strict=True)] == [[24]] * len(bookings)


def _remind(booking: Booking) -> int | None:
    with transaction() as session:
        return service.remind(session, booking.id)


@pytest.mark.parametrize("wanted", list(Reminders))
def test_who_wants_none_gets_none_and_the_other_side_still_does(app: Flask, booked: Booked, wanted: Reminders) -> None:
    booking = booked(ahead=HOUR)
    with app.app_context(), transaction() as session:
        session.get_one(User, booking.runner_id).reminders = wanted
    runner, coach = both(app, booking, "Soon")
    assert sent(app) == ([runner, coach] if wanted is Reminders.ALL else [coach])


def test_each_reads_what_she_needs_in_her_zone_and_language(app: Flask, booked: Booked) -> None:
    where = {"exact_address": "12 Elm Street, side door", "meeting_point": "Hampton Park", "bad_weather": "Indoors."}
    booking = booked(9 * DAY, kind=OfferKind.IN_PERSON, **where)
    with app.app_context(), transaction() as session:
        starts_at, runner = booking.starts_at, session.get_one(User, booking.runner_id)
        runner.language, runner.timezone, runner.name = "fr", "Europe/Paris", "Rina Coureuse"
        reminder_mails.remind(session, booking.id, 24)
    with app.app_context():
        to_runner, to_coach = (job.payload["text"] for job in _jobs("mail.send")[-2:])
        subjects = [job.payload["subject"] for job in _jobs("mail.send")[-2:]]
    assert starts_at
    paris, toronto = (starts_at.astimezone(ZoneInfo(zone)) for zone in ("Europe/Paris", "America/Toronto"))
    ends = starts_at + timedelta(minutes=30)
    assert re.fullmatch(rf"Rappel : Form review, \w+\. {paris.day} [\w.]+, {paris:%H:%M}", subjects[0])
    assert re.fullmatch(rf"Reminder: Rina Coureuse, {toronto:%a, %b} {toronto.day}, {toronto:%H:%M}", subjects[1])
    base = f"http://localhost/fr/bookings/{booking.id}"
    assert re.search(rf"{paris:%H:%M} – {ends.astimezone(paris.tzinfo):%H:%M} \(heure .*Europe centrale\)", to_runner)
    assert re.search(rf"{toronto:%H:%M} – {ends.astimezone(toronto.tzinfo):%H:%M} \(Eastern [\w ]+ Time\)", to_coach)
    for part in ("30 minutes", *where.values(), f"{base}\n", f"{base}/rescheduling\n", "/fr/account#reminders"):
        assert part in to_runner
    for part in ("Rina Coureuse", "Hip drop", "10K", "12 Elm", f"http://localhost/bookings/{booking.id}\n"):
        assert part in to_coach
    assert "/rescheduling" not in to_coach and "\n\n\n" not in to_runner + to_coach


def test_a_runner_without_a_clip_reads_how_to_send_one(app: Flask, booked: Booked) -> None:
    booking = booked(ahead=DAY - HOUR, call_link="https://meet.example/7")
    to_runner, to_coach = (mail["text"] for mail in reminders(app))
    assert f"/bookings/{booking.id}/clip\n" in to_runner and "/clip" not in to_coach
    assert all("https://meet.example/7" in text for text in (to_runner, to_coach))


@pytest.mark.parametrize(
    ("ahead", "of", "words"),
    [
        (24 * HOUR - HOUR, {"cancel_hours": 12}, ["you may move it", "cancel before"]),
        (24 * HOUR - HOUR, {"cancel_hours": 48}, ["no money back"]),
        (24 * HOUR - HOUR, {"price": 0}, ["so that others can have the time"]),
    ],
)
def test_it_says_until_when_what_is_free(
    app: Flask, booked: Booked, ahead: timedelta, of: dict[str, int], words: list[str]
) -> None:
    booked(ahead=ahead, **of)
    text = reminders(app)[0]["text"]
    assert all(word in text for word in words)
    assert ("you may move it" in text) == ("you may move it" in words)


def test_the_coach_of_a_group_gets_one_mail_that_names_all(app: Flask, booked: Booked) -> None:
    first = booked(ahead=DAY - HOUR)
    with app.app_context(), transaction() as session:
        one = session.get_one(Booking, first.id)
        coach = session.get_one(Coach, one.coach_id)
        other = confirmed(session, session.get_one(Offer, one.offer_id), make.user(session, name="Another Runner"))
        _begins(session, other, DAY - HOUR, 9 * DAY)
        other.visit_id, other.seat, other.starts_at, other.ends_at = one.visit_id, 2, one.starts_at, one.ends_at
        email = session.get_one(User, coach.user_id).email
    mails = reminders(app)
    (to_coach,) = [mail for mail in mails if mail["to"] == email]
    assert len(mails) == 3
    assert "Another Runner" in to_coach["text"] and str(first.id) in to_coach["text"]


def later(app: Flask, booking: Booking, by: timedelta) -> None:
    """So much time passes for this booking."""
    with app.app_context(), transaction() as session:
        kept = session.get_one(Booking, booking.id)
        assert kept.starts_at and kept.ends_at
        kept.starts_at, kept.ends_at = kept.starts_at - by, kept.ends_at - by
        for event in queries.history(session, booking.id):
            event.at -= by


def _begins(session: Session, booking: Booking, ahead: timedelta, ago: timedelta) -> None:
    """Let the visit start `ahead` from now, and all that happened to it have happened `ago`."""
    now = clock.now()
    booking.starts_at, booking.ends_at = now + ahead, now + ahead + timedelta(minutes=30)
    for event in queries.history(session, booking.id):
        event.at = now - ago


def _jobs(name: str) -> list[Job]:
    with transaction(write=False) as session:
        return list(
            session.scalars(select(Job).where(col(Job.name) == name).order_by(col(Job.created_at), col(Job.id)))
        )
