"""The sitemap holds every page for search engines in both languages, and none besides."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session, select

from marketplace import clock
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.guides import queries, sitemaps
from marketplace.matching import service
from marketplace.matching.queries import towns
from marketplace.places.models import Place
from tests.guides.conftest import is_kept_out, links
from tests.guides.test_towns import put_town
from tests.matching.conftest import PutCoach, coach
from tests.matching.conftest import towns as put_towns

SPACES = {"s": sitemaps.SCHEMA, "x": "http://www.w3.org/1999/xhtml"}
HOME = "http://localhost"


def entries(client: FlaskClient) -> dict[str, dict[str, str]]:
    """Every address of every part, with its alternates."""
    found: dict[str, dict[str, str]] = {}
    for part in ElementTree.fromstring(client.get("/sitemap.xml").data).iterfind(".//s:loc", SPACES):
        answer = client.get((part.text or "").removeprefix(HOME))
        assert answer.status_code == 200 and answer.mimetype == "application/xml"
        for url in ElementTree.fromstring(answer.data).iterfind("s:url", SPACES):
            address = url.findtext("s:loc", namespaces=SPACES) or ""
            assert address not in found
            found[address] = {each.get("hreflang", ""): each.get("href", "") for each in url.iterfind("x:link", SPACES)}
    return found


def test_the_sitemap_is_exactly_what_search_engines_may_keep(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    put(latitude=43.7, longitude=-79.4, kinds=(OfferKind.VIDEO_CALL,))
    found = entries(client)
    for address, alternates in found.items():
        page = client.get(address.removeprefix(HOME)).text
        assert not is_kept_out(page), address
        assert links(page, "canonical") == {"": address} and links(page, "alternate") == alternates
    expected = {f"/coaches/{one.slug}", "/coaches/ca/on/ottawa", "/coaches/ca/qc/gatineau", "/coaches/ca/on/toronto"}
    expected |= {"/", "/coaches", "/issues", "/issues/hip-drop", "/terms", "/coach"}
    assert {HOME + path for path in expected} <= set(found)
    assert f"{HOME}/fr/coaches/ca/on/ottawa" in found and f"{HOME}/coaches/ca/qc/montreal" not in found


def test_what_the_sitemap_lacks_asks_to_be_passed_over(client: FlaskClient, put: PutCoach) -> None:
    put()
    found = set(entries(client))
    for rule in client.application.url_map.iter_rules():
        if rule.arguments or "GET" not in (rule.methods or ()):
            continue
        answer = client.get(rule.rule)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            assert is_kept_out(answer.text) == (HOME + rule.rule not in found), rule.rule
    for path in (
        "/match?near=Ottawa",
        "/coaches?near=Ottawa&issue=itb",
        "/coaches?sort=price",
        "/coaches?cursor=x",
        "/coaches?near=45.4,-75.7",
    ):
        assert is_kept_out(client.get(path).text), path
    assert is_kept_out(client.get("/coaches/nobody-here").text) and is_kept_out(client.get("/nowhere").text)


def test_foreign_parameters_make_no_other_page(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    for path in ("/", "/coaches", f"/coaches/{one.slug}", "/fr/terms"):
        assert links(client.get(f"{path}?utm_source=x&fbclid=y").text, "canonical") == {"": HOME + path}


def test_a_paused_coach_leaves_the_sitemap_and_search_engines(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    with client.application.app_context(), transaction() as session:
        session.get_one(Coach, one.id).paused_at = clock.now()
        service.refresh(session, one.id)
    assert f"{HOME}/coaches/{one.slug}" not in entries(client)
    assert is_kept_out(client.get(f"/coaches/{one.slug}").text)


@pytest.mark.both_databases
def test_coaches_and_towns_are_read_by_their_keys_each_once(session: Session) -> None:
    put_towns(session)
    slugs = [coach(session).slug for _ in range(5)]
    read, last = [], None
    while True:
        last, found = queries.coaches_after(session, last, 2)
        read += [slug for slug, _ in found]
        if last is None:
            break
    assert sorted(read) == sorted(slugs)
    assert queries.count_coaches(session) == 5 and queries.coach_before(session, 0) is None
    _, after_the_third = queries.coaches_after(session, queries.coach_before(session, 3), 10)
    assert [slug for slug, _ in after_the_third] == read[3:]
    cells, last, cities = towns.coached_cells(session), None, []
    while True:
        last, some = queries.towns_after(session, last, 1, cells)
        cities += [each["city"] for each in some]
        if last is None:
            break
    assert cities == ["gatineau", "ottawa"]


@pytest.mark.both_databases
def test_many_towns_at_once_are_served_as_each_by_itself(session: Session) -> None:
    put_towns(session)
    coach(session)
    for number in range(60):
        put_town(
            session, number + 1, f"Town {chr(97 + number % 26)}{number}", 45.4 + (number - 30) / 25, -75.7 + number / 40
        )
    places = list(session.scalars(select(Place)))
    one_by_one = [each.id for each in places if towns.is_served(session, each.point)]
    at_once = [each.id for each in towns.served(session, places, towns.coached_cells(session))]
    assert at_once == one_by_one and 5 < len(at_once) < len(places) - 5


def test_a_town_that_has_no_page_of_its_own_is_not_listed(client: FlaskClient, put: PutCoach) -> None:
    put()
    with client.application.app_context(), transaction() as session:
        put_town(session, 1, "Ottawa", 45.41, -75.6)
        put_town(session, 2, "Stateless", 45.41, -75.6, region="")
    listed = [address for address in entries(client) if "/coaches/ca/" in address]
    assert len(listed) == len(set(listed)) and not [each for each in listed if "stateless" in each]


def test_there_is_no_part_beyond_the_last(client: FlaskClient) -> None:
    assert client.get("/sitemap-coaches-2.xml").status_code == 404
    assert client.get("/sitemap-coaches-0.xml").status_code == 404
    assert client.get("/sitemap-bookings-1.xml").status_code == 404


def test_robots_are_told_of_the_sitemap(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert "Sitemap: http://localhost/sitemap.xml" in answer.text.splitlines()
    barred = re.findall(r"^Disallow: (\S+)$", answer.text, re.MULTILINE)
    assert barred and not any(address.removeprefix(HOME).startswith(tuple(barred)) for address in entries(client))


def test_an_entry_escapes_its_addresses_and_tells_when_it_changed() -> None:
    text = sitemaps.SET_BEGINS + sitemaps.entry({"en": "http://x/?a&b", "fr": 'http://x/"'}, date(2026, 11, 24))
    urls = ElementTree.fromstring(text + sitemaps.SET_ENDS).findall("s:url", SPACES)
    assert [url.findtext("s:loc", namespaces=SPACES) for url in urls] == ["http://x/?a&b", 'http://x/"']
    assert urls[0].findtext("s:lastmod", namespaces=SPACES) == "2026-11-24"
    assert [link.get("href") for link in urls[1].iterfind("x:link", SPACES)] == [
        "http://x/?a&b",
        'http://x/"',
        "http://x/?a&b",
    ]
