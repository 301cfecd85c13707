"""GET /api/v1/places."""

from flask import Flask
from flask.testing import FlaskClient

from marketplace.db import transaction
from marketplace.places import service
from marketplace.places.gazetteer import Gazetteer


def test_places_are_suggested_to_programs(app: Flask, client: FlaskClient, gazetteer: Gazetteer) -> None:
    with app.app_context(), transaction() as session:
        service.import_gazetteer(session, gazetteer)
    answer = client.get("/api/v1/places?q=ottaw")
    assert answer.status_code == 200
    first = answer.get_json()["places"][0]
    assert {"name": "Ottawa", "region": "ON", "country": "CA", "timezone": "America/Toronto"}.items() <= first.items()
    assert abs(first["latitude"] - 45.42) < 0.05
    assert first["population"] > 900_000
    for zone in ("America/Toronto", "Nowhere/Known"):
        there = client.get("/api/v1/places", query_string={"q": "ottaw", "timezone": zone}).get_json()["places"]
        assert there[0]["name"] == "Ottawa"


def test_a_missing_text_and_foreign_parameters_are_refused(client: FlaskClient) -> None:
    for address in ("/api/v1/places", "/api/v1/places?q=ott&utm_source=x", f"/api/v1/places?q={'a' * 300}"):
        answer = client.get(address)
        assert answer.status_code == 422
        assert answer.mimetype == "application/problem+json"
