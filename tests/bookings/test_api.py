"""Bookings under /api/v1, as the contract tells them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI
from icalendar import Calendar
from sqlalchemy import func, select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.payments.models import Refund
from tests import make
from tests.bookings.world import pay, times
from tests.programs import Api, token_of


class World:
    """A coach with a call and a clip review, a runner, open times."""

    def __init__(self, session: Session) -> None:
        self.coach = make.coach(session)
        self.coach_user = session.get_one(User, self.coach.user_id)
        self.offer = make.offer(session, self.coach)
        self.review = make.offer(session, self.coach, OfferKind.CLIP_REVIEW)
        self.runner = make.user(session)
        self.times = times(session, self.offer)


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as session:
        return World(session)


@pytest.fixture
def api(app: Flask, client: FlaskClient, world: World) -> Api:
    return Api(client, token_of(app, world.runner))


def wish(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "offer": str(world.offer.id),
        "starts_at": world.times[0].isoformat(),
        "price": {"amount": 9500, "currency": "CAD"},
    } | changes


def count(app: Flask) -> int:
    with app.app_context(), transaction(write=False) as session:
        return int(session.scalar(select(func.count()).select_from(Booking)) or 0)


def paid(app: Flask, booking_id: str) -> None:
    with app.app_context(), transaction() as session:
        pay(session, session.get_one(Booking, UUID(booking_id)))


def test_a_hold_says_where_it_is_paid_and_until_when(api: Api, world: World) -> None:
    answer = api("POST", "/bookings", **wish(world))
    assert answer.status_code == 201
    assert set(answer.json) == {"id", "status", "payment_url", "hold_expires_at"}
    assert answer.json["status"] == "held"
    assert answer.json["payment_url"].endswith(f"/bookings/{answer.json['id']}/payment")
    until = datetime.fromisoformat(answer.json["hold_expires_at"])
    assert timedelta(minutes=30) < until - clock.now() <= timedelta(minutes=35)


def test_the_whole_intake_is_kept(app: Flask, api: Api, world: World) -> None:
    intake = {
        "issues": ["hip-drop", "itb"],
        "goal": "10k",
        "note": "hello",
        "pain_screen": {"pain": True, "flags": ["night-pain"]},
    }
    made = api("POST", "/bookings", **wish(world, **intake)).json
    shown = api("GET", f"/bookings/{made['id']}").json
    assert {name: shown[name] for name in ("issues", "goal", "note")} == {
        "issues": ["hip-drop", "itb"],
        "goal": "10k",
        "note": "hello",
    }
    assert shown["pain_screen"]["flags"] == ["night-pain"]
    assert shown["role"] == "runner" and shown["coach"]["slug"] == world.coach.slug
    assert datetime.fromisoformat(shown["starts_at"]) == world.times[0]
    assert datetime.fromisoformat(shown["starts_at"]).utcoffset() is not None


def test_a_taken_time_and_another_price_are_conflicts(app: Flask, client: FlaskClient, api: Api, world: World) -> None:
    assert api("POST", "/bookings", **wish(world)).status_code == 201
    with app.app_context(), transaction() as session:
        other = make.user(session)
    late = Api(client, token_of(app, other))("POST", "/bookings", **wish(world))
    assert late.status_code == 409 and late.mimetype == "application/problem+json"
    cheaper = wish(world, starts_at=world.times[3].isoformat(), price={"amount": 1, "currency": "CAD"})
    assert api("POST", "/bookings", **cheaper).status_code == 409
    assert count(app) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"starts_at": "2020-01-01T10:00:00Z"}, 422),
        ({"starts_at": None}, 422),
        ({"starts_at": "2026-05-05T10:00:00"}, 422),
        ({"starts_at": "soon"}, 422),
        ({"starts_at": "9999-12-31T23:59:59Z"}, 422),
        ({"starts_at": "0001-01-01T00:00:00Z"}, 422),
        ({"offer": str(uuid4())}, 404),
        ({"offer": "x"}, 422),
        ({"price": {"amount": -5, "currency": "CAD"}}, 422),
        ({"price": {"amount": 95.5, "currency": "CAD"}}, 422),
        ({"price": 95}, 422),
        ({"issues": ["gout"]}, 422),
        ({"issues": "hip-drop"}, 422),
        ({"pain_screen": {"pain": False, "flags": ["hiccups"]}}, 422),
        ({"note": "x" * 1_000_000}, 422),
        ({"colour": "red"}, 422),
        ({"id": "7"}, 422),
    ],
)
def test_what_can_not_be_right_is_refused_and_nothing_is_written(
    app: Flask, api: Api, world: World, change: dict[str, Any], status: int
) -> None:
    answer = api("POST", "/bookings", **wish(world, **change))
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert count(app) == 0


def test_an_off_grid_time_is_422(app: Flask, api: Api, world: World) -> None:
    for shift in (timedelta(minutes=5), timedelta(hours=12), timedelta(seconds=7)):
        off = (world.times[0] + shift).isoformat()
        assert api("POST", "/bookings", **wish(world, starts_at=off)).status_code == 422
    assert count(app) == 0


def test_garbage_is_422_or_400_never_500(client: FlaskClient, api: Api) -> None:
    for body in (b"{", b"[]", b"null", b"\xff\xfe", b'{"offer": 1e999}'):
        answer = client.post("/api/v1/bookings", data=body, headers=api.headers, content_type="application/json")
        assert answer.status_code in (400, 422), body
        assert answer.mimetype == "application/problem+json"


def test_an_unverified_person_is_told_why(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        person = make.user(session, verified_at=None)
    answer = Api(client, token_of(app, person))("POST", "/bookings", **wish(world))
    assert answer.status_code == 403 and "address" in answer.json["title"]
    assert client.post("/api/v1/bookings", json=wish(world)).status_code == 401


def test_the_same_id_and_the_same_key_are_one_booking(app: Flask, client: FlaskClient, api: Api, world: World) -> None:
    named = wish(world, id=str(uuid4()))
    first, second = (api("POST", "/bookings", **named) for _ in range(2))
    assert first.status_code == second.status_code == 201 and first.json == second.json
    keyed = wish(world, starts_at=world.times[4].isoformat())
    headers = api.headers | {"Idempotency-Key": "abc"}
    answers = [client.post("/api/v1/bookings", json=keyed, headers=headers) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json == answers[1].json
    assert count(app) == 2
    keyed["note"] = "other"
    assert client.post("/api/v1/bookings", json=keyed, headers=headers).status_code == 422


def test_the_id_of_what_is_over_is_taken(api: Api, world: World) -> None:
    asked = wish(world, id=str(uuid4()))
    held = api("POST", "/bookings", **asked).json
    assert api("POST", f"/bookings/{held['id']}/cancellation", reason="").json["status"] == "expired"
    again = api("POST", "/bookings", **asked)
    assert (again.status_code, again.json["type"]) == (409, "id-taken")
    assert api("POST", "/bookings", **wish(world, id=str(uuid4()))).status_code == 201


def test_a_clip_review_is_booked_without_a_time(api: Api, world: World) -> None:
    review = wish(world, offer=str(world.review.id), starts_at=None)
    made = api("POST", "/bookings", **review)
    assert made.status_code == 201
    timed = wish(world, offer=str(world.review.id))
    assert api("POST", "/bookings", **timed).status_code == 422
    assert api("GET", f"/bookings/{made.json['id']}/calendar.ics").status_code == 404


def test_cancelling_a_hold_gives_it_up(api: Api, world: World) -> None:
    made = api("POST", "/bookings", **wish(world)).json
    gone = api("POST", f"/bookings/{made['id']}/cancellation", reason="changed my mind")
    assert (gone.status_code, gone.json["status"]) == (200, "expired")
    assert api("POST", "/bookings", **wish(world)).status_code == 201


def test_cancelling_gives_back_what_was_said(app: Flask, client: FlaskClient, api: Api, world: World) -> None:
    made = api("POST", "/bookings", **wish(world)).json
    paid(app, made["id"])
    shown = api("GET", f"/bookings/{made['id']}").json
    assert shown["refund_now"] == {"amount": 9500, "currency": "CAD"}
    steps = [(datetime.fromisoformat(each["until"]), each["refund"]["amount"]) for each in shown["cancellation"]]
    start = world.times[0]
    assert steps == [(start - timedelta(hours=24), 9500), (start - timedelta(hours=12), 4750)]
    headers = api.headers | {"Idempotency-Key": "cancel-1"}
    path = f"/api/v1/bookings/{made['id']}/cancellation"
    answers = [client.post(path, json={"reason": "a cold"}, headers=headers) for _ in range(2)]
    assert [(answer.status_code, answer.json["status"]) for answer in answers] == [(200, "cancelled")] * 2
    assert api("POST", f"/bookings/{made['id']}/cancellation", reason="").status_code == 409
    with app.app_context(), transaction(write=False) as session:
        assert [row.amount for row in session.scalars(select(Refund))] == [9500]


def test_a_visit_can_be_moved(app: Flask, api: Api, world: World) -> None:
    made = api("POST", "/bookings", **wish(world)).json
    path = f"/bookings/{made['id']}/rescheduling"
    new = world.times[5].isoformat()
    assert api("POST", path, starts_at=new).status_code == 409
    paid(app, made["id"])
    moved = api("POST", path, starts_at=new)
    assert moved.status_code == 200 and datetime.fromisoformat(moved.json["starts_at"]) == world.times[5]
    assert api("POST", path, starts_at="2020-01-01T00:00:00Z").status_code == 422
    assert api("POST", path).status_code == 422


def test_the_calendar_file_is_valid(app: Flask, api: Api, world: World) -> None:
    made = api("POST", "/bookings", **wish(world)).json
    assert api("GET", f"/bookings/{made['id']}/calendar.ics").status_code == 404
    paid(app, made["id"])
    file = api("GET", f"/bookings/{made['id']}/calendar.ics")
    assert file.mimetype == "text/calendar"
    (event,) = Calendar.from_ical(file.data).walk("VEVENT")
    assert event["UID"].startswith(made["id"])


def test_both_sides_list_it_and_strangers_do_not(app: Flask, client: FlaskClient, api: Api, world: World) -> None:
    made = [api("POST", "/bookings", **wish(world, starts_at=world.times[n].isoformat())).json["id"] for n in range(3)]
    first = api("GET", "/bookings?limit=2").json
    rest = api("GET", f"/bookings?limit=2&cursor={first['next_cursor']}").json
    assert [each["id"] for each in first["bookings"] + rest["bookings"]] == made[::-1]
    assert rest["next_cursor"] is None
    as_coach = Api(client, token_of(app, world.coach_user))
    assert {each["role"] for each in as_coach("GET", "/bookings").json["bookings"]} == {"coach"}
    with app.app_context(), transaction() as session:
        person = make.user(session)
    stranger = Api(client, token_of(app, person))
    assert stranger("GET", "/bookings").json["bookings"] == []
    assert stranger("GET", f"/bookings/{made[0]}").status_code == 404
    assert stranger("POST", f"/bookings/{made[0]}/cancellation", reason="x").status_code == 404
    for cursor in ("x", "bnVsbA", "WzEsMl0"):
        assert api("GET", f"/bookings?cursor={cursor}").status_code == 422


def test_pain_may_be_screened_later(api: Api, world: World) -> None:
    made = api("POST", "/bookings", **wish(world)).json
    path = f"/bookings/{made['id']}/pain-screen"
    assert api("PUT", path, pain=False).json["pain_screen"] == {"pain": False, "flags": [], "note": ""}
    assert api("PUT", path, pain="perhaps").status_code == 422


def test_a_free_booking_is_confirmed_at_once(app: Flask, api: Api, world: World) -> None:
    with app.app_context(), transaction() as session:
        free = make.offer(session, session.merge(world.coach), price=0)
    wanted = wish(world, offer=str(free.id), price={"amount": 0, "currency": "CAD"})
    made = api("POST", "/bookings", **wanted).json
    assert (made["status"], made["payment_url"], made["hold_expires_at"]) == ("confirmed", None, None)


def test_the_document_tells_of_bookings(app: OpenAPI) -> None:
    paths = app.api_doc["paths"]
    for path in ("/api/v1/bookings", "/api/v1/bookings/{booking_id}", "/api/v1/coaches/{slug}/openings"):
        assert path in paths


def test_a_series_is_one_hold_and_one_payment(app: Flask, api: Api, world: World) -> None:
    answer = api("POST", "/bookings", **wish(world, repeat={"every_weeks": 2, "times": 3}))
    assert answer.status_code == 201 and answer.json["status"] == "held"
    starts = [datetime.fromisoformat(each["starts_at"]) for each in answer.json["bookings"]]
    assert starts == [world.times[0] + timedelta(weeks=weeks) for weeks in (0, 2, 4)]
    assert answer.json["bookings"][0]["id"] == answer.json["id"]
    paid(app, answer.json["id"])
    for each in answer.json["bookings"]:
        assert api("GET", f"/bookings/{each['id']}").json["status"] == "confirmed"


def test_a_clash_of_a_series_is_409_with_its_dates(app: Flask, client: FlaskClient, api: Api, world: World) -> None:
    with app.app_context(), transaction() as session:
        other = make.user(session)
    clash = world.times[0] + timedelta(weeks=1)
    taken = wish(world, starts_at=clash.isoformat())
    assert Api(client, token_of(app, other))("POST", "/bookings", **taken).status_code == 201
    answer = api("POST", "/bookings", **wish(world, repeat={"every_weeks": 1, "times": 4}))
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    (found,) = answer.json["clashes"]
    assert datetime.fromisoformat(found["starts_at"]) == clash and found["reason"] == "taken"
    assert found["others"] and count(app) == 1
    instead = {found["on"]: found["others"][0]}
    again = api("POST", "/bookings", **wish(world, repeat={"every_weeks": 1, "times": 4, "instead": instead}))
    assert again.status_code == 201 and len(again.json["bookings"]) == 4


@pytest.mark.parametrize(
    "repeat",
    [
        {"every_weeks": 3, "times": 4},
        {"every_weeks": 1, "times": 1},
        {"every_weeks": 1, "times": 13},
        {"every_weeks": 1},
        {"every_weeks": 1, "times": 4, "colour": "red"},
        {"every_weeks": 1, "times": 4, "instead": {"soon": None}},
        {"every_weeks": 1, "times": 2, "instead": {"2026-01-01": "2026-01-01T10:00:00"}},
        [],
    ],
)
def test_a_series_that_can_not_be_is_refused(app: Flask, api: Api, world: World, repeat: Any) -> None:
    answer = api("POST", "/bookings", **wish(world, repeat=repeat))
    assert answer.status_code == 422 and count(app) == 0
    nowhen = wish(world, offer=str(world.review.id), starts_at=None, repeat={"every_weeks": 1, "times": 2})
    assert api("POST", "/bookings", **nowhen).status_code == 422


def test_a_time_gone_comes_with_the_nearest_others(app: Flask, client: FlaskClient, api: Api, world: World) -> None:
    with app.app_context(), transaction() as session:
        other = make.user(session)
    mine = api("POST", "/bookings", **wish(world, starts_at=world.times[5].isoformat())).json["id"]
    paid(app, mine)
    theirs = Api(client, token_of(app, other))
    assert theirs("POST", "/bookings", **wish(world)).status_code == 201
    lost = api("POST", "/bookings", **wish(world))
    moved = api("POST", f"/bookings/{mine}/rescheduling", starts_at=world.times[0].isoformat())
    for answer in (lost, moved):
        assert answer.status_code == 409 and answer.json["type"] == "time-gone"
        others = [datetime.fromisoformat(each) for each in answer.json["others"]]
        assert world.times[0] not in others and world.times[1] in others and others == sorted(others)
    first = lost.json["others"][0]
    assert api("POST", "/bookings", **wish(world, starts_at=first)).status_code == 201
