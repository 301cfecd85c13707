"""The pages from a chosen time to a cancelled booking."""

import re
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import func, select
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.bookings import service
from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from tests import make
from tests.bookings.world import TOO_NEAR, confirmed, hold, pay, sign_in, status_of, times


class World:
    """A coach with two offers, a runner, and the first open time."""

    def __init__(self, session: Session) -> None:
        self.coach: Coach = make.coach(session)
        self.offer: Offer = make.offer(session, self.coach, call_link="https://call.example/room")
        self.review: Offer = make.offer(session, self.coach, OfferKind.CLIP_REVIEW)
        self.runner: User = make.user(session)
        self.coach_user = session.get_one(User, self.coach.user_id)
        self.start = times(session, self.offer)[0]

    def page(self, **changes: Any) -> tuple[str, dict[str, Any]]:
        query = {"offer": self.offer.id, "starts_at": self.start.isoformat()} | changes
        return f"/coaches/{self.coach.slug}/book", {name: each for name, each in query.items() if each}

    def form(self, **changes: Any) -> dict[str, Any]:
        values = {
            "id": uuid4(),
            "offer": self.offer.id,
            "starts_at": self.start.isoformat(),
            "amount": 9500,
            "currency": "CAD",
            "issues": ["hip-drop", "weak-glutes"],
            "goal": "10K under an hour",
            "pain": "no",
        } | changes
        return {name: each for name, each in values.items() if each is not None}


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as session:
        return World(session)


def count(app: Flask) -> int:
    with app.app_context(), transaction(write=False) as session:
        return int(session.scalar(select(func.count()).select_from(Booking)) or 0)


def booking_of(app: Flask, world: World, **changes: Any) -> Booking:
    with app.app_context(), transaction() as session:
        booking = confirmed(session, session.get_one(Offer, world.offer.id), session.get_one(User, world.runner.id))
        for name, value in changes.items():
            setattr(booking, name, value)
        return booking


def test_a_visitor_sees_time_and_price_and_is_asked_to_sign_in(client: FlaskClient, world: World) -> None:
    path, query = world.page()
    page = client.get(path, query_string=query)
    assert page.status_code == 200
    assert "$95" in page.text and "next=" in page.text and "starts_at" in page.text
    assert 'action="/bookings"' not in page.text
    sent = client.post("/bookings", data=world.form())
    assert sent.status_code == 302 and "/sign-in" in sent.location


def test_an_unverified_runner_is_told_and_her_time_stays(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        person = make.user(session, verified_at=None)
    path, query = world.page()
    page = sign_in(client, person).get(path, query_string=query)
    assert page.status_code == 200 and "Confirm your e-mail address" in page.text
    assert client.post("/bookings", data=world.form()).status_code == 403
    assert count(app) == 0


def test_the_form_holds_the_time_and_leads_to_payment(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, world.runner)
    path, query = world.page()
    assert 'action="/bookings"' in client.get(path, query_string=query).text
    form = world.form()
    answer = client.post("/bookings", data=form)
    assert answer.status_code == 303 and answer.location == f"/bookings/{form['id']}/payment"
    again = client.post("/bookings", data=form)
    assert again.location == answer.location and count(app) == 1
    page = client.get(answer.location)
    assert "Pay $95" in page.text and "you get $95 back; until" in page.text and "$47.50; then nothing" in page.text
    shown = client.get(f"/bookings/{form['id']}")
    assert shown.status_code == 302 and shown.location.endswith("/payment")


@pytest.mark.parametrize(
    "change",
    [
        {"pain": None},
        {"pain": "maybe"},
        {"amount": -1},
        {"currency": "dollars"},
        {"issues": ["gout"]},
        {"flags": ["sniffles"]},
        {"starts_at": "tomorrow"},
        {"starts_at": None},
        {"starts_at": "2020-01-01T10:00:00+00:00"},
        {"note": "x" * 5000},
        {"story": "x" * 30000},
        {"id": "7"},
    ],
)
def test_what_can_not_be_right_is_shown_again_and_nothing_is_written(
    app: Flask, client: FlaskClient, world: World, change: dict[str, Any]
) -> None:
    answer = sign_in(client, world.runner).post("/bookings", data=world.form(**change))
    assert answer.status_code == 422
    assert count(app) == 0
    assert "10K under an hour" in answer.text or "starts_at" in change


def test_a_time_that_is_gone_offers_others_and_keeps_what_was_typed(
    app: Flask, client: FlaskClient, world: World
) -> None:
    booking_of(app, world)
    with app.app_context(), transaction() as session:
        late = make.user(session)
    answer = sign_in(client, late).post("/bookings", data=world.form())
    assert answer.status_code == 409
    assert "10K under an hour" in answer.text and "That time is gone" in answer.text
    others = re.findall(r'name="starts_at" value="([^"]+)"', answer.text)
    assert others and world.start.isoformat() not in others
    assert client.post("/bookings", data=world.form(starts_at=others[0])).status_code == 303


def test_a_changed_price_is_said_before_anything_is_held(app: Flask, client: FlaskClient, world: World) -> None:
    answer = sign_in(client, world.runner).post("/bookings", data=world.form(amount=9000))
    assert answer.status_code == 409 and "$95" in answer.text and count(app) == 0


def test_offers_are_their_coachs_own(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        other = make.coach(session)
    _, query = world.page()
    assert client.get(f"/coaches/{other.slug}/book", query_string=query).status_code == 404
    assert client.get("/coaches/nobody/book", query_string=query).status_code == 404
    assert client.get(world.page()[0], query_string={"offer": "7"}).status_code == 422
    assert client.get(world.page()[0], query_string={"offer": world.offer.id}).status_code == 422


def test_red_flags_advise_a_professional_first(client: FlaskClient, world: World) -> None:
    form = world.form(pain="yes", flags=["night-pain", "cannot-hop"], pain_note="left shin")
    sign_in(client, world.runner).post("/bookings", data=form)
    page = client.get(f"/bookings/{form['id']}/payment").text
    assert "See a physiotherapist or a doctor first" in page and "I have read this" in page
    urgent = world.form(pain="yes", flags=["chest-pain"], id=uuid4(), offer=world.review.id, starts_at=None)
    assert client.post("/bookings", data=urgent).status_code == 303
    assert "medical help now" in client.get(f"/bookings/{urgent['id']}/payment").text


def test_a_hold_without_pain_screen_is_asked_before_paying(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        offer, runner = session.get_one(Offer, world.offer.id), session.get_one(User, world.runner.id)
        booking = hold(session, offer, runner, intake=service.Intake())
    path = f"/bookings/{booking.id}"
    page = sign_in(client, world.runner).get(f"{path}/payment").text
    assert "Pay $95" not in page and f'action="{path}/pain-screen"' in page
    assert client.post(f"{path}/payment").status_code == 409
    assert client.post(f"{path}/pain-screen", data={}).status_code == 422
    assert client.post(f"{path}/pain-screen", data={"pain": "no"}).status_code == 303
    assert "Pay $95" in client.get(f"{path}/payment").text


def test_stripe_being_away_loses_nothing(app: Flask, client: FlaskClient, world: World) -> None:
    form = world.form()
    sign_in(client, world.runner).post("/bookings", data=form)
    answer = client.post(f"/bookings/{form['id']}/payment")
    assert answer.status_code == 409 and "Pay $95" in answer.text
    assert status_of(app, form["id"]) == "held"


def test_another_session_at_that_time_is_pointed_out(app: Flask, client: FlaskClient, world: World) -> None:
    booking_of(app, world)
    with app.app_context(), transaction() as session:
        coach = make.coach(session)
        offer = make.offer(session, coach)
    query = {"offer": offer.id, "starts_at": world.start.isoformat()}
    page = sign_in(client, world.runner).get(f"/coaches/{coach.slug}/book", query_string=query)
    assert "another session at that time" in page.text


def test_the_confirmation_shows_all_and_gives_a_calendar_file(app: Flask, client: FlaskClient, world: World) -> None:
    booking = booking_of(app, world)
    path = f"/bookings/{booking.id}"
    page = sign_in(client, world.runner).get(path)
    assert "https://call.example/room" in page.text and "You get all of it back: $95" in page.text
    assert client.get(f"{path}/payment").location == path
    file = client.get(f"{path}/calendar.ics")
    assert file.mimetype == "text/calendar" and "attachment" in file.headers["Content-Disposition"]
    (event,) = Calendar.from_ical(file.data).walk("VEVENT")
    assert event.decoded("DTSTART") == booking.starts_at
    assert client.get("/bookings").text.count(f'href="{path}"') == 1


def test_the_link_is_shown_only_once_confirmed(app: Flask, client: FlaskClient, world: World) -> None:
    form = world.form()
    sign_in(client, world.runner).post("/bookings", data=form)
    for path in (
        world.page()[0] + f"?offer={world.offer.id}&starts_at={world.start:%Y-%m-%dT%H:%M}Z",
        f"/bookings/{form['id']}/payment",
    ):
        page = client.get(path)
        assert page.status_code == 200 and "call.example" not in page.text
    assert client.get(f"/bookings/{form['id']}/calendar.ics").status_code == 404


def test_the_coach_reads_the_intake_and_keeps_notes_of_her_own(app: Flask, client: FlaskClient, world: World) -> None:
    screen = {"pain": True, "flags": ["night-pain"], "note": "left shin"}
    booking = booking_of(app, world, note="my old shoes", story="I ran into trees", pain_screen=screen)
    path = f"/bookings/{booking.id}"
    sign_in(client, world.coach_user)
    page = client.get(path).text
    for words in ("my old shoes", "I ran into trees", "left shin", world.runner.name, "Hip drop"):
        assert words in page
    assert client.post(f"{path}/notes", data={"notes": "secret: weak core"}).status_code == 303
    assert "weak core" in client.get(path).text
    sign_in(client, world.runner)
    assert "weak core" not in client.get(path).text
    assert client.post(f"{path}/notes", data={"notes": "mine"}).status_code == 404


def test_strangers_find_nothing(app: Flask, client: FlaskClient, world: World) -> None:
    booking = booking_of(app, world)
    with app.app_context(), transaction() as session:
        stranger = make.user(session)
    assert client.get(f"/bookings/{booking.id}").status_code == 302
    sign_in(client, stranger)
    for path in ("", "/payment", "/calendar.ics", "/rescheduling", "/payment/done?session_id=cs_1"):
        assert client.get(f"/bookings/{booking.id}{path}").status_code == 404
    for path in ("/cancellation", "/rescheduling", "/payment", "/pain-screen", "/notes"):
        data = {"starts_at": world.start.isoformat(), "pain": "no"}
        assert client.post(f"/bookings/{booking.id}{path}", data=data).status_code == 404
    assert status_of(app, booking.id) == "confirmed"


def test_cancelling_asks_says_the_refund_and_happens_once(app: Flask, client: FlaskClient, world: World) -> None:
    booking = booking_of(app, world)
    sign_in(client, world.runner)
    assert client.post(f"/bookings/{booking.id}/cancellation", data={"reason": "a cold"}).status_code == 303
    assert status_of(app, booking.id) == "cancelled"
    page = client.get(f"/bookings/{booking.id}")
    assert "was cancelled. Refund: $95" in page.text and "Yes, cancel" not in page.text
    assert client.post(f"/bookings/{booking.id}/cancellation").status_code == 409


def test_after_the_deadline_the_page_says_that_nothing_comes_back(
    app: Flask, client: FlaskClient, world: World
) -> None:
    booking = booking_of(app, world)
    with app.app_context(), transaction() as session:
        session.get_one(Booking, booking.id).agree(TOO_NEAR)
    page = sign_in(client, world.runner).get(f"/bookings/{booking.id}").text
    assert "you get nothing back" in page and "Move to another time" not in page
    assert "all of $95 back" in sign_in(client, world.coach_user).get(f"/bookings/{booking.id}").text


def test_a_hold_can_be_let_go(app: Flask, client: FlaskClient, world: World) -> None:
    form = world.form()
    sign_in(client, world.runner).post("/bookings", data=form)
    answer = client.post(f"/bookings/{form['id']}/cancellation")
    assert answer.status_code == 303 and status_of(app, form["id"]) == "expired"
    assert "Nothing was charged" in client.get(answer.location).text
    assert client.get(f"/bookings/{form['id']}/payment").status_code == 200


def test_a_visit_is_moved_to_a_time_that_is_open(app: Flask, client: FlaskClient, world: World) -> None:
    booking = booking_of(app, world)
    path = f"/bookings/{booking.id}/rescheduling"
    page = sign_in(client, world.runner).get(path)
    starts = re.findall(r'name="starts_at" value="([^"]+)"', page.text)
    assert len(starts) > 20 and world.start.isoformat() not in starts
    question = client.get(path, query_string={"starts_at": starts[-1]}).text
    assert "Leave it as it is" in question and "you get $95 back; until" in question
    assert "Leave it as it is" not in client.get(path, query_string={"starts_at": "2020-01-01"}).text
    assert client.post(path, data={"starts_at": starts[-1]}).status_code == 303
    assert client.post(path, data={"starts_at": "2020-01-01T10:00:00Z"}).status_code == 422
    assert client.post(path, data={"starts_at": "soon"}).status_code == 422
    with app.app_context(), transaction(write=False) as session:
        moved = session.get_one(Booking, booking.id).starts_at
    assert moved is not None and moved.isoformat() == starts[-1]


def test_a_clip_review_needs_no_time(app: Flask, client: FlaskClient, world: World) -> None:
    path, query = world.page(offer=world.review.id, starts_at=None)
    assert "Answered within 72 hours" in sign_in(client, world.runner).get(path, query_string=query).text
    form = world.form(offer=world.review.id, starts_at=None)
    assert client.post("/bookings", data=form).status_code == 303
    with app.app_context(), transaction() as session:
        pay(session, session.get_one(Booking, form["id"]))
    page = client.get(f"/bookings/{form['id']}").text
    assert "answered by" in page and "Add to your calendar" not in page
    assert client.get(f"/bookings/{form['id']}/calendar.ics").status_code == 404


def test_a_free_session_needs_no_payment(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        free = make.offer(session, session.get_one(Coach, world.coach.id), price=0)
    form = world.form(offer=free.id, amount=0)
    answer = sign_in(client, world.runner).post("/bookings", data=form)
    assert answer.location == f"/bookings/{form['id']}"
    assert "Booked." in client.get(answer.location).text


def test_times_are_shown_in_the_viewers_zone(app: Flask, client: FlaskClient, world: World) -> None:
    path, query = world.page()
    client.set_cookie("timezone", "Asia/Kolkata")
    there = client.get(path, query_string=query).text
    assert f"{world.start.astimezone(ZoneInfo('Asia/Kolkata')):%H:%M}" in there
    here = sign_in(client, world.runner).get(path, query_string=query).text
    assert "Eastern" in here


def test_back_and_again_after_giving_up_holds_anew(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, world.runner)
    form = world.form()
    first = client.post("/bookings", data=form).location
    assert first == client.post("/bookings", data=form).location
    client.post(first.replace("/payment", "/cancellation"))
    assert status_of(app, form["id"]) == "expired"
    second = client.post("/bookings", data=form).location
    assert second != first and second.endswith("/payment")
    assert client.post("/bookings", data=form).location == second
    assert count(app) == 2
