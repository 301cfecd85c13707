"""Openings, hours and exceptions under /api/v1."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.calendars.models import Source
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.scheduling import service
from tests import make
from tests.programs import Api, token_of


@pytest.fixture
def world(app: Flask) -> dict[str, Any]:
    with app.app_context(), transaction() as session:
        coach = make.coach(session)
        offers = make.offer(session, coach), make.offer(session, coach, OfferKind.CLIP_REVIEW)
        other = make.offer(session, make.coach(session))
        person = session.get_one(User, coach.user_id)
        now = clock.now()
        source = Source(coach_id=coach.id, name="", host="", sealed="", address_key="", due_at=now, asked_at=now)
        source.expanded_on = now.date()
        session.add(source)
    return {
        "source": source.id,
        "coach": coach,
        "offer": offers[0],
        "clip": offers[1],
        "other": other,
        "person": person,
    }


@pytest.fixture
def as_coach(app: Flask, client: FlaskClient, world: dict[str, Any]) -> Api:
    return Api(client, token_of(app, world["person"]))


def asked(client: FlaskClient, world: dict[str, Any], **changes: Any) -> TestResponse:
    first = clock.now().date() + timedelta(days=2)
    query = {
        "offer": world["offer"].id,
        "from": first,
        "to": first + timedelta(days=1),
        "timezone": "America/Toronto",
    } | changes
    found = {name: value for name, value in query.items() if value is not None}
    return client.get(f"/api/v1/coaches/{world['coach'].slug}/openings", query_string=found)


def test_openings_carry_the_offset_of_the_asked_zone(client: FlaskClient, world: dict[str, Any]) -> None:
    here = asked(client, world).json
    assert here["timezone"] == "America/Toronto"
    assert len(here["openings"]) == 16
    first = here["openings"][0]
    assert first["starts_at"][11:16] == "09:00"
    start, end = (datetime.fromisoformat(first[name]) for name in ("starts_at", "ends_at"))
    assert start.utcoffset() is not None and end - start == timedelta(minutes=30)
    there = asked(client, world, timezone="Asia/Kolkata").json["openings"]
    assert all(each["starts_at"].endswith("+05:30") for each in there)


@pytest.mark.parametrize(
    "change",
    [
        {"offer": None},
        {"from": None},
        {"to": None},
        {"timezone": None},
        {"timezone": "Mars/Olympus"},
        {"from": "2026-13-01"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"to": "2020-01-01"},
        {"to": str(clock.now().date() + timedelta(days=80))},
        {"colour": "red"},
    ],
)
def test_odd_questions_are_refused_with_a_reason(
    client: FlaskClient, world: dict[str, Any], change: dict[str, Any]
) -> None:
    answer = asked(client, world, **change)
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"


def test_a_clip_review_has_no_openings(client: FlaskClient, world: dict[str, Any]) -> None:
    assert asked(client, world, offer=world["clip"].id).status_code == 422


def test_an_offer_of_another_coach_is_not_found(client: FlaskClient, world: dict[str, Any]) -> None:
    assert asked(client, world, offer=world["other"].id).status_code == 404
    assert client.get("/api/v1/coaches/nobody/openings", query_string={"offer": world["offer"].id}).status_code in (
        404,
        422,
    )


def test_hours_that_are_read_can_be_put_back(as_coach: Api) -> None:
    hours = as_coach("GET", "/coach/hours").json
    assert hours["timezone"] == "America/Toronto"
    assert hours["windows"][0] == {"weekday": 0, "starts": "09:00", "ends": "17:00"}
    windows = [{"weekday": 5, "starts": "22:00", "ends": "02:00"}]
    put = as_coach("PUT", "/coach/hours", windows=windows, most_visits_per_day=3)
    assert put.status_code == 200
    assert put.json["windows"] == [
        {"weekday": 5, "starts": "22:00", "ends": "24:00"},
        {"weekday": 6, "starts": "00:00", "ends": "02:00"},
    ]
    again = as_coach("PUT", "/coach/hours", windows=put.json["windows"]).json
    assert again == put.json and again["most_visits_per_day"] == 3


def test_hours_and_limits_sent_together_are_undone_together(app: Flask, as_coach: Api, world: dict[str, Any]) -> None:
    before, coach_id = as_coach("GET", "/coach/hours").json, world["coach"].id
    as_coach("PUT", "/coach/hours", windows=[{"weekday": 5, "starts": "09:00", "ends": "10:00"}], most_visits_per_day=3)
    with app.app_context(), transaction() as session:
        kept = service.undoable(session, coach_id)
        assert kept is not None
        service.undo(session, coach_id, kept.change_id)
    assert as_coach("GET", "/coach/hours").json == before


def test_another_zone_is_told_to_all_that_counts_in_it(app: Flask, as_coach: Api, world: dict[str, Any]) -> None:
    assert as_coach("PUT", "/coach/hours", windows=[], timezone="Nowhere/Land").status_code == 422
    answer = as_coach("PUT", "/coach/hours", windows=[], timezone="America/Vancouver")
    assert answer.json["timezone"] == "America/Vancouver"
    with app.app_context(), transaction() as session:
        assert session.get_one(Coach, world["coach"].id).timezone == "America/Vancouver"
        source = session.get_one(Source, world["source"])
        assert source.expanded_on is None, "whole days of calendars elsewhere are read anew"


@pytest.mark.parametrize("starts", ["9:00", "09:01", "25:00", "", "24:05", 9, "17:00"])
def test_hours_off_the_grid_are_refused(as_coach: Api, starts: object) -> None:
    windows = [{"weekday": 0, "starts": starts, "ends": "17:00"}]
    assert as_coach("PUT", "/coach/hours", windows=windows).status_code == 422


def test_an_exception_lives_from_put_to_delete(as_coach: Api, client: FlaskClient, world: dict[str, Any]) -> None:
    on = clock.now().date() + timedelta(days=2)
    assert as_coach("GET", f"/coach/exceptions/{on}").status_code == 404
    put = as_coach("PUT", f"/coach/exceptions/{on}", windows=[{"starts": "10:00", "ends": "11:00"}])
    assert put.status_code == 200
    assert len(asked(client, world).json["openings"]) == 2
    assert as_coach("GET", f"/coach/exceptions/{on}").json == put.json
    assert as_coach("DELETE", f"/coach/exceptions/{on}").status_code == 204
    assert as_coach("DELETE", f"/coach/exceptions/{on}").status_code == 404
    assert len(asked(client, world).json["openings"]) == 16


@pytest.mark.parametrize("changes", [{"from": "1795392000"}, {"to": "2026-12-01T00:00:00"}, {"timezone": "Factory"}])
def test_days_and_zones_are_written_out(client: FlaskClient, world: dict[str, Any], changes: dict[str, str]) -> None:
    assert asked(client, world, **changes).status_code == 422


def test_hours_are_the_coachs_own(app: Flask, client: FlaskClient, world: dict[str, Any]) -> None:
    assert client.get("/api/v1/coach/hours").status_code == 401
    with app.app_context(), transaction() as session:
        runner = make.user(session)
    assert Api(client, token_of(app, runner))("GET", "/coach/hours").status_code == 403
