"""What search engines are told of a coach and of the site: true to the page, and never able to break out of it."""

from flask.testing import FlaskClient

from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.matching import linked_data
from marketplace.matching.models import CoachSearch
from marketplace.money import Money
from tests.guides.conftest import linked_data as linked
from tests.matching.conftest import PutCoach

PRACTICE = linked_data.Practice(
    name="Robin Example",
    headline="",
    url="http://x/coaches/robin",
    town="Ottawa",
    region="ON",
    country="CA",
    point=(45.41, -75.7),
    travel_km=12,
    languages=["en", "fr"],
)


def test_a_coach_is_told_with_prices_place_and_languages(client: FlaskClient, put: PutCoach) -> None:
    kinds = (OfferKind.CLIP_REVIEW, OfferKind.IN_PERSON)
    one = put(name="Robin Example", kinds=kinds, prices=(6000, 12050), languages=["en", "fr"], travel_km=12)
    told, way = linked(client.get(f"/coaches/{one.slug}").text)
    assert told["@type"] == "ProfessionalService" and told["name"] == told["founder"]["name"] == "Robin Example"
    assert told["url"] == f"http://localhost/coaches/{one.slug}" == way["itemListElement"][1]["item"]
    assert [(offer["price"], offer["priceCurrency"]) for offer in told["makesOffer"]] == [
        ("60.00", "CAD"),
        ("120.50", "CAD"),
    ]
    assert told["areaServed"]["geoRadius"] == 12_000 and told["knowsLanguage"] == ["en", "fr"]
    assert told["founder"]["knowsAbout"] == ["Hip drop"]
    french, _ = linked(client.get(f"/fr/coaches/{one.slug}").text)
    assert french["founder"]["knowsAbout"] == ["Bassin qui s’affaisse"]
    assert french["url"] == f"http://localhost/fr/coaches/{one.slug}"


def test_stars_are_told_only_where_runners_gave_some(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    assert "aggregateRating" not in linked(client.get(f"/coaches/{one.slug}").text)[0]
    with client.application.app_context(), transaction() as session:
        row = session.get_one(CoachSearch, one.id)
        row.rating_sum, row.rating_count = 14, 3
    rating = linked(client.get(f"/coaches/{one.slug}").text)[0]["aggregateRating"]
    assert (rating["ratingValue"], rating["ratingCount"], rating["bestRating"]) == (4.7, 3, 5)


def test_a_name_can_not_end_the_script_that_holds_it(client: FlaskClient, put: PutCoach) -> None:
    name = "</script><b>Robin & 'co' \u2028\""
    one = put(name=name, headline="<!-- <script>")
    for path in (f"/coaches/{one.slug}", "/coaches/ca/on/ottawa"):
        page = client.get(path).text
        first, second = linked(page)
        assert name in (first["name"], (first.get("itemListElement") or [{}])[0].get("name"))
        assert "</script><b>" not in page and second["@type"] == "BreadcrumbList"


def test_the_start_page_tells_how_the_site_is_searched(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    (site,) = linked(client.get("/").text)
    search = site["potentialAction"]
    assert (site["@type"], site["name"], site["url"]) == ("WebSite", "Runsight", "http://localhost/")
    assert search["query-input"] == "required name=place"
    address = search["target"]["urlTemplate"].replace("{place}", "Ottawa").removeprefix("http://localhost")
    assert "Robin Example" in client.get(address).text


def test_a_page_that_engines_pass_over_tells_nothing(client: FlaskClient, put: PutCoach) -> None:
    put()
    assert linked(client.get("/coaches?near=Ottawa&issue=itb").text) == []


def test_who_only_works_online_serves_her_town_and_no_circle() -> None:
    afar = linked_data.practice(linked_data.Practice(**_values(travel_km=None)))
    assert afar["areaServed"] == {"@type": "City", "name": "Ottawa"}
    assert linked_data.practice(PRACTICE)["areaServed"]["@type"] == "GeoCircle"


def test_what_is_not_known_is_left_out() -> None:
    told = linked_data.practice(PRACTICE)
    assert not {"description", "makesOffer", "aggregateRating"} & set(told)
    sold = linked_data.Sold("Form review", Money(9500, "CAD"), "http://x")
    assert linked_data.practice(linked_data.Practice(**_values(offers=[sold])))["makesOffer"][0]["price"] == "95.00"


def _values(**changed: object) -> dict[str, object]:
    return {name: getattr(PRACTICE, name) for name in PRACTICE.__slots__} | changed
