"""What both sides are told, and what comes with it."""

import pytest
from flask import Flask
from icalendar import Calendar, Event
from sqlalchemy import select
from sqlmodel import col

from marketplace.accounts.models import User
from marketplace.bookings import mails, service
from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.jobs import Job
from tests import make
from tests.bookings.world import confirmed, hold, pay, times

ADDRESS, POINT = "12 Elm Street, side door", "Hampton Park, at the gate"


@pytest.fixture
def booked(app: Flask) -> tuple[Booking, User, User]:
    """An in-person visit of a French-speaking runner in Paris, confirmed."""
    with app.app_context(), transaction() as session:
        coach = make.coach(session)
        place = {"exact_address": ADDRESS, "meeting_point": POINT, "bad_weather": "We run indoors."}
        offer = make.offer(session, coach, OfferKind.IN_PERSON, **place)
        runner = make.user(session, language="fr", timezone="Europe/Paris")
        booking = confirmed(session, offer, runner)
        return booking, runner, session.get_one(User, coach.user_id)


def told(app: Flask, booking: Booking, news: str, **facts: object) -> dict[str, dict[str, object]]:
    """The mails of that news, by reader."""
    with app.app_context(), transaction() as session:
        mails.tell(session, booking.id, news, **facts)
    with app.app_context(), transaction(write=False) as session:
        jobs = session.scalars(select(Job).where(col(Job.name) == "mail.send").order_by(col(Job.created_at)))
        return {job.payload["to"]: job.payload for job in jobs}


def event_in(mail: dict[str, object]) -> Event:
    (file,) = mail["files"]  # type: ignore[misc]
    (event,) = Calendar.from_ical(file["text"]).walk("VEVENT")
    return event


def test_both_get_the_confirmation_with_the_visit_for_their_calendar(
    app: Flask, booked: tuple[Booking, User, User]
) -> None:
    booking, runner, coach = booked
    found = told(app, booking, "confirmed")
    assert set(found) == {runner.email, coach.email}
    for reader, mail in found.items():
        event = event_in(mail)
        assert event.decoded("DTSTART") == booking.starts_at and event.decoded("DTEND") == booking.ends_at
        assert event["ATTENDEE"] == f"mailto:{reader}"
        assert ADDRESS in event["LOCATION"]
        assert mail["files"][0]["type"] == "text/calendar; method=REQUEST"  # type: ignore[index]
        assert f"/bookings/{booking.id}" in str(mail["text"])
        assert "  " not in str(mail["subject"]) and "\n\n\n" not in str(mail["text"])


def test_each_reads_times_of_her_own_zone_in_her_own_language(app: Flask, booked: tuple[Booking, User, User]) -> None:
    booking, runner, coach = booked
    found = told(app, booking, "confirmed")
    assert "/fr/bookings/" in str(found[runner.email]["text"])
    assert "/fr/" not in str(found[coach.email]["text"])
    assert booking.starts_at is not None
    hour = booking.starts_at.hour
    assert f"{(hour - 4) % 24:02d}:00" in str(found[coach.email]["text"]) or f"{(hour - 5) % 24:02d}:00" in str(
        found[coach.email]["text"]
    )


def test_the_same_news_is_mailed_once(app: Flask, booked: tuple[Booking, User, User]) -> None:
    told(app, booked[0], "confirmed")
    told(app, booked[0], "confirmed")
    with app.app_context(), transaction(write=False) as session:
        assert len(session.scalars(select(Job).where(col(Job.name) == "mail.send")).all()) == 2


def test_a_cancelled_visit_leaves_both_calendars(app: Flask, booked: tuple[Booking, User, User]) -> None:
    booking, runner, coach = booked
    with app.app_context(), transaction() as session:
        service.cancel(session, booking.id, by=session.get_one(User, coach.id))
    found = told(app, booking, "cancelled", by="coach", refund=9500)
    for reader in (runner.email, coach.email):
        event = event_in(found[reader])
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
        assert event["UID"].startswith(str(booking.id))
        assert ADDRESS not in event["LOCATION"]
        assert "95" in str(found[reader]["text"])


def test_a_moved_visit_keeps_its_name_and_counts_up(app: Flask, booked: tuple[Booking, User, User]) -> None:
    booking, runner, _ = booked
    first = event_in(told(app, booking, "confirmed")[runner.email])
    with app.app_context(), transaction() as session:
        kept = session.get_one(Booking, booking.id)
        from marketplace.coaches.models import Offer

        new = times(session, session.get_one(Offer, kept.offer_id))[4]
        service.reschedule(session, booking.id, by=session.get_one(User, runner.id), starts_at=new)
    with app.app_context(), transaction() as session:
        mails.tell(session, booking.id, "rescheduled", by="runner")
    with app.app_context(), transaction(write=False) as session:
        jobs = session.scalars(select(Job).where(col(Job.name) == "mail.send"))
        events = [event_in(job.payload) for job in jobs if job.payload["to"] == runner.email]
    moved = next(event for event in events if event["SEQUENCE"] == 1)
    assert moved["UID"] == first["UID"] and moved.decoded("DTSTART") == new


def test_a_runner_whose_time_is_gone_reads_of_other_times(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        offer, runner = make.offer(session, make.coach(session)), make.user(session)
        booking = hold(session, offer, runner)
        service.expire(session, booking.id)
        confirmed(session, offer, make.user(session), booking.starts_at)
        pay(session, booking)
    found = told(app, booking, "given-back")
    assert set(found) == {runner.email}
    assert found[runner.email]["files"] == []
    assert "$95" in str(found[runner.email]["text"])
    assert str(found[runner.email]["text"]).count(":00") + str(found[runner.email]["text"]).count(":30") >= 3


def test_a_runner_who_paid_for_what_she_gave_up_reads_that_nothing_is_booked(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        runner = make.user(session)
        booking = hold(session, make.offer(session, make.coach(session)), runner)
        service.expire(session, booking.id)
    text = str(told(app, booking, "given-back", gave_up=True)[runner.email]["text"])
    assert "Nothing is booked" in text and "$95" in text
    assert "Other times" not in text and "somebody else" not in text


def test_a_clip_review_has_no_calendar_file(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        runner = make.user(session)
        booking = confirmed(session, make.offer(session, make.coach(session), OfferKind.CLIP_REVIEW), runner)
    found = told(app, booking, "confirmed")
    assert len(found) == 2
    assert all(mail["files"] == [] for mail in found.values())


def test_the_job_tells_what_the_service_asked_for(app: Flask, booked: tuple[Booking, User, User]) -> None:
    from marketplace import jobs

    booking, runner, coach = booked
    with app.app_context():
        with transaction(write=False) as session:
            waiting = session.scalars(select(Job).where(col(Job.name) == "bookings.tell")).one()
            payload = dict(waiting.payload)
        with transaction() as session:
            jobs.TASKS["bookings.tell"].run(session, **payload)
        with transaction(write=False) as session:
            sent = session.scalars(select(Job).where(col(Job.name) == "mail.send")).all()
    assert {job.payload["to"] for job in sent} == {runner.email, coach.email}
