"""What a reminder says: to each in her zone and language, what she needs and what she may still do."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from marketplace.accounts.models import User
from marketplace.bookings import reminder_mails
from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from tests import make
from tests.bookings.reminding import DAY, HOUR, begins, booked, jobs_of, reminders
from tests.bookings.world import confirmed


def test_each_reads_what_she_needs_in_her_zone_and_language(app: Flask) -> None:
    where = {"exact_address": "12 Elm Street, side door", "meeting_point": "Hampton Park", "bad_weather": "Indoors."}
    booking = booked(app, 9 * DAY, kind=OfferKind.IN_PERSON, **where)
    with app.app_context(), transaction() as session:
        starts_at, runner = booking.starts_at, session.get_one(User, booking.runner_id)
        runner.language, runner.timezone, runner.name = "fr", "Europe/Paris", "Rina Coureuse"
        reminder_mails.remind(session, booking.id, 24)
    with app.app_context():
        to_runner, to_coach = (job.payload["text"] for job in jobs_of("mail.send")[-2:])
        subjects = [job.payload["subject"] for job in jobs_of("mail.send")[-2:]]
    assert starts_at
    paris, toronto = (starts_at.astimezone(ZoneInfo(zone)) for zone in ("Europe/Paris", "America/Toronto"))
    ends = starts_at + timedelta(minutes=30)
    assert re.fullmatch(rf"Rappel\s: Form review, \w+\. {paris.day} [\w.]+, {paris:%H:%M}", subjects[0])
    assert re.fullmatch(rf"Reminder: Rina Coureuse, {toronto:%a, %b} {toronto.day}, {toronto:%H:%M}", subjects[1])
    base = f"http://localhost/fr/bookings/{booking.id}"
    assert re.search(rf"{paris:%H:%M} – {ends.astimezone(paris.tzinfo):%H:%M} \(heure .*Europe centrale\)", to_runner)
    assert re.search(rf"{toronto:%H:%M} – {ends.astimezone(toronto.tzinfo):%H:%M} \(Eastern [\w ]+ Time\)", to_coach)
    for part in ("30 minutes", *where.values(), f"{base}\n", f"{base}/rescheduling\n", "/fr/account#reminders"):
        assert part in to_runner
    for part in ("Rina Coureuse", "Hip drop", "10K", "12 Elm", f"http://localhost/bookings/{booking.id}\n"):
        assert part in to_coach
    assert "/rescheduling" not in to_coach and "\n\n\n" not in to_runner + to_coach


def test_a_runner_without_a_clip_reads_how_to_send_one(app: Flask) -> None:
    booking = booked(app, ahead=DAY - HOUR, call_link="https://meet.example/7")
    to_runner, to_coach = (mail["text"] for mail in reminders(app))
    assert f"/bookings/{booking.id}/clip\n" in to_runner and "/clip" not in to_coach
    assert all("https://meet.example/7" in text for text in (to_runner, to_coach))


@pytest.mark.parametrize(
    ("ahead", "of", "words"),
    [
        (
            24 * HOUR - HOUR,
            {"cancellation": "flexible"},
            ["you may move it", "get $95 back", "$47.50; then nothing"],
        ),
        (24 * HOUR - HOUR, {"cancellation": "moderate"}, ["cancel here", "you get $47.50 back; then nothing"]),
        (24 * HOUR - HOUR, {"cancellation": "strict"}, ["no money back"]),
        (24 * HOUR - HOUR, {"price": 0}, ["so that others can have the time"]),
    ],
)
def test_it_says_until_when_what_is_free(app: Flask, ahead: timedelta, of: dict[str, Any], words: list[str]) -> None:
    booked(app, ahead=ahead, **of)
    text = reminders(app)[0]["text"]
    assert all(word in text for word in words)
    assert ("you may move it" in text) == ("you may move it" in words)


def test_the_coach_of_a_group_gets_one_mail_that_names_all(app: Flask) -> None:
    first = booked(app, ahead=DAY - HOUR)
    with app.app_context(), transaction() as session:
        one = session.get_one(Booking, first.id)
        coach = session.get_one(Coach, one.coach_id)
        other = confirmed(session, session.get_one(Offer, one.offer_id), make.user(session, name="Another Runner"))
        begins(session, other, DAY - HOUR, 9 * DAY)
        other.visit_id, other.seat, other.starts_at, other.ends_at = one.visit_id, 2, one.starts_at, one.ends_at
        email = session.get_one(User, coach.user_id).email
    mails = reminders(app)
    (to_coach,) = [mail for mail in mails if mail["to"] == email]
    assert len(mails) == 3
    assert "Another Runner" in to_coach["text"] and str(first.id) in to_coach["text"]
