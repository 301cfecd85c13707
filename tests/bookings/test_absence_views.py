"""Terms and absences as the two sides and staff see them, on pages and in mails."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.coaches.cancelling import Preset
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.jobs import Job
from tests import make
from tests.bookings.world import begin, confirmed, sign_in, status_of, times

HOUR = timedelta(hours=1)


class World:
    """A paid call under way, its two sides, and staff."""

    def __init__(self, session: Session, kind: OfferKind = OfferKind.VIDEO_CALL) -> None:
        coach = make.coach(session)
        self.slug = coach.slug
        self.offer: Offer = make.offer(session, coach, kind)
        self.runner = make.user(session, language="fr", timezone="America/Vancouver")
        self.staff = make.user(session, is_staff=True)
        self.coach = session.get_one(User, session.get_one(Coach, coach.id).user_id)
        self.booking: Booking = confirmed(session, self.offer, self.runner)
        if kind is OfferKind.VIDEO_CALL:
            begin(self.booking)
        self.path = f"/bookings/{self.booking.id}"


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as session:
        return World(session)


def do(name: str) -> None:
    """The jobs of that name that wait, once each."""
    with transaction(write=False) as session:
        waiting = list(session.scalars(select(Job).where(col(Job.name) == name).order_by(col(Job.created_at))))
    for job in waiting:
        with transaction() as session:
            jobs.TASKS[job.name].run(session, **job.payload)


def mailed(app: Flask, job: str) -> list[dict[str, Any]]:
    """All mails there are, once that job has been done."""
    with app.app_context():
        do(job)
        with transaction(write=False) as session:
            sent = select(Job).where(col(Job.name) == "mail.send").order_by(col(Job.created_at), col(Job.id))
            return [each.payload for each in session.scalars(sent)]


def test_a_coach_who_did_not_come_is_reported_objects_and_staff_decide(
    app: Flask, client: FlaskClient, world: World
) -> None:
    page = sign_in(client, world.runner).get(world.path).text
    assert f"{world.coach.name} did not come" in page and "Cancel this session" not in page
    assert client.post(f"{world.path}/absence", data={"words": "Nobody called"}).status_code == 303
    page = client.get(world.path).text
    assert "If nobody does, all of your $95 goes back" in page and "Take it back" in page
    desk = sign_in(client, world.coach).get("/coach").text
    assert "A runner says that you did not come" in desk and world.path in desk
    page = client.get(world.path).text
    assert "says that you did not come" in page and "Nobody called" in page and "It is true" in page
    refused = client.post(f"{world.path}/absence/objection", data={"words": " "})
    assert refused.status_code == 422 and 'id="words-error"' in refused.text
    assert client.post(f"{world.path}/absence/objection", data={"words": "I was in the call"}).status_code == 303
    assert "Our staff look at it and decide" in client.get(world.path).text
    assert client.post(f"{world.path}/absence/decision", data={"was_absent": "no"}).status_code == 403
    page = sign_in(client, world.staff).get(world.path).text
    assert "Nobody called" in page and "I was in the call" in page
    assert client.post(f"{world.path}/absence/decision", data={"was_absent": "yes"}).status_code == 303
    assert status_of(app, world.booking.id) == "missed"
    page = sign_in(client, world.runner).get(world.path).text
    assert "It counts as missed by the coach." in page and "All of $95 goes back" in page

    mails = mailed(app, "bookings.tell_absence")
    to_runner = [mail["text"] for mail in mails if mail["to"] == world.runner.email]
    to_coach = [mail["text"] for mail in mails if mail["to"] == world.coach.email]
    assert len(to_runner) == len(to_coach) == 3, "each once, in her language"
    assert "95\xa0$" in to_runner[0] and "s’y oppose" in to_runner[1] and "95\xa0$" in to_runner[2]
    assert "“Nobody called”" in to_coach[0] and "Were you there?" in to_coach[0]
    assert "“I was in the call”" in to_coach[1] and "The runner gets $95 back." in to_coach[2]
    assert len(mailed(app, "bookings.tell_absence")) == len(mails)


def test_a_runner_who_did_not_come_may_say_that_she_did(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, world.coach).post(f"{world.path}/absence", data={"words": ""})
    assert status_of(app, world.booking.id) == "missed"
    assert "If nobody does, you are paid." in client.get(world.path).text
    page = sign_in(client, world.runner).get(world.path).text
    assert "says that you did not come" in page and "I was there" in page and "Something went wrong?" not in page
    complaint = client.get(f"{world.path}/complaint").text
    assert "not settled yet whether both came" in complaint and "Send the complaint" not in complaint
    client.post(f"{world.path}/absence/objection", data={"words": "I was at the gate"})
    sign_in(client, world.staff).post(f"{world.path}/absence/decision", data={"was_absent": "no"})
    assert "was there. All of $95 goes back" in " ".join(client.get(world.path).text.split())


def test_strangers_report_nothing(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        stranger = make.user(session)
    sign_in(client, stranger)
    for rest in ("", "/admission", "/objection", "/retraction", "/decision"):
        form = {"words": "I was there", "was_absent": "yes"}
        assert client.post(f"{world.path}/absence{rest}", data=form).status_code == 404


def test_a_late_review_is_offered_back_once_and_unasked(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        world = World(session, OfferKind.CLIP_REVIEW)
        booking = world.booking
        booking.opened_at, booking.due_at = clock.now() - 2 * HOUR, clock.now() - HOUR
    sweep = jobs.TASKS["bookings.tell_late_due"].run
    for _ in range(2):
        with app.app_context():
            sweep()
        mails = mailed(app, "bookings.tell_late")
    to_runner, to_coach = mails
    assert to_runner["to"] == world.runner.email and "95\xa0$" in to_runner["text"] and world.path in to_runner["text"]
    assert to_coach["to"] == world.coach.email and "$95" in to_coach["text"]
    page = sign_in(client, world.runner).get(world.path).text
    assert "Have my money back" in page and "all of the money was offered back" in page
    sent = {"reason": "late", "refund": 9500}
    assert client.post(f"{world.path}/cancellation", data=sent).status_code == 303
    assert "Refund: $95" in client.get(world.path).text


def test_a_promise_made_anew_and_broken_again_is_told_again(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        world = World(session, OfferKind.CLIP_REVIEW)
        world.booking.due_at = clock.now() - 2 * HOUR
    for _ in range(2):
        with app.app_context():
            jobs.TASKS["bookings.tell_late_due"].run()
            do("bookings.tell_late")
            with transaction() as session:
                kept = session.get_one(Booking, world.booking.id)
                for event in queries.history(session, kept.id):
                    event.at -= 3 * HOUR
                kept.due_at = clock.now() - HOUR
    with app.app_context(), transaction(write=False) as session:
        assert len(list(session.scalars(select(Job).where(col(Job.name) == "mail.send")))) == 4


def test_terms_that_changed_are_shown_and_nothing_typed_is_lost(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        start: datetime = times(session, world.offer)[5]
    form = {"id": uuid4(), "offer": world.offer.id, "starts_at": start.isoformat(), "amount": 9500, "currency": "CAD"}
    form |= {"policy": "moderate", "pain": "no", "goal": "10K under an hour"}
    sign_in(client, world.runner)
    shown = client.get(f"/coaches/{world.slug}/book?offer={world.offer.id}&starts_at={start:%Y-%m-%dT%H:%M}Z").text
    assert 'name="policy" value="moderate"' in shown and "$47.50; then nothing" in shown
    with app.app_context(), transaction() as session:
        session.get_one(Offer, world.offer.id).cancellation = Preset.STRICT
    answer = client.post("/bookings", data=form)
    assert answer.status_code == 409 and "All your money back until 72 hours" in answer.text
    assert "10K under an hour" in answer.text and 'name="policy" value="strict"' in answer.text
    assert client.post("/bookings", data=form | {"policy": "strict"}).status_code == 303


def test_an_amount_that_has_shrunk_is_asked_about_again(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        begin(session.get_one(Booking, world.booking.id), minutes_ago=-60 * 13)
    sign_in(client, world.runner)
    page = client.get(world.path).text
    assert "You get $47.50 of $95 back" in page and 'name="refund" value="4750"' in page
    answer = client.post(f"{world.path}/cancellation", data={"reason": "a cold", "refund": 9500})
    assert answer.status_code == 409 and "gives $47.50 back now" in answer.text and "a cold" in answer.text
    assert client.post(f"{world.path}/cancellation", data={"refund": 4750}).status_code == 303
    assert "Refund: $47.50" in client.get(world.path).text
    assert "The rest is yours" in sign_in(client, world.coach).get(world.path).text
    first, second = mailed(app, "bookings.tell")[-2:]
    assert "47,50" in first["text"] and "The runner gets $47.50 back." in second["text"]


def test_her_calendar_says_what_cancelling_gives_back_and_the_coachs_does_not(
    app: Flask, client: FlaskClient, world: World
) -> None:
    with app.app_context(), transaction() as session:
        booking = session.get_one(Booking, world.booking.id)
        booking.starts_at, booking.ends_at = clock.now() + 60 * HOUR, clock.now() + 61 * HOUR
    (told,) = [
        " ".join(str(event["DESCRIPTION"]).split())
        for event in Calendar.from_ical(sign_in(client, world.runner).get(f"{world.path}/calendar.ics").data).walk(
            "VEVENT"
        )
    ]
    assert "you get $95 back" in told and "$47.50; then nothing." in told
    assert "$47.50" not in sign_in(client, world.coach).get(f"{world.path}/calendar.ics").text
