"""Applying, the coach's page, her papers and her listing."""

from typing import Any

from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.coaches import queries
from marketplace.coaches.models import Coach
from marketplace.places.models import Place, PlaceName
from tests import make
from tests.bookings.world import sign_in
from tests.desk.conftest import Desk

SAID: dict[str, Any] = {
    "name": "Wren Waters",
    "headline": "Hips that stay level, mile after mile",
    "about": "I watch how a runner lands and find the one thing to change first. " * 3,
    "place": "Ottawa",
    "travel_km": "20",
    "languages": ["en", "fr"],
    "issues": ["hip-drop", "overstride"],
    "main_issues": ["weak-glutes"],
    "goals": ["10k"],
}


def named(session: Session, place: Place, name: str) -> Place:
    session.add(PlaceName(folded=name, place_id=place.id, weight=place.population))
    session.flush()
    return place


def test_a_runner_applies_and_her_desk_opens(desk: Desk) -> None:
    with desk.rows() as session:
        named(session, make.place(session), "ottawa")
    browser = sign_in(desk.app.test_client(), desk.runner)
    assert browser.post("/coach", data=SAID).location == "/coach"
    page = browser.get("/coach").text
    assert "Say what you sell" in page and "Wait for our check" in page
    with desk.rows() as session:
        coach = queries.by_slug(session, "wren-waters")
        assert coach.user_id == desk.runner.id and session.get_one(User, desk.runner.id).is_coach
        fixes = {each.issue: each.is_main for each in queries.specialisms(session, coach.id)}
        assert fixes == {"hip-drop": False, "overstride": False, "weak-glutes": True}
    assert browser.post("/coach", data=SAID).status_code == 409


def test_a_refused_application_keeps_what_was_typed(desk: Desk) -> None:
    browser = sign_in(desk.app.test_client(), desk.runner)
    bad = SAID | {"about": "Short.", "place": "Nowhereville", "languages": []}
    answer = browser.post("/coach", data=bad)
    assert answer.status_code == 422
    assert 'value="Nowhereville"' in answer.text and "at least 80" in answer.text
    assert 'value="overstride" checked' in answer.text
    answer = browser.post("/coach", data=SAID | {"place": "Nowhereville"})
    assert answer.status_code == 422 and "no place called “Nowhereville”" in answer.text


def edit(desk: Desk, **changes: Any) -> Any:
    return desk.browser.post("/coach/profile", data=SAID | changes)


def test_the_page_is_changed_and_its_place_kept(desk: Desk) -> None:
    label = "Ottawa, ON"
    assert f'value="{label}"' in desk.browser.get("/coach/profile").text
    assert edit(desk, place=label, gender="female").status_code == 303
    with desk.rows() as session:
        coach = session.get_one(Coach, desk.coach.id)
        assert (coach.name, coach.gender, coach.travel_km) == ("Wren Waters", "female", 20)
        assert coach.languages == ["en", "fr"] and coach.place_id == make.OTTAWA["id"]
        assert coach.slug == desk.coach.slug
        assert queries.goals(session, coach.id) == ["10k"]


def test_of_several_places_of_one_name_she_chooses(desk: Desk) -> None:
    with desk.rows() as session:
        for number, (region, country) in enumerate((("ON", "CA"), ("WA", "AU"))):
            named(session, make.place(session, id=100 + number, name="Perth", region=region, country=country), "perth")
    answer = edit(desk, place="Perth")
    assert answer.status_code == 422 and "several places of that name" in answer.text
    assert 'name="place_id" value="100"' in answer.text and 'value="101"' in answer.text
    assert edit(desk, place="Perth", place_id="101").status_code == 303
    with desk.rows() as session:
        assert session.get_one(Coach, desk.coach.id).place_id == 101
    assert edit(desk, place="Perth", place_id="999").status_code == 422


def test_too_many_main_issues_are_refused(desk: Desk) -> None:
    answer = edit(desk, place="Ottawa, ON", main_issues=["hip-drop", "overstride", "itb", "bounce"])
    assert answer.status_code == 422 and "3 at most" in answer.text


def test_a_listing_is_paused_and_taken_up_again(desk: Desk) -> None:
    assert desk.browser.post("/coach/pause").location == "/coach/profile"
    assert "Paused since" in desk.browser.get("/coach/profile").text
    with desk.rows() as session:
        assert not session.get_one(Coach, desk.coach.id).is_listed
    desk.browser.post("/coach/resumption")
    with desk.rows() as session:
        assert session.get_one(Coach, desk.coach.id).is_listed


def test_papers_are_named_and_taken_off(desk: Desk) -> None:
    paper = {"title": "Running coach, level 2", "issuer": "College of Quiet Feet", "year": "2019"}
    assert desk.browser.post("/coach/papers", data=paper).status_code == 303
    page = desk.browser.get("/coach/papers").text
    assert "College of Quiet Feet, 2019" in page and "Not yet checked" in page
    assert desk.browser.post("/coach/papers", data=paper | {"year": "2150"}).status_code == 422
    with desk.rows() as session:
        paper_id = queries.credentials(session, desk.coach.id)[0].id
    assert desk.browser.post(f"/coach/papers/{paper_id}/removal").status_code == 303
    assert "Quiet Feet" not in desk.browser.get("/coach/papers").text


def test_a_visitor_cannot_apply(client: FlaskClient) -> None:
    assert "/sign-in" in client.post("/coach", data=SAID).location
