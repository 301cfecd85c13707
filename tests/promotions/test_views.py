"""Codes on the pages and in the API, on the coach's desk and at a terminal."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.bookings.models import Booking
from marketplace.cli import cli
from marketplace.db import transaction
from marketplace.promotions import service
from marketplace.promotions.models import Promotion
from tests import make
from tests.packages.world import World, count, form
from tests.programs import Api, token_of


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as session:
        return World(session)


def test_a_program_books_with_a_code(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        service.create(session, world.coach.id, service.Draft("SPRING", percent=10))
    api = Api(client, token_of(app, world.runner))
    asked = {"offer": str(world.offer.id), "starts_at": form(app, world)["starts_at"]}
    unknown = api("POST", "/bookings", **asked, code="AUTUMN")
    assert (unknown.status_code, unknown.get_json()["type"]) == (422, "code-unknown")
    made = api("POST", "/bookings", **asked, code="spring").get_json()
    shown = api("GET", f"/bookings/{made['id']}").get_json()
    assert (shown["price"]["amount"], shown["discount"]["amount"]) == (8550, 950)


def test_a_code_is_tried_without_holding_anything(app: Flask, client: FlaskClient, world: World) -> None:
    with app.app_context(), transaction() as session:
        service.create(session, world.coach.id, service.Draft("SPRING", percent=10))
    make.signed_in(client, world.runner.id)
    tried = client.post("/bookings/code", data=form(app, world, code="spring")).text
    assert "With this code the price is $85.50" in tried and "My left shoe is new" in tried
    assert "not known for this coach" in client.post("/bookings/code", data=form(app, world, code="autumn")).text
    assert count(app, Booking) == 0
    refused = client.post("/bookings", data=form(app, world, code="autumn"))
    assert refused.status_code == 422 and "My left shoe is new" in refused.text


def test_a_coach_makes_and_ends_a_code(app: Flask, client: FlaskClient, world: World) -> None:
    make.signed_in(client, world.coach.user_id)
    path = "/coach/offers/codes"
    assert "None yet" in client.get(path).text
    for wrong in ({"code": "a b!"}, {"code": "SPRING", "takes": "amount"}, {"code": "SPRING", "percent": "0"}):
        assert client.post(path, data={"takes": "percent"} | wrong).status_code == 422
    made = {"code": "spring", "takes": "percent", "percent": "20", "offers": str(world.offer.id)}
    assert client.post(path, data=made).status_code == 303
    assert client.post(path, data=made).status_code == 409
    assert "20% off" in client.get(path).text
    with app.app_context(), transaction(write=False) as session:
        (code,) = session.scalars(select(Promotion))
    assert client.post(f"{path}/{code.id}/end").status_code == 303
    assert "Codes that are over" in client.get(path).text


def test_codes_of_the_site_are_made_at_a_terminal(app: Flask) -> None:
    run = app.test_cli_runner()
    assert "SUMMER holds" in run.invoke(cli, ["codes", "create", "summer", "--percent", "20", "--uses", "5"]).output
    assert "SUMMER: 20 % off, used 0 of 5 times" in run.invoke(cli, ["codes", "list"]).output
    assert run.invoke(cli, ["codes", "create", "x", "--percent", "20"]).exit_code == 2
    assert run.invoke(cli, ["codes", "create", "both", "--percent", "20", "--amount", "5"]).exit_code == 2
    assert "has ended" in run.invoke(cli, ["codes", "end", "summer"]).output
    assert run.invoke(cli, ["codes", "end", "autumn"]).exit_code != 0
