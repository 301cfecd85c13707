"""The API's answers, by the contract."""

from datetime import datetime
from typing import Any

from flask.testing import FlaskClient

from marketplace.coaches.kinds import OfferKind
from tests.matching.conftest import PutCoach

COACH_FIELDS = {
    "slug", "name", "headline", "place", "distance_km", "fit", "reasons", "next_opening", "price_from", "rating",
    "languages", "modes", "url",
}  # fmt: skip
STORY = (
    "My physio filmed me and says my left hip drops. I want to run a 10K in under an hour next spring. "
    "I live in Ottawa and need someone to look at my form; I already have a training plan."
)


def get(client: FlaskClient, address: str, status: int = 200) -> Any:
    answer = client.get(f"/api/v1{address}")
    assert answer.status_code == status, answer.text
    return answer.get_json()


def test_a_coach_in_the_results_has_all_that_the_contract_names(client: FlaskClient, put: PutCoach) -> None:
    one = put(issues=("hip-drop", "itb"), goals=("10k",), languages=["en", "fr"])
    found = get(client, "/coaches?near=Ottawa&issue=hip-drop&goal=10k")
    assert (found["total"], found["next_cursor"], len(found["coaches"])) == (1, None, 1)
    coach = found["coaches"][0]
    assert set(coach) == COACH_FIELDS
    assert (coach["slug"], coach["languages"], coach["modes"]) == (one.slug, ["en", "fr"], ["online", "in-person"])
    assert coach["price_from"] == {"amount": 9500, "currency": "CAD"}
    assert coach["rating"] == {"average": None, "count": 0}
    assert set(coach["place"]) == {"name", "region", "country", "latitude", "longitude"}
    assert coach["distance_km"] < 2 and 0 <= coach["fit"] <= 100
    assert 2 <= len(coach["reasons"]) <= 4 and all(set(each) == {"kind", "text", "points"} for each in coach["reasons"])
    assert "ip drop" in coach["reasons"][0]["text"]
    assert datetime.fromisoformat(coach["next_opening"]).tzinfo is not None
    assert coach["url"] == f"http://localhost/coaches/{one.slug}"


def test_near_may_be_a_name_an_id_or_a_point_and_its_absence_means_anywhere(client: FlaskClient, put: PutCoach) -> None:
    put()
    put(latitude=43.7, longitude=-79.4, kinds=(OfferKind.IN_PERSON,))
    for near in ("Ottawa", "ottawa, on", "6094817", "45.41,-75.70"):
        assert get(client, f"/coaches?near={near}")["total"] == 1
    assert get(client, "/coaches")["total"] == 2


def test_an_unknown_place_is_refused_with_suggestions(client: FlaskClient, put: PutCoach) -> None:
    put()
    answer = get(client, "/coaches?near=Ottawwa", 422)
    assert answer["type"] == "place-unknown"
    assert answer["suggestions"] == ["Ottawa, ON"]
    assert "Ottawa, ON" in answer["errors"]["near"]


WRONG = (
    "foo=1",
    "near=",
    "within_km=301",
    "within_km=0",
    "within_km=nan",
    "issue=hip_drop",
    "goal=7k",
    "mode=phone",
    "language=de",
    "max_price=-1",
    "max_price=a",
    "currency=cad",
    "available_within_days=-1",
    "min_rating=6",
    "sort=best",
    "limit=0",
    "limit=51",
    "cursor=xyz",
    "cursor=W10",
    "cursor=WzEsMiwzLDQsNSw2XQ",
    "near=%00",
    "near=91,0",
    "near=" + "x" * 201,
)


def test_what_can_not_be_right_is_refused_with_problem_details(client: FlaskClient, put: PutCoach) -> None:
    put()
    for query in WRONG:
        answer = client.get(f"/api/v1/coaches?{query}")
        assert answer.status_code == 422, answer.text
        assert answer.mimetype == "application/problem+json"
        assert {"type", "title", "status"} <= set(answer.get_json())


def test_pages_follow_each_other_by_cursor(client: FlaskClient, put: PutCoach) -> None:
    slugs = {put(name=f"Coach {number}").slug for number in range(7)}
    seen: list[str] = []
    cursor = ""
    for _ in range(4):
        page = get(client, f"/coaches?near=Ottawa&limit=2{cursor}")
        assert page["total"] == 7
        seen += [coach["slug"] for coach in page["coaches"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert set(seen) == slugs and len(seen) == 7


def test_a_price_is_in_minor_units_of_the_places_currency(client: FlaskClient, put: PutCoach) -> None:
    put(prices=(8000, 15000))
    assert get(client, "/coaches?near=Ottawa&max_price=8000")["total"] == 1
    assert get(client, "/coaches?near=Ottawa&max_price=7999")["total"] == 0
    assert get(client, "/coaches?near=Ottawa&max_price=8000&mode=in-person")["total"] == 0
    assert get(client, "/coaches?near=Ottawa&max_price=99999&currency=USD")["total"] == 0


def test_a_coach_and_her_offers(client: FlaskClient, put: PutCoach) -> None:
    one = put(kinds=tuple(OfferKind), prices=(6000, 9500, 12000), issues=("hip-drop", "itb"))
    coach = get(client, f"/coaches/{one.slug}")
    assert coach["issues"][0] == {"id": "hip-drop", "name": "Hip drop", "main": True}
    offers = get(client, f"/coaches/{one.slug}/offers")["offers"]
    assert {offer["kind"]: (offer["minutes"], offer["turnaround_hours"], offer["mode"]) for offer in offers} == {
        "clip-review": (None, 72, "online"),
        "video-call": (30, None, "online"),
        "in-person": (30, None, "in-person"),
    }
    known = {"id", "kind", "title", "minutes", "price", "mode", "turnaround_hours", "policy", "cancellation"}
    assert set(offers[0]) == known
    terms = {
        offer["kind"]: [(each["hours_before"], each["refund"]["amount"]) for each in offer["cancellation"]]
        for offer in offers
    }
    assert terms == {
        "clip-review": [(None, 6000)],
        "video-call": [(24, 9500), (12, 4750)],
        "in-person": [(24, 12000), (12, 6000)],
    }
    assert {offer["kind"]: offer["policy"] for offer in offers}["clip-review"] is None


def test_who_is_not_listed_is_not_found(client: FlaskClient, put: PutCoach) -> None:
    hidden = put(payable=False)
    for slug in ("nobody", hidden.slug, "x" * 79):
        get(client, f"/coaches/{slug}", 404)
        get(client, f"/coaches/{slug}/offers", 404)


def test_a_story_is_understood_and_answered_with_coaches(client: FlaskClient, put: PutCoach) -> None:
    put(name="Fits", issues=("hip-drop",), goals=("10k",))
    put(name="Other", issues=("arm-swing",))
    answer = client.post("/api/v1/match", json={"story": STORY})
    assert answer.status_code == 200, answer.text
    need, coaches = answer.get_json()["need"], answer.get_json()["coaches"]
    assert "hip-drop" in [issue["id"] for issue in need["issues"] if issue["when"] == "now"]
    assert all(issue["because"] in STORY for issue in need["issues"])
    assert {"distance": "10k", "target_seconds_min": None, "target_seconds_max": 3600}.items() <= need["goals"][
        0
    ].items()
    assert need["place"]["name"] == "Ottawa" and "form-review" in need["wants"]
    assert need["seeker"] is True and need["red_flags"] == []
    assert [coach["name"] for coach in coaches][0] == "Fits"
    assert set(coaches[0]) == COACH_FIELDS


def test_the_place_given_goes_before_the_storys(client: FlaskClient, put: PutCoach) -> None:
    put(name="Toronto's", latitude=43.7, longitude=-79.4, kinds=(OfferKind.IN_PERSON,))
    answer = client.post("/api/v1/match", json={"story": STORY, "near": "Toronto"})
    assert [coach["name"] for coach in answer.get_json()["coaches"]] == ["Toronto's"]


ODD_STORIES = (
    "",
    "   ",
    "asdf qwer",
    "🏃‍♀️" * 500,
    "<script>alert(1)</script>",
    "'; drop table coach; --",
    "a " * 10_000,
)


def test_any_story_has_an_answer(client: FlaskClient, put: PutCoach) -> None:
    put()
    for story in ODD_STORIES:
        answer = client.post("/api/v1/match", json={"story": story})
        assert answer.status_code == 200, answer.text
        assert answer.get_json()["need"]["issues"] == []


NO_STORIES = (
    {},
    {"story": "\x00"},
    {"story": 1},
    {"story": "x" * 20_001},
    {"story": "x", "more": 1},
    [],
    "x",
    None,
)


def test_a_body_that_is_no_story_is_refused(client: FlaskClient) -> None:
    for body in NO_STORIES:
        answer = client.post("/api/v1/match", json=body)
        assert answer.status_code == 422
        assert answer.mimetype == "application/problem+json"


def test_garbage_is_refused_and_a_story_of_a_megabyte_too(client: FlaskClient) -> None:
    answer = client.post("/api/v1/match", data=b"{garbage", content_type="application/json")
    assert answer.status_code in (400, 422)
    assert client.post("/api/v1/match", json={"story": "x" * 1_000_000}).status_code == 422


def test_a_match_tells_results_what_they_foretell_and_where_it_hurts(client: FlaskClient, put: PutCoach) -> None:
    put()
    story = "The outside of my left knee burns after 5 km. I ran 54:10 for 10K last month, I want a 1:55 half. Ottawa."
    need = client.post("/api/v1/match", json={"story": story}).get_json()["need"]
    assert (need["issues"][0]["side"], need["issues"][0]["onset"]) == ("left", "after 5 km")
    assert [(each["distance"], each["seconds"]) for each in need["results"]] == [("10k", 3250)]
    assert need["results"][0]["because"] in story
    foretold = need["plausibility"][0]
    assert (foretold["distance"], foretold["target_seconds"], foretold["verdict"]) == ("half", 6900, "stretch")
    assert 7100 < foretold["foretold_seconds"] < 7260
    assert need["place"]["others"] == []
