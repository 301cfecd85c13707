"""The pages of series, proposals, waitlists, seats and history."""

import html
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking, Proposal, Wait
from marketplace.bookings.states import Actor
from marketplace.bookings.waits import WaitStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.jobs import Job, publish, run_due
from marketplace.scheduling import service as scheduling
from tests import make
from tests.bookings.world import confirmed, hold, pay, sign_in, times


class World:
    """A coach with a call, a runner, and open times."""

    def __init__(self, session: Session) -> None:
        self.coach: Coach = make.coach(session)
        self.offer: Offer = make.offer(session, self.coach, window_days=90)
        self.runner: User = make.user(session, name="Willow Brook")
        self.coach_user = session.get_one(User, self.coach.user_id)
        self.times = times(session, self.offer)
        publish(session, "coach.changed", coach_id=self.coach.id)  # her pages are there

    def form(self, **changes: Any) -> dict[str, Any]:
        values = {"id": uuid4(), "offer": self.offer.id, "starts_at": self.times[0].isoformat()}
        return values | {"amount": 9500, "currency": "CAD", "pain": "no"} | changes


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as session:
        return World(session)


@pytest.fixture
def booking(app: Flask, world: World) -> Booking:
    with app.app_context(), transaction() as session:
        return confirmed(session, session.get_one(Offer, world.offer.id), session.get_one(User, world.runner.id))


def take(app: Flask, world: World, start: datetime) -> UUID:
    """Somebody else is quicker."""
    with app.app_context(), transaction() as session:
        return hold(session, session.get_one(Offer, world.offer.id), make.user(session), start).id


def starts(app: Flask) -> list[datetime]:
    with app.app_context(), transaction(write=False) as session:
        found = session.scalars(select(col(Booking.starts_at)).order_by(col(Booking.starts_at)))
        return [each for each in found if each]


def test_a_series_is_held_from_the_page_and_paid_in_one(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, world.runner)
    query = {"offer": world.offer.id, "starts_at": world.times[0].isoformat()}
    assert "Every second week" in client.get(f"/coaches/{world.coach.slug}/book", query_string=query).text
    form = world.form(every_weeks=2, times=3)
    answer = client.post("/bookings", data=form)
    assert answer.status_code == 303 and answer.location == f"/bookings/{form['id']}/payment"
    page = client.get(answer.location).text
    assert "3 × $95 = $285" in page and "Pay $285" in page and "Let these times go" in page
    assert starts(app) == [world.times[0] + timedelta(weeks=each) for each in (0, 2, 4)]
    with app.app_context(), transaction() as session:
        pay(session, session.get_one(Booking, form["id"]))
    assert client.get(f"/bookings/{form['id']}").text.count('href="/bookings/') >= 2


def test_clashing_dates_are_named_and_another_time_can_be_chosen(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, world.runner)
    clash = world.times[0] + timedelta(weeks=1)
    take(app, world, clash)
    form = world.form(every_weeks=1, times=4, goal="10K under an hour")
    page = client.post("/bookings", data=form)
    assert page.status_code == 409 and len(starts(app)) == 1
    assert "10K under an hour" in page.text and "Leave this one out" in page.text
    offered = re.findall(r'<option value="([^"]+\|[^"]*)"', page.text)
    other = (clash + timedelta(minutes=30)).isoformat()
    (chosen,) = [each for each in map(html.unescape, offered) if each.endswith(other)]
    second = world.times[0] + timedelta(weeks=2)
    take(app, world, second)
    page = client.post("/bookings", data=form | {"instead": [chosen]})
    assert page.status_code == 409 and f'value="{html.escape(chosen)}"' in page.text
    left_out = f"{second.date().isoformat()}|"
    answer = client.post("/bookings", data=form | {"instead": [chosen, left_out]})
    assert answer.status_code == 303
    assert len(starts(app)) == 5 and clash + timedelta(minutes=30) in starts(app)


@pytest.mark.parametrize("wrong", [{"times": 1}, {"times": 13}, {"every_weeks": 3}, {"instead": ["x|y"]}])
def test_a_series_that_can_not_be_is_refused_with_a_sentence(
    app: Flask, client: FlaskClient, world: World, wrong: dict[str, Any]
) -> None:
    sign_in(client, world.runner)
    page = client.post("/bookings", data=world.form(every_weeks=1, goal="kept as typed") | wrong)
    assert page.status_code == 422 and 'role="alert"' in page.text and "kept as typed" in page.text
    assert not starts(app)


def test_who_is_too_late_to_move_sees_the_nearest_times(
    app: Flask, client: FlaskClient, world: World, booking: Booking
) -> None:
    sign_in(client, world.runner)
    wished = world.times[6]
    take(app, world, wished)
    page = client.post(f"/bookings/{booking.id}/rescheduling", data={"starts_at": wished.isoformat()})
    assert page.status_code == 409 and "That time is gone" in page.text
    near = page.text.split('id="nearest"')[1].split("</section>")[0]
    assert (wished + timedelta(minutes=30)).isoformat() in near and wished.isoformat() not in near
    for nonsense in ("soon", "9999-01-01T00:00:00+00:00", ""):
        assert client.post(f"/bookings/{booking.id}/rescheduling", data={"starts_at": nonsense}).status_code == 422


def test_a_time_held_in_another_window_leads_to_that_hold(app: Flask, client: FlaskClient, world: World) -> None:
    sign_in(client, world.runner)
    first, second = world.form(), world.form()
    client.post("/bookings", data=first)
    answer = client.post("/bookings", data=second)
    assert (answer.status_code, answer.location) == (303, f"/bookings/{first['id']}")
    page = client.get(answer.location, follow_redirects=True).text
    assert "You have that time already." in page and "Pay $95" in page and len(starts(app)) == 1


@pytest.mark.parametrize("far", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:00-12:00", "0001-01-01T00:00:00"])
def test_an_instant_at_the_ends_of_time_is_refused_with_a_sentence(
    app: Flask, client: FlaskClient, world: World, far: str
) -> None:
    sign_in(client, world.runner)
    assert client.post("/bookings", data=world.form(starts_at=far)).status_code == 422
    assert not starts(app)


@pytest.mark.parametrize("week", ["0001-01-01", "9999-12-31", "2026-13-01", "20261207", ""])
def test_a_week_that_is_none_is_refused_with_a_sentence(client: FlaskClient, world: World, week: str) -> None:
    sign_in(client, world.runner)
    assert client.post("/waits", data={"offer": world.offer.id, "week_on": week}).status_code == 422


def test_times_near_a_session_weeks_ahead_are_offered_first(app: Flask, client: FlaskClient, world: World) -> None:
    far, near, before = (world.times[0] + timedelta(days=each) for each in (42, 43, 10))
    with app.app_context(), transaction() as session:
        offer, runner = session.get_one(Offer, world.offer.id), session.get_one(User, world.runner.id)
        address = f"/bookings/{confirmed(session, offer, runner, far).id}"
    sign_in(client, world.runner)
    page = client.get(f"{address}/rescheduling").text
    assert f'value="{near.isoformat()}"' in page and f'value="{before.isoformat()}"' not in page
    first = client.get(f"{address}/rescheduling", query_string={"page": 0, "starts_at": before.isoformat()}).text
    assert "Move to another time" in first and f'name="starts_at" value="{before.isoformat()}"' in first
    assert 'name="page" value="0"' in first, "a time chosen on this page is looked for on it"
    assert f'value="{near.isoformat()}"' in client.get(f"{address}/proposal").text
    theirs = sign_in(app.test_client(), world.coach_user).get(f"{address}/rescheduling").text
    assert "Willow Brook" in theirs.split("</h1>")[1][:300]


def test_both_sides_read_what_happened(app: Flask, client: FlaskClient, world: World, booking: Booking) -> None:
    sign_in(client, world.runner)
    client.post(f"/bookings/{booking.id}/rescheduling", data={"starts_at": world.times[6].isoformat()})
    page = client.get(f"/bookings/{booking.id}").text
    assert "You moved it from" in page and "It was confirmed." in page
    theirs = sign_in(app.test_client(), world.coach_user).get(f"/bookings/{booking.id}").text
    assert "Willow Brook moved it from" in theirs


def test_a_proposal_goes_from_the_coachs_form_to_the_runners_choice(
    app: Flask, client: FlaskClient, world: World, booking: Booking
) -> None:
    coach, runner = sign_in(app.test_client(), world.coach_user), sign_in(client, world.runner)
    address = f"/bookings/{booking.id}/proposal"
    assert "Propose these" in coach.get(address).text
    wished = [each.isoformat() for each in world.times[4:6]]
    sent = coach.post(address, data={"times": [*wished, ""], "message": "I race that day"})
    assert sent.status_code == 303
    assert "You proposed other times" in coach.get(f"/bookings/{booking.id}").text
    assert "Take it back" in coach.get(address).text
    assert "asks for another time" in runner.get(f"/bookings/{booking.id}").text
    page = runner.get(address).text
    assert "I race that day" in page and page.count('name="starts_at"') == 2
    (acceptance,) = set(re.findall(r'action="(/proposals/[^"]+/acceptance)"', page))
    take(app, world, world.times[4])
    lost = runner.post(acceptance, data={"starts_at": wished[0]})
    assert lost.status_code == 409 and "gone meanwhile" in lost.text and "That time is gone" in lost.text
    done = runner.post(acceptance, data={"starts_at": wished[1]})
    assert done.status_code == 303
    assert world.times[5] in starts(app)
    assert "Willow Brook moved it" in coach.get(f"/bookings/{booking.id}").text


def test_a_proposal_is_declined_taken_back_and_countered(
    app: Flask, client: FlaskClient, world: World, booking: Booking
) -> None:
    coach, runner = sign_in(app.test_client(), world.coach_user), sign_in(client, world.runner)
    address, wished = f"/bookings/{booking.id}/proposal", {"times": [world.times[4].isoformat()]}
    for asks, answers, answer in ((coach, runner, "refusal"), (runner, runner, "withdrawal")):
        asks.post(address, data=wished)
        (action,) = re.findall(rf'action="(/proposals/[^"]+/{answer})"', answers.get(address).text)
        assert answers.post(action).status_code == 303
        assert answers.post(action).status_code == 409
    coach.post(address, data=wished)
    assert "Propose these" in runner.get(address, query_string={"new": 1}).text
    runner.post(address, data={"times": [world.times[5].isoformat()]})
    with app.app_context(), transaction(write=False) as session:
        proposals = session.scalars(select(Proposal).order_by(col(Proposal.made_at)))
        assert [each.status.value for each in proposals] == ["declined", "withdrawn", "declined", "open"]


def test_a_proposal_that_can_not_be_keeps_what_was_typed(
    app: Flask, client: FlaskClient, world: World, booking: Booking
) -> None:
    sign_in(client, world.runner)
    address = f"/bookings/{booking.id}/proposal"
    assert client.post(address, data={"message": "please"}).status_code == 422
    take(app, world, world.times[5])
    wished = [each.isoformat() for each in (world.times[4], world.times[5])]
    page = client.post(address, data={"times": wished, "message": "I have a cold"})
    assert page.status_code == 409 and "I have a cold" in page.text
    assert f'value="{wished[0]}" selected' in page.text
    assert client.get(f"/bookings/{uuid4()}/proposal").status_code == 404
    assert sign_in(app.test_client(), _somebody(app)).get(address).status_code == 404
    assert client.post(f"/proposals/{uuid4()}/refusal").status_code == 404


def test_mails_lead_to_pages_and_nothing_changes_by_looking(
    app: Flask, client: FlaskClient, world: World, booking: Booking
) -> None:
    sign_in(client, world.runner).post(
        f"/bookings/{booking.id}/proposal", data={"times": [world.times[4].isoformat()], "message": "Late train"}
    )
    with app.app_context():
        while run_due():
            pass
        with transaction(write=False) as session:
            found = mails(session, "other times|another time")
    assert {to for to, _, _ in found} == {world.runner.email, world.coach_user.email}
    for to, _, text in found:
        assert f"/bookings/{booking.id}/proposal" in text and "Late train" in text
        reader = world.runner if to == world.runner.email else world.coach_user
        assert sign_in(app.test_client(), reader).get(f"/bookings/{booking.id}/proposal").status_code == 200
    with app.app_context(), transaction(write=False) as session:
        assert queries.open_proposal(session, booking.id) is not None


def mails(session: Session, subject: str) -> list[tuple[str, str, str]]:
    sent = [job.payload for job in session.scalars(select(Job).where(col(Job.name) == "mail.send"))]
    return [(each["to"], each["subject"], each["text"]) for each in sent if re.search(subject, each["subject"])]


def test_a_runner_waits_for_a_full_week_and_is_offered_the_time(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        scheduling.set_week(session, world.coach.id, {2: [(600, 630)]})
        offer = session.get_one(Offer, world.offer.id)
        start = times(session, offer, days=14)[0]
        taken = hold(session, offer, make.user(session), start)
    address = f"/coaches/{world.coach.slug}/openings/{world.offer.id}?from={start.date()}"
    page = sign_in(client, world.runner).get(address).text
    assert "Tell me when a time frees" in page
    week = re.search(r'name="week_on" value="([^"]+)"', page)
    assert week
    for _ in range(2):
        assert client.post("/waits", data={"offer": world.offer.id, "week_on": week[1]}).status_code == 303
    assert "You are on the list" in client.get(address).text
    assert "Leave the list" in client.get("/bookings").text
    with app.app_context():
        with transaction() as session:
            service.expire(session, taken.id)
        while run_due():
            pass
        with transaction(write=False) as session:
            (place,) = session.scalars(select(Wait))
            (told,) = mails(session, "A time is free")
    assert place.status is WaitStatus.OFFERED and told[0] == world.runner.email
    assert f"/bookings/{place.booking_id}/payment" in told[2]
    assert "A time is held for you" in client.get("/bookings").text
    page = client.get(f"/bookings/{place.booking_id}/payment").text
    assert "Does anything hurt" in page and "Let this time go" in page
    assert client.post(f"/bookings/{place.booking_id}/cancellation").status_code == 303
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Wait, place.id).status is WaitStatus.PASSED


def test_a_list_is_left_by_one_button_and_a_week_with_times_needs_none(
    app: Flask, client: FlaskClient, world: World
) -> None:
    sign_in(client, world.runner)
    sent = client.post(
        "/waits", data={"offer": world.offer.id, "week_on": world.times[0].date()}, follow_redirects=True
    )
    assert "A time has freed in that week" in sent.text
    with app.app_context(), transaction() as session:
        scheduling.set_week(session, world.coach.id, {})
        runner = session.get_one(User, world.runner.id)
        place = service.wait(session, world.offer.id, by=runner, week_on=world.times[0].date())
    assert client.post(f"/waits/{place.id}/leaving").status_code == 303
    assert "Leave the list" not in client.get("/bookings").text
    assert client.post(f"/waits/{uuid4()}/leaving").status_code == 404
    assert client.post("/waits", data={"offer": uuid4(), "week_on": "2026-12-01"}).status_code == 404
    assert client.post("/waits", data={"offer": world.offer.id, "week_on": "soon"}).status_code == 422


def test_a_free_time_from_the_list_is_booked_with_one_button(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        offer = session.get_one(Offer, world.offer.id)
        offer.price = 0
        runner = session.get_one(User, world.runner.id)
        kept = service.hold(
            session, booking_id=uuid4(), offer_id=offer.id, starts_at=world.times[0], by=runner, fee_percent=None
        )
    sign_in(client, world.runner)
    client.post(f"/bookings/{kept.id}/pain-screen", data={"pain": "no"})
    page = client.get(f"/bookings/{kept.id}/payment").text
    assert "Book it" in page and "Stripe" not in page
    assert client.post(f"/bookings/{kept.id}/payment").location == f"/bookings/{kept.id}"
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Booking, kept.id).is_confirmed


def test_seats_are_shown_where_times_are_chosen(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        clinic = make.offer(session, session.get_one(Coach, world.coach.id), seats=3)
        start = times(session, clinic)[2]
        hold(session, clinic, make.user(session), start)
    query = {"offer": clinic.id, "starts_at": start.isoformat()}
    page = sign_in(client, world.runner).get(f"/coaches/{world.coach.slug}/book", query_string=query).text
    assert "2 of 3 seats left" in page and "That time can’t be booked" not in page
    page = client.get(f"/coaches/{world.coach.slug}/openings/{clinic.id}").text
    assert page.count("<small>2 left</small>") == 1 and "3 left" not in page


def test_history_says_staff_for_staff(app: Flask, client: FlaskClient, world: World, booking: Booking) -> None:
    with app.app_context(), transaction() as session:
        staff = make.user(session, is_staff=True)
        service.cancel(session, booking.id, by=staff)
        assert queries.history(session, booking.id)[-1].by == Actor.STAFF
    assert "Our staff cancelled." in sign_in(client, world.runner).get(f"/bookings/{booking.id}").text


def _somebody(app: Flask) -> User:
    with app.app_context(), transaction() as session:
        return make.user(session)
