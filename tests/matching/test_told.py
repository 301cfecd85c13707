"""What a story tells besides, on its results page: which London, which side, what a race foretells."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.db import transaction
from marketplace.places.geo import cell
from marketplace.places.models import Place, PlaceName
from tests import make
from tests.matching.conftest import PutCoach

LONDONS = ((6058560, "ON", "CA", 42.98, -81.23, 422_000, 9), (2643743, "ENG", "GB", 51.51, -0.13, 8_900_000, 8))
IN_LONDON = "My left hip drops when I run. I live in London and need someone to look at my form."
WITH_A_RESULT = (
    "My knees cave in when I run. I ran a 10K in 54:10 in October and I want a half in 1:55. I live in Ottawa."
)


@pytest.fixture
def londons(app: Flask, put: PutCoach) -> None:
    put()
    with app.app_context(), transaction() as session:
        for place_id, region, country, latitude, longitude, population, weight in LONDONS:
            make.place(session, id=place_id, name="London", region=region, latitude=latitude, longitude=longitude)
            place = session.get_one(Place, place_id)
            place.country, place.population, place.cell = country, population, cell(latitude, longitude)
            session.add(PlaceName(folded="london", place_id=place_id, weight=weight))


def results(client: FlaskClient, story: str, prefix: str = "") -> tuple[str, str]:
    address = client.post(f"{prefix}/match", data={"story": story}).location
    return address, client.get(address).text


@pytest.mark.usefixtures("londons")
def test_another_place_of_the_same_name_is_one_link_away(client: FlaskClient) -> None:
    _, page = results(client, IN_LONDON)
    assert "London, ON. Not yours?" in page
    link = re.search(r'<a href="([^"]+)">London, United Kingdom</a>', page)
    assert link
    other = client.get(link.group(1).replace("&amp;", "&")).text
    assert "London, United Kingdom. Not yours?" in other and ">London, ON</a>" in other
    assert "issue=hip-drop" in link.group(1)


@pytest.mark.usefixtures("londons")
def test_a_place_that_is_named_with_its_region_is_not_asked_about(client: FlaskClient) -> None:
    _, page = results(client, IN_LONDON.replace("London", "London, Ontario"))
    assert "Not yours?" not in page


@pytest.mark.usefixtures("londons")
def test_in_french_the_other_london_has_its_french_country(client: FlaskClient) -> None:
    _, page = results(client, "Mon bassin tombe quand je cours. J’habite à London.", "/fr")
    assert "Ce n’est pas chez vous?" in page and ">London, Royaume-Uni</a>" in page


def test_a_race_told_says_kindly_what_it_foretells(client: FlaskClient, put: PutCoach) -> None:
    put()
    address, page = results(client, WITH_A_RESULT)
    assert "Your 10K in 54:10 points to about 2:00 for a half marathon: 1:55 is a stretch worth a season." in page
    assert "points to about" not in client.get(address.replace("goal=half", "")).text


def test_without_a_race_nothing_is_foretold(client: FlaskClient, put: PutCoach) -> None:
    put()
    _, page = results(client, WITH_A_RESULT.replace("I ran a 10K in 54:10 in October and ", ""))
    assert "1:55" in page and "points to" not in page and "worth a season" not in page


def test_a_chip_says_which_side_and_when_it_begins(client: FlaskClient, put: PutCoach) -> None:
    put()
    _, page = results(client, "The outside of my right knee burns after 6 km when I run. I live in Ottawa.")
    assert re.search(r"right side, after 6 km", page)
