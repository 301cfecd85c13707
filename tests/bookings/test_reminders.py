"""Reminders: a day and two hours ahead, each once, late when the worker was down, none that no longer makes sense."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.accounts.policy import Reminders
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.bookings.reminders import HOURS, owed
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from tests import make
from tests.bookings.reminding import DAY, HOUR, begins, booked, both, jobs_of, later, sent
from tests.bookings.world import hold, times

START = datetime(2027, 3, 14, 13, tzinfo=UTC)
WORKERS = 4
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


@pytest.mark.both_databases
def test_both_are_reminded_a_day_and_two_hours_ahead_and_once(app: Flask) -> None:
    booking = booked(app, ahead=DAY + HOUR)
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
    app: Flask, ahead: timedelta, ago: timedelta, words: list[str]
) -> None:
    booking = booked(app, ahead=ahead, ago=ago)
    assert sent(app) == [pair for word in words for pair in both(app, booking, word)]


def test_nobody_is_reminded_of_what_is_not_going_to_be(app: Flask) -> None:
    cancelled, cancelled_late = booked(app, ahead=DAY - HOUR), booked(app, ahead=DAY - HOUR)
    with app.app_context(), transaction() as session:
        held = hold(session, make.offer(session, make.coach(session)), make.user(session))
        held.starts_at, held.created_at = clock.now() + HOUR, clock.now() - DAY
        service.cancel(session, cancelled.id, by=session.get_one(User, cancelled.runner_id))
    with app.app_context():
        jobs.TASKS["bookings.remind_due"].run()
        (job,) = jobs_of("bookings.remind")
        with transaction() as session:
            service.cancel(session, cancelled_late.id, by=session.get_one(User, cancelled_late.runner_id))
        with transaction() as session:
            jobs.TASKS["bookings.remind"].run(session, **job.payload)
        assert job.payload["booking_id"] == str(cancelled_late.id)
        assert not [mail for mail in jobs_of("mail.send") if "Reminder" in mail.payload["subject"]]


def test_a_moved_visit_has_reminders_of_its_own(app: Flask) -> None:
    booking = booked(app, ahead=DAY - HOUR, cancellation="flexible")
    assert len(sent(app)) == 2
    with app.app_context(), transaction() as session:
        kept = session.get_one(Booking, booking.id)
        runner, new = session.get_one(User, kept.runner_id), times(session, session.get_one(Offer, kept.offer_id))[9]
        service.reschedule(session, booking.id, by=runner, starts_at=new)
    assert sent(app) == []
    with app.app_context(), transaction() as session:
        begins(session, session.get_one(Booking, booking.id), DAY - HOUR, 9 * DAY)
    assert sent(app) == both(app, booking, "Reminder")


def test_a_visit_moved_to_within_the_day_needs_no_mail_beside_that_of_the_move(app: Flask) -> None:
    booking = booked(app, ahead=9 * DAY)
    with app.app_context(), transaction() as session:
        kept = session.get_one(Booking, booking.id)
        begins(session, kept, 20 * HOUR, 9 * DAY)
        session.add(BookingEvent(booking_id=booking.id, move="reschedule", by="runner", at=clock.now() - HOUR))
    assert sent(app) == []


def test_a_job_done_twice_mails_once(app: Flask) -> None:
    booking = booked(app, ahead=DAY - HOUR)
    with app.app_context():
        with transaction() as session:
            assert service.remind(session, booking.id) == 24
        with transaction() as session:
            assert service.remind(session, booking.id) is None


@pytest.mark.both_databases
def test_of_workers_who_remind_at_one_instant_one_does(app: Flask) -> None:
    bookings, gate = [booked(app, ahead=DAY - HOUR) for _ in range(5)], Barrier(WORKERS)

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
def test_who_wants_none_gets_none_and_the_other_side_still_does(app: Flask, wanted: Reminders) -> None:
    booking = booked(app, ahead=HOUR)
    with app.app_context(), transaction() as session:
        session.get_one(User, booking.runner_id).reminders = wanted
    runner, coach = both(app, booking, "Soon")
    assert sent(app) == ([runner, coach] if wanted is Reminders.ALL else [coach])
