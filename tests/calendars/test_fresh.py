"""The look at a coach's calendars before some of her time is taken: quick, once for many, and never a refusal."""

import threading
import time
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking, Wait
from marketplace.bookings.waits import monday_of
from marketplace.calendars import service
from marketplace.calendars.service.refreshing import FRESH_SECONDS
from marketplace.coaches.models import Offer
from marketplace.scheduling import service as scheduling
from tests import make
from tests.bookings.world import hold, pay, refunds
from tests.calendars.conftest import Coached
from tests.calendars.servers import OddServer, busy_at, calendar
from tests.programs import Api, token_of


@pytest.fixture
def api(coached: Coached, client: FlaskClient) -> Api:
    return Api(client, token_of(coached.app, coached.runner))


def test_a_booking_sees_what_came_into_a_calendar_a_moment_ago(coached: Coached, odd: OddServer, api: Api) -> None:
    noon = coached.noon()
    odd.answering = busy_at()
    source_id = coached.add(odd.url)
    coached.work()
    odd.answering = busy_at(noon)
    body = {"offer": str(coached.offer.id), "starts_at": noon.isoformat()}
    coached.age(source_id)
    answer = api("POST", "/bookings", **body)
    assert answer.status_code == 409 and answer.json and answer.json["type"] == "time-gone"
    odd.answering = busy_at()
    assert api("POST", "/bookings", **body).status_code == 409, "read seconds ago: not asked again"
    coached.age(source_id)
    held = api("POST", "/bookings", **body)
    assert held.status_code == 201


def test_moving_a_booking_and_the_page_see_it_too(
    coached: Coached, odd: OddServer, client: FlaskClient, api: Api
) -> None:
    noon, later = coached.noon(), coached.noon(5)
    source_id = coached.add(odd.url)
    coached.work()
    with coached.rows() as session:
        booking = hold(
            session,
            session.get_one(Offer, coached.offer.id),
            session.get_one(User, coached.runner.id),
            noon,
        )
        pay(session, booking)
        booking_id = booking.id
    odd.answering = busy_at(later)
    coached.age(source_id)
    answer = api("POST", f"/bookings/{booking_id}/rescheduling", starts_at=later.isoformat())
    assert answer.status_code == 409
    coached.age(source_id)
    browser = make.signed_in(client, coached.runner.id)
    assert (
        browser.post(f"/bookings/{booking_id}/rescheduling", data={"starts_at": later.isoformat()}).status_code == 409
    )
    coached.age(source_id)
    form = {"id": str(uuid4()), "offer": str(coached.offer.id), "starts_at": later.isoformat(), "pain": "no"}
    asked = len(odd.asked)
    assert browser.post("/bookings", data=form | {"amount": "9500", "currency": "CAD"}).status_code == 409
    assert len(odd.asked) == asked + 1


@pytest.mark.both_databases
def test_a_calendar_that_hangs_delays_one_booking_a_little_and_blocks_none(
    coached: Coached, odd: OddServer, api: Api
) -> None:
    noon = coached.noon()
    odd.answering = busy_at(noon)
    source_id = coached.add(odd.url)
    other_id = coached.add(f"{odd.url}/other")
    coached.work()
    odd.answering = lambda handler: time.sleep(8)
    for each in (source_id, other_id):
        coached.age(each)
    began = time.monotonic()
    gone = api("POST", "/bookings", offer=str(coached.offer.id), starts_at=noon.isoformat())
    assert FRESH_SECONDS - 0.5 < time.monotonic() - began < FRESH_SECONDS + 2
    assert gone.status_code == 409, "what it last said counts"
    began = time.monotonic()
    free = coached.noon(4).isoformat()
    assert api("POST", "/bookings", offer=str(coached.offer.id), starts_at=free).status_code == 201
    assert time.monotonic() - began < 2, "it was tried a moment ago"
    source = coached.source(source_id)
    assert source.failing_since is None and source.due_at <= clock.now(), "the job finds out what is wrong"


def test_strangers_set_nothing_off(coached: Coached, odd: OddServer, client: FlaskClient) -> None:
    coached.add(odd.url)
    body = {"offer": str(coached.offer.id), "starts_at": coached.noon().isoformat()}
    assert client.post("/api/v1/bookings", json=body).status_code == 401
    client.post("/bookings", data=body)
    assert odd.asked == []


def test_paid_too_late_is_given_back_when_her_calendar_has_filled_meanwhile(coached: Coached, odd: OddServer) -> None:
    noon = coached.noon()
    coached.add(odd.url)
    with coached.rows() as session:
        offer, runner = (
            session.get_one(Offer, coached.offer.id),
            session.get_one(User, coached.runner.id),
        )
        booking = hold(session, offer, runner, noon)
        bookings.expire(session, booking.id)
        booking_id = booking.id
    odd.answering = busy_at(noon)
    coached.work()
    with coached.rows() as session:
        booking = session.get_one(Booking, booking_id)
        pay(session, booking)
        assert booking.status == "expired" and refunds(session) == [booking.price]


def test_many_who_book_at_once_ask_a_calendar_once(coached: Coached, odd: OddServer) -> None:
    release = threading.Event()
    odd.answering = lambda handler: (release.wait(5), handler.send(calendar()))[1]
    coached.add(odd.url)

    def look() -> None:
        with coached.app.app_context():
            service.fresh(coached.coach.id, coached.settings)

    lookers = [threading.Thread(target=look) for _ in range(8)]
    for each in lookers:
        each.start()
    time.sleep(0.7)
    release.set()
    for each in lookers:
        each.join()
    assert len(odd.asked) == 1


@pytest.mark.both_databases
def test_what_is_held_for_the_waitlist_rests_on_the_freshest_state(coached: Coached, odd: OddServer, api: Api) -> None:
    noon = coached.noon()
    odd.answering = busy_at()
    source_id = coached.add(odd.url)
    coached.work()
    with coached.rows() as session:
        scheduling.set_week(session, coached.coach.id, {})
        monday = monday_of(noon.date())
        place_id = bookings.wait(
            session, coached.offer.id, by=session.get_one(User, coached.runner.id), week_on=monday
        ).id
    asked = len(odd.asked)
    coached.age(source_id)
    with coached.app.app_context():
        assert bookings.serve(coached.coach.id, coached.settings) == 0
    assert len(odd.asked) == asked, "where nothing is free nobody is asked"
    odd.answering = busy_at(noon)
    with coached.rows() as session:
        wall = noon.astimezone(ZoneInfo(coached.coach.timezone))
        start = wall.hour * 60 + wall.minute
        scheduling.set_exception(session, coached.coach.id, wall.date(), [(start, start + coached.offer.minutes)])
    coached.age(source_id)
    coached.work()
    with coached.rows() as session:
        assert session.get_one(Wait, place_id).is_waiting and not session.scalars(select(Booking)).all()
    odd.answering = busy_at()
    coached.read(source_id)
    coached.work()
    with coached.rows() as session:
        assert [each.starts_at for each in session.scalars(select(Booking))] == [noon]
