"""The waitlist under /api/v1, and who gets a time that has freed a moment ago."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings import service
from marketplace.bookings.models import Booking, Wait
from marketplace.bookings.waits import WaitStatus, monday_of
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from marketplace.jobs import run_due
from marketplace.scheduling import service as scheduling
from tests import make
from tests.bookings.world import confirmed, hold, sign_in, times
from tests.programs import Api, token_of

pytestmark = pytest.mark.both_databases


class World:
    """A coach of one hour a week, which somebody has; a second runner."""

    def __init__(self, session: Session) -> None:
        coach = make.coach(session)
        self.offer: Offer = make.offer(session, coach, minutes=60, interval_minutes=60)
        scheduling.set_week(session, coach.id, {2: [(600, 660)]})
        self.start: datetime = times(session, self.offer, days=14)[0]
        self.week: date = monday_of(self.start.date())
        self.taken: Booking = confirmed(session, self.offer, make.user(session), self.start)
        self.waiter: User = make.user(session)
        self.quick: User = make.user(session)
        self.coach_user: User = session.get_one(User, coach.user_id)
        self.elsewhere: datetime = self.start + timedelta(days=7)

    def body(self, **changes: Any) -> dict[str, Any]:
        return {"offer": str(self.offer.id), "week_on": self.week.isoformat()} | changes

    def free(self, app: Flask) -> None:
        """The coach gives the time back; no job has run yet."""
        with app.app_context(), transaction() as session:
            service.cancel(session, self.taken.id, by=session.get_one(User, self.coach_user.id))


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as session:
        return World(session)


@pytest.fixture
def waiter(app: Flask, client: FlaskClient, world: World) -> Api:
    return Api(client, token_of(app, world.waiter))


@pytest.fixture
def quick(app: Flask, client: FlaskClient, world: World) -> Api:
    return Api(client, token_of(app, world.quick))


def status(app: Flask, wait_id: str) -> WaitStatus:
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(Wait, UUID(wait_id)).status


def test_a_program_asks_sees_and_leaves(app: Flask, waiter: Api, quick: Api, world: World) -> None:
    made = waiter("POST", "/waits", **world.body(week_on=(world.week + timedelta(days=6)).isoformat()))
    assert made.status_code == 201 and made.json
    assert made.json | {"asked_at": ""} == {
        "id": made.json["id"],
        "offer": str(world.offer.id),
        "week_on": world.week.isoformat(),
        "status": "waiting",
        "booking": None,
        "asked_at": "",
    }
    assert datetime.fromisoformat(made.json["asked_at"]).tzinfo
    assert waiter("POST", "/waits", **world.body()).json == made.json, "twice is once"
    assert waiter("GET", "/waits").json == {"waits": [made.json]}
    assert quick("GET", "/waits").json == {"waits": []}
    for somebody in (quick("DELETE", f"/waits/{made.json['id']}"), waiter("DELETE", f"/waits/{uuid4()}")):
        assert somebody.status_code == 404
    for _ in range(2):
        assert waiter("DELETE", f"/waits/{made.json['id']}").status_code == 204
    assert waiter("GET", "/waits").json == {"waits": []} and status(app, made.json["id"]) is WaitStatus.LEFT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"week_on": "9999-12-31"}, 422),
        ({"week_on": "0001-01-01"}, 422),
        ({"week_on": "2020-01-06"}, 422),
        ({"week_on": "soon"}, 422),
        ({"week_on": None}, 422),
        ({"offer": str(uuid4())}, 404),
        ({"offer": "x"}, 422),
        ({"more": 1}, 422),
    ],
)
def test_what_can_not_be_waited_for_is_refused(waiter: Api, world: World, change: dict[str, Any], code: int) -> None:
    assert waiter("POST", "/waits", **world.body(**change)).status_code == code
    assert waiter("GET", "/waits").json == {"waits": []}


def test_a_week_with_times_needs_no_list(client: FlaskClient, waiter: Api, world: World) -> None:
    refused = waiter("POST", "/waits", **world.body(week_on=world.elsewhere.date().isoformat()))
    assert refused.status_code == 409 and refused.json and refused.json["type"] == "week-has-times"
    assert client.get("/api/v1/waits").status_code == 401


def test_a_freed_time_is_the_waiters_before_any_job_has_run(app: Flask, waiter: Api, quick: Api, world: World) -> None:
    place = waiter("POST", "/waits", **world.body()).json["id"]
    world.free(app)
    gone = quick("POST", "/bookings", offer=str(world.offer.id), starts_at=world.start.isoformat())
    assert gone.status_code == 409 and gone.json and gone.json["type"] == "time-gone"
    (hers,) = waiter("GET", "/waits").json["waits"]
    assert (hers["id"], hers["status"]) == (place, "offered")
    assert waiter("GET", f"/bookings/{hers['booking']}").json["status"] == "held"
    with app.app_context():
        run_due()
    assert waiter("GET", "/waits").json["waits"] == [hers], "the job that was asked for finds nothing more"


def test_nor_does_anybody_move_into_it(app: Flask, waiter: Api, quick: Api, world: World) -> None:
    with app.app_context(), transaction() as session:
        offer, person = session.get_one(Offer, world.offer.id), session.get_one(User, world.quick.id)
        other = confirmed(session, offer, person, world.elsewhere).id
    waiter("POST", "/waits", **world.body())
    world.free(app)
    moved = quick("POST", f"/bookings/{other}/rescheduling", starts_at=world.start.isoformat())
    assert moved.status_code == 409
    assert waiter("GET", "/waits").json["waits"][0]["status"] == "offered"


def test_a_waiter_who_is_quick_herself_is_led_to_what_is_held_for_her(
    app: Flask, client: FlaskClient, waiter: Api, world: World
) -> None:
    waiter("POST", "/waits", **world.body())
    world.free(app)
    form = {"id": str(uuid4()), "offer": str(world.offer.id), "starts_at": world.start.isoformat(), "pain": "no"}
    answer = sign_in(client, world.waiter).post("/bookings", data=form | {"amount": "9500", "currency": "CAD"})
    (hers,) = waiter("GET", "/waits").json["waits"]
    assert (answer.status_code, answer.location) == (303, f"/bookings/{hers['booking']}")


def test_who_can_not_be_served_stands_in_nobodys_way(app: Flask, waiter: Api, quick: Api, world: World) -> None:
    place = waiter("POST", "/waits", **world.body()).json["id"]
    with app.app_context(), transaction() as session:
        person = session.get_one(User, world.waiter.id)
        review = make.offer(session, make.coach(session), OfferKind.CLIP_REVIEW, weekly_places=50)
        for _ in range(service.MOST_HOLDS):
            hold(session, review, person)
    world.free(app)
    assert quick("POST", "/bookings", offer=str(world.offer.id), starts_at=world.start.isoformat()).status_code == 201
    assert status(app, place) is WaitStatus.WAITING


def test_all_that_frees_at_once_is_held_at_once(app: Flask, world: World) -> None:
    with app.app_context(), transaction() as session:
        people = [make.user(session) for _ in range(3)]
        for each in people:
            service.wait(session, world.offer.id, by=each, week_on=world.week)
        scheduling.set_week(session, world.offer.coach_id, {2: [(600, 780)]})
    with app.app_context():
        run_due()
    with app.app_context(), transaction(write=False) as session:
        found = session.scalars(select(Wait).order_by(col(Wait.asked_at)))
        assert [each.status for each in found] == [WaitStatus.OFFERED, WaitStatus.OFFERED, WaitStatus.WAITING]
