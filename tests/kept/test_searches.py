"""Saved searches: saving, signing in on the way, and what their owner does with them."""

import re
from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.db import transaction
from marketplace.errors import Conflict, NotFound
from marketplace.kept import queries, service
from marketplace.kept.models import SavedSearch
from marketplace.kept.policy import MOST_SEARCHES, UNDO_LASTS
from tests import make
from tests.kept.conftest import PutCoach

SEARCH = {"near": "Ottawa, ON", "issue": ["hip-drop", "itb"], "sort": "price"}


def searches_of(app: Flask, person: User) -> list[SavedSearch]:
    with app.app_context(), transaction(write=False) as session:
        found = queries.of_person(session, person.id)
        session.expunge_all()
    return found


@pytest.mark.both_databases
def test_a_search_saved_twice_is_one(session: Session) -> None:
    person = make.user(session)
    one = service.save(session, person.id, address="issue=itb", name="IT band")
    service.rename(session, one.id, by=person.id, name="My band")
    again = service.save(session, person.id, address="issue=itb", name="IT band")
    assert again.id == one.id and again.name == "My band"
    assert len(queries.of_person(session, person.id)) == 1


@pytest.mark.both_databases
def test_a_search_is_its_owners_alone(session: Session) -> None:
    person, stranger = make.user(session), make.user(session)
    one = service.save(session, person.id, address="issue=itb", name="IT band")
    for act in (service.pause, service.resume, service.remove, service.restore):
        with pytest.raises(NotFound):
            act(session, one.id, by=stranger.id)
    assert one.tells


def test_a_deleted_search_comes_back_as_it_was_within_a_day(session: Session) -> None:
    person, now = make.user(session), clock.now()
    one = service.save(session, person.id, address="issue=itb", name="IT band")
    service.remove(session, one.id, by=person.id)
    assert queries.of_person(session, person.id) == []
    service.forget_removed(session, now)
    assert service.restore(session, one.id, by=person.id).tells
    service.remove(session, one.id, by=person.id)
    service.forget_removed(session, now + UNDO_LASTS + timedelta(minutes=1))
    session.expunge_all()
    with pytest.raises(NotFound):
        service.restore(session, one.id, by=person.id)


def test_saving_again_what_was_deleted_or_paused_lets_it_tell_again(session: Session) -> None:
    person = make.user(session)
    one = service.save(session, person.id, address="issue=itb", name="IT band")
    for silence in (service.remove, service.pause):
        silence(session, one.id, by=person.id)
        assert service.save(session, person.id, address="issue=itb", name="").tells


def test_there_is_room_for_so_many(session: Session) -> None:
    person = make.user(session)
    for number in range(MOST_SEARCHES):
        service.save(session, person.id, address=f"near={number}", name="x")
    one = queries.of_person(session, person.id)[-1]
    service.save(session, person.id, address=one.address, name="x")  # that one she has already
    with pytest.raises(Conflict):
        service.save(session, person.id, address="near=one-more", name="x")


def test_a_search_whose_place_was_taken_does_not_come_back(session: Session) -> None:
    person = make.user(session)
    one = service.save(session, person.id, address="issue=itb", name="IT band")
    service.remove(session, one.id, by=person.id)
    for number in range(MOST_SEARCHES):
        service.save(session, person.id, address=f"near={number}", name="x")
    with pytest.raises(Conflict):
        service.restore(session, one.id, by=person.id)
    with pytest.raises(Conflict):
        service.save(session, person.id, address=one.address, name="IT band")


def test_the_results_offer_to_save_exactly_their_search(
    app: Flask, her_browser: FlaskClient, runner: User, put: PutCoach
) -> None:
    put()
    page = her_browser.get("/match?near=Ottawa,+ON&issue=itb&issue=hip-drop&sort=price&utm_source=x").text
    form = re.search(r'<div class="list-extras">.*?</form>', page, re.S)
    assert form
    hidden = re.findall(r'name="(\w+)" value="([^"]*)"', form[0])
    sent = {name: [value for each, value in hidden if each == name] for name, _ in hidden}
    answer = her_browser.post("/searches", data=sent, follow_redirects=True).text
    (one,) = searches_of(app, runner)
    assert one.address == "issue=hip-drop&issue=itb&near=Ottawa%2C+ON"
    assert one.name == "Hip drop · IT band, outer knee · Ottawa, ON"
    assert "We write to you when a new coach fits" in answer and 'href="/match?issue=hip-drop' in answer


def test_a_town_page_offers_its_town(client: FlaskClient, put: PutCoach) -> None:
    put()
    assert re.search(
        r'class="list-extras".*?name="near" value="Ottawa, ON"', client.get("/coaches/ca/on/ottawa").text, re.S
    )
    assert 'class="list-extras"' not in client.get("/coaches").text


def test_nothing_is_typed_again_after_signing_in(app: Flask, client: FlaskClient, put: PutCoach) -> None:
    put()
    answer = client.post("/fr/searches", data=SEARCH)
    assert answer.status_code == 303 and urlsplit(answer.location).path == "/fr/sign-in"
    page = client.get(answer.location).text
    target = re.search(r'name="next" value="([^"]+)"', page)
    assert target and re.search(r'href="/fr/register\?next=[^"]*issue', page)
    with app.app_context(), transaction() as session:
        person = make.user(session)
    make.signed_in(client, person.id)
    page = client.get(target[1].replace("&amp;", "&")).text
    assert "Enregistrer cette recherche" in page
    sent = re.findall(r'type="hidden" name="(near|issue)" value="([^"]*)"', page)
    client.post("/searches", data={name: [v for each, v in sent if each == name] for name, _ in sent})
    (one,) = searches_of(app, person)
    assert one.address == "issue=hip-drop&issue=itb&near=Ottawa%2C+ON"


def test_its_owner_renames_pauses_deletes_and_takes_back(
    app: Flask, her_browser: FlaskClient, runner: User, put: PutCoach
) -> None:
    put()
    her_browser.post("/searches", data=SEARCH)
    (one,) = searches_of(app, runner)
    at = f"/searches/{one.id}"
    her_browser.post(f"{at}/name", data={"name": "Hips in Ottawa"})
    page = her_browser.get("/searches").text
    assert "Hips in Ottawa" in page and "within 40 km" in page and "Mails when a new coach fits" in page
    assert "No mails for now" in her_browser.post(f"{at}/pause", follow_redirects=True).text
    assert searches_of(app, runner)[0].is_paused
    her_browser.post(f"{at}/resumption")
    assert searches_of(app, runner)[0].tells
    page = her_browser.post(f"{at}/removal", follow_redirects=True).text
    assert "“Hips in Ottawa” is deleted" in page and searches_of(app, runner) == []
    undo = re.search(rf'action="({at}/restoration)"', page)
    assert undo
    her_browser.post(undo[1])
    assert searches_of(app, runner)[0].name == "Hips in Ottawa"


def test_a_refused_name_is_shown_where_it_was_typed(app: Flask, her_browser: FlaskClient, runner: User) -> None:
    her_browser.post("/searches", data={"issue": "itb"})
    (one,) = searches_of(app, runner)
    answer = her_browser.post(f"/searches/{one.id}/name", data={"name": "x" * 81})
    assert answer.status_code == 422
    assert '<details class="rename" open>' in answer.text and "x" * 81 in answer.text


def test_a_search_for_nothing_is_refused_in_words(her_browser: FlaskClient) -> None:
    answer = her_browser.post("/searches", data={"sort": "fit"})
    assert answer.status_code == 422 and "Say first what should be fixed" in answer.text
    assert her_browser.get("/searches/new?sort=fit").location == "/searches"


def test_a_stranger_finds_nothing(app: Flask, client: FlaskClient, her_browser: FlaskClient, runner: User) -> None:
    her_browser.post("/searches", data={"issue": "itb"})
    (one,) = searches_of(app, runner)
    assert client.get("/searches").status_code == 302
    with app.app_context(), transaction() as session:
        stranger = make.user(session)
    make.signed_in(client, stranger.id)
    assert client.post(f"/searches/{one.id}/removal").status_code == 404
    assert "IT band" not in client.get(f"/searches?removed={one.id}").text
    assert client.get("/searches?removed=nonsense").status_code == 200
    assert client.post(f"/searches/{UUID(int=0)}/pause").status_code == 404


def test_full_is_said_on_the_list(app: Flask, her_browser: FlaskClient, runner: User) -> None:
    with app.app_context(), transaction() as session:
        for number in range(MOST_SEARCHES):
            service.save(session, runner.id, address=f"max_price={number}", name="x")
    page = her_browser.post("/searches", data={"issue": "itb"}, follow_redirects=True).text
    assert "You have 20 saved searches already" in page


def test_who_is_not_verified_hears_that_mails_wait(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        person = make.user(session, verified_at=None)
    make.signed_in(client, person.id)
    page = client.post("/searches", data={"issue": "itb"}, follow_redirects=True).text
    assert "Confirm your address" in page and "Mails once your address is confirmed" in page
