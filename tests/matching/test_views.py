"""The pages from a story to a coach's times."""

import json
import re
from urllib.parse import parse_qs, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.matching import service
from tests import make
from tests.matching.conftest import PutCoach

STORY = (
    "The left side of my pelvis drops when I run, my physio filmed it. My IT band hurt last year but that is healed. "
    "I want to run a 10K in under an hour by spring. I live in Ottawa and I need someone to look at my form."
)


def told(client: FlaskClient, story: str, near: str = "") -> TestResponse:
    return client.post("/match", data={"story": story, "near": near})


def test_a_story_leads_to_an_address_that_has_the_filters_and_not_the_story(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", issues=("hip-drop",), goals=("10k",))
    answer = told(client, STORY)
    assert answer.status_code == 303
    query = parse_qs(urlsplit(answer.location).query)
    assert query["near"] == ["Ottawa, ON"] and "hip-drop" in query["issue"] and query["goal"] == ["10k"]
    assert "pelvis" not in answer.location
    page = client.get(answer.location).text
    assert "Hip drop" in page and "under 60:00" in page and "Ottawa, ON" in page
    assert "Robin Example" in page
    assert "My physio filmed it" not in page


def test_each_chip_says_why_and_can_be_taken_out(client: FlaskClient, put: PutCoach) -> None:
    put(issues=("hip-drop",), goals=("10k",))
    page = client.get(told(client, STORY).location).text
    assert re.search(r'title="“[^"]*pelvis drops', page)
    links = re.findall(r'class="chip-remove" href="([^"]+)"', page)
    assert len(links) >= 4
    for link in links:
        assert client.get(link.replace("&amp;", "&")).status_code == 200
    without = [link for link in links if "issue=hip-drop" not in link]
    assert len(without) == 1


def test_a_red_flag_is_said_plainly_before_any_booking(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    story = "My shin hurts on one spot of the bone, it wakes me at night. I run in Ottawa and want to find a coach."
    page = client.get(told(client, story).location).text
    assert "physiotherapist or a doctor" in page
    assert "physiotherapist or a doctor" in client.get(f"/coaches/{one.slug}").text


def test_an_emergency_stands_first_and_says_whom_to_call(client: FlaskClient, put: PutCoach) -> None:
    put()
    story = "My shin wakes me at night. I get chest pain when I run. I run in Ottawa and want to find a coach."
    page = client.get(told(client, story).location).text
    assert page.index("Get medical help now") < page.index("call 911") < page.index("wakes you at night")
    assert page.index("wakes you at night") < page.index("<h1>")


def test_a_story_that_says_nothing_of_running_is_answered_with_what_can_be_picked(
    client: FlaskClient, put: PutCoach
) -> None:
    put()
    page = client.get(told(client, "best pizza").location).text
    assert "could not find a running problem" in page and '<details class="narrow" id="narrow" open>' in page
    assert page.index("What your body does") < page.index('name="near"')
    assert "could not find a running problem" not in client.get(told(client, STORY).location).text


def test_an_empty_list_says_which_filter_hides_whom(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", issues=("hip-drop",))
    page = client.get("/match?near=Ottawa&issue=hip-drop&budget=1").text
    found = re.search(r'href="([^"]+)"[^>]*>1 coach without “up to \$1”', page)
    assert found and "coach without “Ottawa" not in page
    assert "Robin Example" in client.get(found[1].replace("&amp;", "&")).text
    strict = client.get("/match?near=Ottawa&budget=1&available_within_days=3&min_rating=4.5").text
    assert "free within 3 days" in strict and "4.5 stars or more" in strict


ODD_STORIES = (
    "",
    "  ",
    "asdf",
    "🏃‍♀️" * 900,
    "<script>alert(1)</script><b>hi",
    "'; drop table coach; --",
    "word " * 4000,
)


def test_any_story_leads_to_a_helpful_page(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    for story in ODD_STORIES:
        answer = client.post("/match", data={"story": story}, follow_redirects=True)
        assert answer.status_code == 200
        assert "<script>alert(1)" not in answer.text
        assert "Robin Example" in answer.text


def test_a_story_that_is_too_long_is_refused_and_kept(client: FlaskClient) -> None:
    story = "I run. " * 30_000
    answer = told(client, story)
    assert answer.status_code == 422
    assert "200000 characters at most" in answer.text
    assert story.strip() in answer.text


def test_an_unknown_place_is_refused_with_suggestions_and_the_story_is_kept(client: FlaskClient, put: PutCoach) -> None:
    put()
    answer = told(client, STORY, near="Ottawwa")
    assert answer.status_code == 422
    assert "Did you mean Ottawa, ON?" in answer.text
    assert "The left side of my pelvis drops" in answer.text


def test_the_place_typed_goes_before_the_storys(client: FlaskClient, put: PutCoach) -> None:
    put()
    query = parse_qs(urlsplit(told(client, STORY, near="Toronto").location).query)
    assert query["near"] == ["Toronto, ON"]


ADDRESSES = (
    "utm_source=x&fbclid=y",
    "limit=abc&sort=zzz&within_km=-4",
    "issue=nope&issue=hip-drop",
    "near=Nowhereville",
    "near=45.4,-75.7",
    "near=999,999",
    "cursor=garbage",
    "budget=80&prefer=evenings&prefer=female",
    "near=%00",
    "near=Toronto&within_km=5",
    "available_within_days=3&min_rating=4",
    "mode=in-person",
    "mode=online",
    "near=%27;drop",
    "language=fr",
    "sort=price&currency=USD",
)


def test_any_address_of_the_list_shows_a_page(client: FlaskClient, put: PutCoach) -> None:
    put()
    for query in ADDRESSES:
        for page in ("/coaches", "/match", "/fr/coaches"):
            assert client.get(f"{page}?{query}").status_code == 200


def test_nobody_near_is_said_with_who_works_online_and_a_wider_ring(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    page = client.get("/coaches?near=Toronto").text
    assert "Nobody within 40 km yet" in page
    assert "Robin Example" in page
    assert "Look within 80 km" in page


def test_when_nobody_lists_what_is_asked_others_are_shown_and_that_is_said(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", issues=("hip-drop",))
    page = client.get("/coaches?near=Ottawa&issue=bounce&goal=ultra").text
    assert "Nobody lists exactly that yet" in page
    assert "Robin Example" in page


def test_the_map_is_drawn_from_data_of_our_own(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    page = client.get("/coaches?near=Ottawa").text
    found = re.search(r'<script type="application/json"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found
    data = json.loads(found[1])
    assert data["rings"] == [5, 10, 20, 40]
    assert [pin["slug"] for pin in data["pins"]] == [one.slug]
    assert {"Ottawa", "Gatineau"} <= {place["name"] for place in data["places"]}
    assert abs(data["centre"]["latitude"] - 45.41) < 0.01


def test_more_coaches_come_page_by_page(client: FlaskClient, put: PutCoach) -> None:
    for number in range(23):
        put(name=f"Coach Example {number}")
    page = client.get("/coaches?near=Ottawa").text
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert following
    rest = client.get(following[1].replace("&amp;", "&")).text
    names = re.findall(r"<h2><a[^>]*>(Coach Example \d+)</a></h2>", page + rest)
    assert len(names) == len(set(names)) == 23


def test_a_profile_shows_offers_times_and_what_she_fixes(client: FlaskClient, put: PutCoach) -> None:
    one = put(kinds=tuple(OfferKind), prices=(6000, 9500, 12000), issues=("hip-drop", "itb"))
    page = client.get(f"/coaches/{one.slug}?issue=hip-drop").text
    for price in ("$60", "$95", "$120"):
        assert price in page
    assert "Hip drop" in page and "within 72 hours" in page
    links = re.findall(rf'href="(/coaches/{one.slug}/book[^"]+)"', page)
    assert any("starts_at=" in link and "issue=hip-drop" in link for link in links)
    assert "Eastern Standard Time" in page or "Eastern Time" in page or "Eastern Daylight Time" in page
    more = re.search(rf'href="(/coaches/{one.slug}/openings/[^"]+)"', page)
    assert more
    times = client.get(more[1].replace("&amp;", "&"))
    assert times.status_code == 200
    later = re.search(r'rel="next" href="([^"]+)"', times.text)
    assert later
    following = client.get(later[1].replace("&amp;", "&"))
    assert following.status_code == 200 and 'rel="prev"' in following.text


def test_an_unknown_coach_is_a_page_with_suggestions(client: FlaskClient, put: PutCoach) -> None:
    one = put(slug="robin-example", name="Robin Example")
    answer = client.get("/coaches/robin-exmaple")
    assert answer.status_code == 404
    assert one.name in answer.text
    for odd in ("/coaches/%00", "/coaches/..%2f", "/coaches/" + "x" * 3000, "/coaches/ca/on/nowhere"):
        assert client.get(odd).status_code == 404


def test_a_paused_coach_keeps_her_page_and_leaves_the_list(client: FlaskClient, put: PutCoach) -> None:
    one = put(name="Robin Example")
    with client.application.app_context(), transaction() as session:
        session.get_one(Coach, one.id).paused_at = clock.now()
        service.refresh(session, one.id)
    assert "takes no new bookings" in client.get(f"/coaches/{one.slug}").text
    assert "Robin Example" not in client.get("/coaches").text


def test_a_towns_page_has_one_address_for_search_engines(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    page = client.get("/coaches/ca/on/ottawa")
    assert page.status_code == 200 and "Robin Example" in page.text
    assert 'rel="canonical" href="http://localhost/coaches/ca/on/ottawa"' in page.text
    assert 'rel="canonical" href="http://localhost/coaches/ca/on/ottawa"' in client.get("/coaches?near=Ottawa").text


def test_a_story_that_is_very_long_is_read_from_its_beginning(client: FlaskClient, put: PutCoach) -> None:
    put()
    answer = told(client, STORY + "\r\n" + "and then I ran\r\n" * 3000)
    assert answer.status_code == 303 and "hip-drop" in answer.location
    assert "we read its first 20000 characters" in client.get(answer.location).text


def test_times_are_of_the_place_until_the_browser_has_told_its_own_zone(client: FlaskClient, put: PutCoach) -> None:
    put()
    with client.application.app_context(), transaction() as session:
        make.place(session, id=6173331, name="Vancouver", region="BC", timezone="America/Vancouver")
    assert 'data-zone="America/Vancouver"' in client.get("/coaches?near=6173331").text
    assert 'data-zone="America/Toronto"' in client.get("/coaches").text
    client.set_cookie("timezone", "America/Halifax")
    page = client.get("/coaches?near=6173331").text
    assert 'data-zone="America/Halifax"' in page and "Times in Atlantic Standard Time" in page


def test_a_ring_has_a_least_width(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    assert client.get("/api/v1/coaches?near=Ottawa&within_km=1e-9").status_code == 422
    assert "Robin Example" in client.get("/coaches?near=Ottawa&within_km=1e-9").text
    assert client.get("/api/v1/coaches?near=Ottawa&within_km=0.1").status_code == 200


def test_a_word_that_cannot_be_searched_for_finds_nobody_and_the_way_out(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    for word in ("日本", "%", "_", "a"):
        page = client.get("/coaches", query_string={"near": "Ottawa", "q": word}).text
        assert "Robin Example" not in page and "1 coach without" in page
