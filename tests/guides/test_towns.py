"""A town's page: its numbers are those of the data, and it has one address."""

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.coaches.kinds import CoachStatus, OfferKind
from marketplace.coaches.models import Coach
from marketplace.db import new_id, transaction
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries import towns
from marketplace.places.geo import cell
from marketplace.places.models import Place, PlaceName
from tests.guides.conftest import is_kept_out, linked_data, links
from tests.matching.conftest import PutCoach, coach
from tests.matching.conftest import towns as put_towns

OTTAWA = 6094817
IN_PERSON, ONLINE = (OfferKind.IN_PERSON,), (OfferKind.VIDEO_CALL,)
TORONTO = {"latitude": 43.7, "longitude": -79.4}


def put_town(session: Session, place_id: int, name: str, latitude: float, longitude: float, **more: Any) -> Place:
    values = {"region": "ON", "region_name": "Ontario", "country": "CA", "kind": "city", "population": 1000} | more
    place = Place(
        id=place_id, name=name, latitude=latitude, longitude=longitude, timezone="America/Toronto", cell=0, **values
    )
    place.cell = cell(latitude, longitude)
    session.add(place)
    session.flush()
    session.add(PlaceName(folded=place.slug.replace("-", " "), place_id=place_id, weight=more.get("weight", 1)))
    session.flush()
    return place


@pytest.mark.both_databases
def test_the_numbers_of_a_town_are_those_of_its_coaches(session: Session) -> None:
    put_towns(session)
    coach(session, issues=("hip-drop", "itb"), languages=["en"], kinds=IN_PERSON, prices=(9000,))
    coach(session, issues=("hip-drop",), languages=["en", "fr"], prices=(5000, 14000))
    coach(session, issues=("bounce",), languages=["fr"], kinds=ONLINE, prices=(2000,))
    coach(session, issues=("itb",), kinds=IN_PERSON, prices=(100,), currency="USD")
    coach(session, issues=("itb",), latitude=45.9, longitude=-75.7, kinds=IN_PERSON)
    coach(session, issues=("itb",), kinds=IN_PERSON, **TORONTO)
    found = towns.figures(session, session.get_one(Place, OTTAWA), clock.now())
    assert (found.in_person, found.online, found.only_online, found.coaches) == (3, 2, 1, 4)
    assert found.issues == {"hip-drop": 2, "itb": 2}
    assert found.languages == {"en": 3, "fr": 1}
    assert found.prices == {"in-person": (9000, 14000), "online": (2000, 5000)} and found.currency == "CAD"
    assert found.is_whole


@pytest.mark.both_databases
def test_who_is_free_this_week_has_an_opening_within_seven_days(session: Session) -> None:
    put_towns(session)
    now = clock.now()
    days: tuple[float | None, ...] = (-1, 0.5, 6.9, 7.1, None)
    for day in days:
        one = session.get_one(CoachSearch, coach(session, kinds=IN_PERSON).id)
        one.next_opening_at = None if day is None else now + timedelta(days=day)
    session.get_one(CoachSearch, coach(session, kinds=ONLINE).id).next_opening_at = now + timedelta(days=1)
    session.flush()
    assert towns.figures(session, session.get_one(Place, OTTAWA), now).free == 2


def test_where_there_are_more_coaches_than_are_counted_that_is_said(client: FlaskClient, put: PutCoach) -> None:
    one = put(kinds=IN_PERSON)
    with client.application.app_context(), transaction() as session:
        _crowd(session, session.get_one(CoachSearch, one.id), towns.MOST_COUNTED)
        assert not towns.figures(session, session.get_one(Place, OTTAWA), clock.now()).is_whole
    page = client.get("/coaches/ca/on/ottawa").text
    assert f"<b>{towns.MOST_COUNTED}+</b>" in page and f"are of {towns.MOST_COUNTED} of them" in page


def test_each_issue_leads_to_a_list_with_just_as_many(client: FlaskClient, put: PutCoach) -> None:
    put(issues=("hip-drop", "itb"))
    put(issues=("hip-drop",), latitude=45.6)
    put(issues=("hip-drop",), kinds=ONLINE)
    put(issues=("hip-drop",), latitude=45.9)
    page = client.get("/coaches/ca/on/ottawa").text
    counted = re.findall(r'<li><a href="([^"]+)">.*?</svg><span>[^<]+</span><b>(\d+)</b></a></li>', page)
    assert [int(count) for _, count in counted] == [2, 1]
    for address, count in counted:
        coaches = "coach" if count == "1" else "coaches"
        assert f"{count} {coaches} within 40 km for what you describe" in client.get(unescape(address)).text


def test_a_towns_page_tells_who_is_free_first_with_a_time_to_book(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", prices=(5000, 12000))
    page = client.get("/coaches/ca/on/ottawa").text
    assert "Running form coaches in Ottawa" in page and "$120" in page and "English" in page
    assert "What they fix: Hip drop. In person: $120. Online: $50." in page
    first = page[page.index('id="soonest"') : page.index('id="treated"')]
    assert "Robin Example" in first
    booking = re.search(r'class="time" href="([^"]+)"', first)
    assert booking and "starts_at=" in booking[1]
    answer = client.get(unescape(booking[1]))
    assert answer.status_code in (200, 302, 303)


def test_neighbours_are_towns_that_have_coaches_the_nearest_first(client: FlaskClient, put: PutCoach) -> None:
    put()
    with client.application.app_context(), transaction() as session:
        put_town(session, 1, "Near Town", 45.3, -75.6)
        put_town(session, 2, "Lonely Town", 45.95, -75.9)
    page = client.get("/coaches/ca/on/ottawa").text
    nearby = page[page.index("Nearby towns with coaches") :]
    found = re.findall(r'href="(/coaches/ca/[^"]+)".*?<span>([^<]+)</span><b>([\d.]+)\xa0km</b>', nearby)
    assert [name for _, name, _ in found] == ["Gatineau, QC"]
    assert float(found[0][2]) == 7.3
    assert "in person within 40 km</span>" in client.get(found[0][0]).text


def test_a_town_without_coaches_says_so_and_names_the_nearest_that_have_some(
    client: FlaskClient, put: PutCoach
) -> None:
    put(name="Robin Example")
    page = client.get("/coaches/ca/qc/montreal").text
    assert "Nobody meets runners in person within 40 km yet." in page
    assert "1 coach works with you online" in page and "Robin Example" in page
    nearest = page[page.index("The nearest towns with coaches") :]
    assert re.search(r'href="/coaches/ca/(on/ottawa|qc/gatineau)"', nearest)
    assert "What they fix" not in page and "Next free times" not in page


def test_where_there_are_no_coaches_at_all_the_page_leads_to_what_can_be_read(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        put_towns(session)
    page = client.get("/coaches/ca/on/ottawa").text
    assert "Nobody meets runners in person within 40 km yet." in page and "No coaches are listed yet" in page
    assert 'class="button button-red" href="/issues"' in page and is_kept_out(page)


def test_a_town_far_from_every_coach_is_not_for_search_engines(client: FlaskClient, put: PutCoach) -> None:
    put(kinds=ONLINE)
    assert not is_kept_out(client.get("/coaches/ca/on/ottawa").text)
    assert not is_kept_out(client.get("/coaches/ca/qc/gatineau").text)
    for far in ("/coaches/ca/qc/montreal", "/coaches/ca/on/toronto"):
        assert is_kept_out(client.get(far).text) and not links(client.get(far).text, "canonical")


@pytest.mark.parametrize("kind", ["area", "postal"])
def test_a_part_of_a_town_is_not_for_search_engines(client: FlaskClient, put: PutCoach, kind: str) -> None:
    put()
    with client.application.app_context(), transaction() as session:
        put_town(session, 1, "Sandy Hill", 45.42, -75.68, kind=kind)
    answer = client.get("/coaches/ca/on/sandy-hill")
    assert answer.status_code == (404 if kind == "postal" else 200) and is_kept_out(answer.text)


@pytest.mark.parametrize(
    ("spelling", "address"),
    [
        ("/coaches/CA/ON/Ottawa", "/coaches/ca/on/ottawa"),
        ("/coaches/ca/qc/Montréal", "/coaches/ca/qc/montreal"),
        ("/coaches/ca/qc/montr%C3%A9al?utm_source=x&b=%2F", "/coaches/ca/qc/montreal?utm_source=x&b=%2F"),
        ("/fr/coaches/ca/ON/ottawa", "/fr/coaches/ca/on/ottawa"),
        ("/coaches/ca/on/bytown", "/coaches/ca/on/ottawa"),
    ],
)
def test_other_spellings_lead_to_the_one_address(
    client: FlaskClient, put: PutCoach, spelling: str, address: str
) -> None:
    put()
    with client.application.app_context(), transaction() as session:
        session.add(PlaceName(folded="bytown", place_id=OTTAWA, weight=1))
    answer = client.get(spelling)
    assert (answer.status_code, answer.location) == (301, address)
    assert client.get(address).status_code == 200


def test_a_town_whose_name_means_a_larger_one_has_no_page_and_no_loop(client: FlaskClient, put: PutCoach) -> None:
    put()
    with client.application.app_context(), transaction() as session:
        put_town(session, 1, "Ottawa", 45.0, -75.0)
        session.add(PlaceName(folded="little ottawa", place_id=1, weight=1))
    assert client.get("/coaches/ca/on/ottawa").status_code == 200
    assert client.get("/coaches/ca/on/little-ottawa").status_code == 404
    assert client.get("/coaches/ca/on/nowhere").status_code == 404


def test_the_two_languages_of_a_towns_page_name_each_other(client: FlaskClient, put: PutCoach) -> None:
    put()
    english = client.get("/coaches/ca/on/ottawa?utm_source=x").text
    french = client.get("/fr/coaches/ca/on/ottawa").text
    both = {"en": "http://localhost/coaches/ca/on/ottawa", "fr": "http://localhost/fr/coaches/ca/on/ottawa"}
    assert links(english, "alternate") == links(french, "alternate") == both | {"x-default": both["en"]}
    assert links(english, "canonical") == {"": both["en"]} and links(french, "canonical") == {"": both["fr"]}
    assert "<h1>Coachs de foulée à Ottawa</h1>" in french and "Prochaines heures libres" in french


@pytest.mark.parametrize(
    ("name", "said"), [("Le Caire", "au Caire"), ("Les Cèdres", "aux Cèdres"), ("Lévis", "à Lévis")]
)
def test_french_melts_the_article_of_a_name(client: FlaskClient, put: PutCoach, name: str, said: str) -> None:
    put()
    with client.application.app_context(), transaction() as session:
        address = put_town(session, 1, name, 45.3, -75.6).address
    page = client.get("/fr/coaches/{country}/{region}/{city}".format(**(address or {}))).text
    assert f"<h1>Coachs de foulée {said}</h1>" in page


def test_a_towns_coaches_are_told_as_a_list(client: FlaskClient, put: PutCoach) -> None:
    names = {put(name=f"Coach Example {number}").name for number in range(3)}
    listed, way = linked_data(client.get("/coaches/ca/on/ottawa").text)
    assert listed["@type"] == "ItemList" and listed["numberOfItems"] == 3
    assert {item["name"] for item in listed["itemListElement"]} == names
    assert [item["position"] for item in listed["itemListElement"]] == [1, 2, 3]
    for item in listed["itemListElement"]:
        assert client.get(item["url"].removeprefix("http://localhost")).status_code == 200
    assert [step["item"] for step in way["itemListElement"]][1] == "http://localhost/coaches/ca/on/ottawa"


def _crowd(session: Session, like: CoachSearch, count: int) -> None:
    """As many coaches in the same spot, by plain rows."""
    ids, now = [new_id() for _ in range(count)], clock.now()
    people = {"terms_version": "1", "terms_accepted_at": now, "created_at": now, "password_hash": "!", "name": "Many"}
    session.execute(insert(User), [people | {"id": each, "email": f"{each}@example.com"} for each in ids])
    coaches = {"status": CoachStatus.APPROVED, "place_id": OTTAWA, "timezone": "America/Toronto", "currency": "CAD"}
    coaches |= {"latitude": 45.41, "longitude": -75.7, "languages": ["en"], "created_at": now, "name": "Many"}
    session.execute(insert(Coach), [coaches | {"id": each, "user_id": each, "slug": str(each)} for each in ids])
    session.execute(insert(CoachSearch), [like.model_dump() | {"coach_id": each} for each in ids])
