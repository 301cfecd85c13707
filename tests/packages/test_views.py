"""The pages and the API of packages."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.bookings.models import Booking
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from marketplace.packages import queries
from marketplace.packages.models import Package
from tests import make
from tests.packages.world import World, count, form
from tests.programs import Api, token_of


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context(), transaction() as session:
        return World(session)


@pytest.fixture
def package(app: Flask, world: World) -> Package:
    with app.app_context(), transaction() as session:
        world.session = session
        return world.bought()


def test_the_terms_stand_before_the_button(app: Flask, client: FlaskClient, world: World) -> None:
    deal = world.deals[3].id
    page = client.get(f"/packages/new/{deal}").text
    for words in ("$250.01", "$83.33", "instead of $95", "goes back to your card", "a year from today"):
        assert words in page
    assert "Make an account" in page
    assert client.get(f"/packages/new/{uuid4()}").status_code == 404
    chosen = {name: form(app, world)[name] for name in ("offer", "starts_at")}
    assert "3 visits for $250.01" in client.get(f"/coaches/{world.coach.slug}/book", query_string=chosen).text


def test_with_stripe_away_the_package_waits_and_nothing_is_lost(app: Flask, client: FlaskClient, world: World) -> None:
    make.signed_in(client, world.runner.id)
    deal, package_id = world.deals[3].id, uuid4()
    asked = {"id": package_id, "amount": 25001, "currency": "CAD"}
    answer = client.post(f"/packages/new/{deal}", data=asked)
    assert (answer.status_code, "does not answer just now" in answer.text) == (409, True)
    client.post(f"/packages/new/{deal}", data=asked)
    assert count(app, Package) == 1
    assert "Not paid yet" in client.get(f"/packages/{package_id}").text
    changed = client.post(f"/packages/new/{deal}", data=asked | {"id": uuid4(), "amount": 1})
    assert "The price has changed" in changed.text


def test_a_visit_is_booked_without_a_payment_page(app: Flask, client: FlaskClient, world: World, package: Package):
    make.signed_in(client, world.runner.id)
    values = form(app, world)
    page = client.get(f"/coaches/{world.coach.slug}/book", query_string={k: values[k] for k in ("offer", "starts_at")})
    assert "You have 3 visits left" in page.text
    answer = client.post("/bookings", data=values | {"use_credit": "yes"})
    assert answer.status_code == 303 and not answer.location.endswith("/payment")
    assert "paid with a visit of a package" in client.get(answer.location).text
    assert client.post("/bookings", data=values | {"use_credit": "yes"}).location == answer.location
    assert count(app, Booking) == 1
    assert "of 3" in client.get("/account/credits").text


def test_without_a_visit_left_it_is_said_and_what_was_typed_is_kept(
    app: Flask, client: FlaskClient, world: World
) -> None:
    make.signed_in(client, world.runner.id)
    answer = client.post("/bookings", data=form(app, world, use_credit="yes"))
    assert answer.status_code == 409
    assert "There is no visit left in your package" in answer.text
    assert "My left shoe is new" in answer.text
    assert count(app, Booking) == 0


def test_unused_visits_are_given_back_by_their_owner_only(
    app: Flask, client: FlaskClient, world: World, package: Package
) -> None:
    make.signed_in(client, world.coach.user_id)
    assert client.post(f"/packages/{package.id}/refund").status_code == 404
    assert client.get(f"/packages/{package.id}").status_code == 404
    assert world.runner.name in client.get("/coach/offers/credits").text
    make.signed_in(client, world.runner.id)
    assert "$250.01 goes back to your card" in client.post(f"/packages/{package.id}/refund", follow_redirects=True).text
    assert client.post(f"/packages/{package.id}/refund").status_code == 409


def test_a_program_sees_and_uses_visits(app: Flask, client: FlaskClient, world: World, package: Package) -> None:
    api = Api(client, token_of(app, world.runner))
    (line,) = api("GET", "/credits").get_json()["credits"]
    assert (line["left"], line["worth"]["amount"], line["usable"]) == (3, 25001, True)
    asked = {"offer": str(world.offer.id), "use_credit": True}
    start = form(app, world)["starts_at"]
    made = api("POST", "/bookings", **asked, starts_at=start).get_json()
    assert (made["status"], made["payment_url"]) == ("confirmed", None)
    shown = api("GET", f"/bookings/{made['id']}").get_json()
    assert (shown["price"]["amount"], shown["paid_with_credit"]) == (8334, True)
    assert api("GET", "/credits").get_json()["credits"][0]["left"] == 2
    both = api("POST", "/bookings", **asked, starts_at=start, code="SPRING")
    assert (both.status_code, "takes no code" in both.get_data(as_text=True)) == (422, True)
    other = Api(client, token_of(app, world.coach_user))
    assert other("GET", "/credits").get_json() == {"credits": []}


def test_a_coach_sells_packages_by_price_or_per_cent(app: Flask, client: FlaskClient, world: World) -> None:
    make.signed_in(client, world.coach.user_id)
    path = f"/coach/offers/{world.offer.id}/packages"
    assert "250.01" in client.get(path).text
    wrong = client.post(path, data={"visits_3": "cheap", "visits_5": "400"})
    assert wrong.status_code == 422 and "cheap" in wrong.text and "such as 255" in wrong.text
    assert "more than the visits cost" in client.post(path, data={"visits_3": "300"}).text
    assert client.post(path, data={"visits_3": "10 %", "visits_5": "400"}).status_code == 303
    with app.app_context(), transaction(write=False) as session:
        assert [(each.visits, each.price) for each in queries.deals(session, world.offer.id)] == [
            (3, 25650),
            (5, 40000),
        ]
    make.signed_in(client, world.runner.id)
    assert client.get(path).status_code == 403


@pytest.mark.parametrize(
    ("price", "typed", "status", "said"),
    [
        (500, "95 %", 422, "3 visits would cost $0.75 together. A card payment is at least $1."),
        (500, "0,90", 422, "3 visits would cost $0.90 together"),
        (9500, "1,000", 422, "such as 255"),
        (9500, "1e30", 422, "such as 255"),
        (0, "10 %", 409, "A free offer needs no packages"),
    ],
)
def test_a_price_that_no_card_can_pay_is_said_so_and_kept(
    app: Flask, client: FlaskClient, world: World, price: int, typed: str, status: int, said: str
) -> None:
    with app.app_context(), transaction() as session:
        session.get_one(Offer, world.offer.id).price = price
    make.signed_in(client, world.coach.user_id)
    answer = client.post(f"/coach/offers/{world.offer.id}/packages", data={"visits_3": typed, "visits_10": "7"})
    assert (answer.status_code, said in answer.text) == (status, True)
    assert price == 0 or (f'value="{typed}"' in answer.text and 'value="7"' in answer.text)


def test_a_package_that_costs_more_than_its_visits_is_not_sold(app: Flask, client: FlaskClient, world: World) -> None:
    path = f"/packages/new/{world.deals[3].id}"
    for price in (5000, 0):
        with app.app_context(), transaction() as session:
            session.get_one(Offer, world.offer.id).price = price
        assert client.get(path).status_code == 404
        chosen = {name: form(app, world)[name] for name in ("offer", "starts_at")}
        assert "3 visits for" not in client.get(f"/coaches/{world.coach.slug}/book", query_string=chosen).text
        make.signed_in(client, world.runner.id)
        bought = client.post(path, data={"id": uuid4(), "amount": 25001, "currency": "CAD"})
        assert bought.status_code == 404 and count(app, Package) == 0
    with app.app_context(), transaction() as session:
        session.get_one(Offer, world.offer.id).price = 8000
    make.signed_in(client, world.coach.user_id)
    page = client.get(f"/coach/offers/{world.offer.id}/packages").text
    assert page.count("so this package is not sold") == 1 and "250.01" in page
    assert client.get(f"/packages/new/{world.deals[10].id}").status_code == 200
