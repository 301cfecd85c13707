"""Keeping coaches: in the browser before signing in, in the account after, on the pages either way."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import service as accounts
from marketplace.accounts.models import User
from marketplace.accounts.passwords import hashed
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.errors import Conflict, NotFound
from marketplace.jobs import publish
from marketplace.kept import queries, service
from marketplace.kept.models import Favourite
from marketplace.kept.policy import MOST_FAVOURITES, MOST_WITHOUT_ACCOUNT
from tests import make
from tests.kept.conftest import PutCoach

SCRIPT = {"Accept": "application/json"}
PASSWORD = "a long enough password"


def kept_by(app: Flask, person: User) -> list[str]:
    with app.app_context(), transaction(write=False) as session:
        return queries.favourites(session, person.id)


def sign_in(app: Flask, client: FlaskClient, email: str = "sage@example.com") -> User:
    """Through the form, as a person does."""
    with app.app_context(), transaction() as session:
        person = make.user(session, email=email, password_hash=hashed(PASSWORD))
    assert client.post("/sign-in", data={"email": email, "password": PASSWORD}).status_code == 302
    return person


@pytest.mark.both_databases
def test_a_coach_kept_twice_is_kept_once(session: Session) -> None:
    person, coach = make.user(session), make.coach(session)
    service.keep(session, person.id, coach.slug)
    service.keep(session, person.id, coach.slug)
    service.keep_all(session, person.id, [coach.slug, "nobody"])
    assert queries.favourites(session, person.id) == [coach.slug]
    service.drop(session, person.id, coach.slug)
    service.drop(session, person.id, coach.slug)
    assert queries.favourites(session, person.id) == []


@pytest.mark.both_databases
def test_what_a_browser_kept_moves_in_in_its_order_and_as_far_as_there_is_room(session: Session) -> None:
    person = make.user(session)
    coaches = [make.coach(session) for _ in range(MOST_FAVOURITES + 2)]
    slugs = [coach.slug for coach in coaches]
    service.keep_all(session, person.id, slugs[:3])
    assert queries.favourites(session, person.id) == slugs[:3]
    service.keep_all(session, person.id, slugs[3:])
    assert len(queries.favourites(session, person.id)) == MOST_FAVOURITES
    with pytest.raises(Conflict) as refusal:
        service.keep(session, person.id, slugs[-1])
    assert refusal.value.kind == "favourites-full"
    service.keep(session, person.id, slugs[0])  # her she keeps already


def test_a_coach_whom_nobody_may_see_is_not_found(session: Session) -> None:
    coach = make.coach(session, status=CoachStatus.APPLIED)
    with pytest.raises(NotFound):
        service.keep(session, make.user(session).id, coach.slug)
    assert queries.faces(session, [coach.slug]) == []


def test_leaving_takes_all_of_it_along(app: Flask, put: PutCoach, runner: User) -> None:
    one = put()
    with app.app_context(), transaction() as session:
        service.keep(session, runner.id, one.slug)
        saved = service.save(session, runner.id, address="issue=hip-drop", name="Hip drop")
        exported = accounts.export(session, runner.id)
        assert exported["favourites"] == [one.slug] and exported["searches"][0]["address"] == saved.address
        publish(session, "account.closing", user_id=runner.id)
        assert queries.favourites(session, runner.id) == [] == queries.of_person(session, runner.id)


def test_kept_before_signing_in_is_found_after(app: Flask, client: FlaskClient, put: PutCoach) -> None:
    one, other = put(name="Robin Example"), put(name="Wren Sample")
    for coach in (one, other):
        assert client.post(f"/favourites/{coach.slug}").status_code == 303
    page = client.get("/favourites").text
    assert "Robin Example" in page and "Wren Sample" in page and "Sign in" in page
    person = sign_in(app, client)
    assert kept_by(app, person) == [other.slug, one.slug]
    assert "Robin Example" in client.get("/favourites").text
    client.post("/sign-out")
    assert "Robin Example" not in client.get("/favourites").text


def test_a_kept_coach_is_marked_on_every_page_that_shows_her(
    app: Flask, her_browser: FlaskClient, runner: User, put: PutCoach
) -> None:
    one, other = put(name="Robin Example"), put()
    her_browser.post(f"/favourites/{one.slug}")
    for path in ("/coaches?near=Ottawa", f"/coaches/{one.slug}", "/favourites", f"/compare?coach={one.slug}"):
        page = her_browser.get(path).text
        assert f'formaction="/favourites/{one.slug}/removal" aria-pressed="true"' in page
    assert f'formaction="/favourites/{other.slug}" aria-pressed="false"' in her_browser.get("/coaches").text
    french = her_browser.get("/fr/coaches").text
    assert f'formaction="/fr/favourites/{one.slug}/removal"' in french and "Gardé" in french


def test_a_form_leads_back_to_the_card_it_was_on(her_browser: FlaskClient, put: PutCoach) -> None:
    one = put()
    back = {"Referer": "http://localhost/fr/coaches?near=Ottawa"}
    answer = her_browser.post(f"/fr/favourites/{one.slug}", headers=back)
    assert answer.location == f"/fr/coaches?near=Ottawa#coach-{one.slug}"
    foreign = her_browser.post(f"/favourites/{one.slug}", headers={"Referer": "https://elsewhere.example/coaches"})
    assert foreign.location == "/favourites"


def test_taking_out_can_be_undone(app: Flask, her_browser: FlaskClient, runner: User, put: PutCoach) -> None:
    one = put(name="Robin Example")
    her_browser.post(f"/favourites/{one.slug}")
    page = her_browser.post(
        f"/favourites/{one.slug}/removal", headers={"Referer": "http://localhost/favourites"}, follow_redirects=True
    ).text
    assert "Robin Example is no longer among your favourites" in page and kept_by(app, runner) == []
    undo = re.search(rf'formaction="(/favourites/{one.slug})"[^>]*>Undo', page)
    assert undo
    her_browser.post(undo[1])
    assert kept_by(app, runner) == [one.slug]


def test_a_script_is_told_the_state_and_no_page(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    assert client.post(f"/favourites/{one.slug}", headers=SCRIPT).json["kept"] is True  # type: ignore[index]
    assert client.post(f"/favourites/{one.slug}/removal", headers=SCRIPT).json["kept"] is False  # type: ignore[index]
    assert client.post("/favourites/nobody", headers=SCRIPT).status_code == 404


def test_a_browser_that_is_full_says_what_helps(client: FlaskClient, put: PutCoach) -> None:
    coaches = [put() for _ in range(MOST_WITHOUT_ACCOUNT + 1)]
    for coach in coaches[:-1]:
        client.post(f"/favourites/{coach.slug}")
    answer = client.post(f"/favourites/{coaches[-1].slug}", headers=SCRIPT)
    assert answer.status_code == 409 and "Sign in" in answer.json["message"]  # type: ignore[index]
    page = client.post(f"/favourites/{coaches[-1].slug}", follow_redirects=True).text
    assert "keeps 12 coaches" in page and coaches[-1].slug not in page


def test_the_longest_names_still_fit_into_a_cookie(client: FlaskClient, put: PutCoach) -> None:
    for number in range(MOST_WITHOUT_ACCOUNT):
        slug = f"{number:02d}" + "abcdefghijklmnopqrstuvwxyz" * 3
        put(slug=slug)
        client.post(f"/favourites/{slug}")
        client.get(f"/coaches/{slug}")
    cookie = client.get_cookie("kept")
    assert cookie is not None and len(cookie.value) < 3000
    assert client.get("/favourites").text.count('<li class="keeper"') == MOST_WITHOUT_ACCOUNT


def test_what_a_browser_keeps_outlasts_its_being_closed(client: FlaskClient, put: PutCoach) -> None:
    client.post(f"/favourites/{put().slug}")
    kept, session = client.get_cookie("kept"), client.get_cookie("session")
    assert kept is not None and kept.max_age is not None and kept.max_age > 90 * 24 * 3600
    assert kept.http_only and kept.same_site == "Lax"
    assert session is None or session.max_age is None


@pytest.mark.parametrize("forged", ["", "nonsense", "WyJhIl0.x", "eyJrZXB0IjpbImEiXX0.AAAA"])
def test_a_cookie_that_is_not_ours_holds_nothing(client: FlaskClient, forged: str) -> None:
    client.set_cookie("kept", forged)
    assert "Nobody kept yet" in client.get("/favourites").text


def test_a_page_that_changes_nothing_sends_no_cookie(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    assert "kept=" in str(client.get(f"/coaches/{one.slug}").headers)
    for path in (f"/coaches/{one.slug}", "/coaches?near=Ottawa"):
        assert "kept=" not in str(client.get(path).headers)


def test_a_favourite_who_takes_no_bookings_says_so(app: Flask, her_browser: FlaskClient, put: PutCoach) -> None:
    one = put(name="Robin Example")
    her_browser.post(f"/favourites/{one.slug}")
    with app.app_context(), transaction() as session:
        session.get_one(Coach, one.id).paused_at = clock.now()
        publish(session, "coach.changed", coach_id=one.id)
    page = her_browser.get("/favourites").text
    assert "Robin Example" in page and "takes no new bookings for now" in page


def test_favourites_are_measured_by_the_story_that_was_told(client: FlaskClient, put: PutCoach) -> None:
    one = put(issues=("hip-drop",))
    client.post(f"/favourites/{one.slug}")
    assert 'class="keeper-fit"' not in client.get("/favourites").text
    client.post("/match", data={"story": "My left hip drops when I run."})
    assert 'class="keeper-fit"' in client.get("/favourites").text


def test_an_empty_list_says_what_to_do(client: FlaskClient) -> None:
    page = client.get("/favourites").text
    assert "Nobody kept yet" in page and 'href="/coaches"' in page
    assert "Vos favoris" in client.get("/fr/favourites").text


def test_profiles_looked_at_are_found_again_until_they_are_forgotten(client: FlaskClient, put: PutCoach) -> None:
    coaches = [put(name=f"Robin Number{number}") for number in range(10)]
    assert "Recently seen" not in client.get("/").text
    for coach in coaches:
        client.get(f"/coaches/{coach.slug}")
    for path in ("/", "/coaches?near=Toronto&mode=in-person", "/favourites"):
        page = client.get(path).text
        assert [f"Robin Number{n}" in page for n in (0, 1, 2, 9)] == [False, False, True, True], path
    assert client.post("/recently-seen/removal").status_code == 303
    assert "Recently seen" not in client.get("/").text


def test_looking_at_a_profile_writes_no_row(app: Flask, her_browser: FlaskClient, put: PutCoach) -> None:
    one = put()
    her_browser.get(f"/coaches/{one.slug}")
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(col(Favourite.coach_id))).all() == []


def test_signing_out_forgets_what_was_looked_at(app: Flask, client: FlaskClient, put: PutCoach) -> None:
    sign_in(app, client)
    client.get(f"/coaches/{put().slug}")
    assert "Recently seen" in client.get("/").text
    client.post("/sign-out")
    assert "Recently seen" not in client.get("/").text


def test_the_hearts_of_a_page_cost_one_query(app: Flask, her_browser: FlaskClient, put: PutCoach) -> None:
    for _ in range(6):
        her_browser.post(f"/favourites/{put().slug}")
    from sqlalchemy import event

    from marketplace.db import db

    asked: list[str] = []
    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        her_browser.get("/coaches?near=Ottawa")
    assert sum("favourite" in statement for statement in asked) == 1
