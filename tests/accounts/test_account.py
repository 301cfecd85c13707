"""The account: what is said of her, address, password, data, leaving; API tokens."""

import json
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session

from marketplace.accounts import service
from marketplace.accounts.models import ApiToken, User
from marketplace.accounts.sessions import digest
from marketplace.db import transaction
from marketplace.errors import Conflict, NotFound
from tests import make
from tests.accounts.conftest import PASSWORD, Mails, is_signed_in, link_in, sign_in, user_of


@pytest.fixture
def ann(client: FlaskClient, person: User) -> FlaskClient:
    """Her browser, signed in."""
    assert sign_in(client)
    return client


def test_name_language_and_zone_are_kept(ann: FlaskClient, app: Flask) -> None:
    new = {"name": "Ann Lee", "language": "fr", "timezone": "America/Vancouver"}
    assert ann.post("/account", data=new).location == "/account"
    user = user_of(app, "ann@example.com")
    assert user and (user.name, user.language, user.timezone) == ("Ann Lee", "fr", "America/Vancouver")
    assert ann.post("/account", data=new | {"timezone": "Mars/Base"}).status_code == 422
    assert ann.post("/account", data=new | {"language": "de"}).status_code == 422


def test_another_address_holds_once_its_link_was_followed(ann: FlaskClient, app: Flask, mails: Mails) -> None:
    change = {"email": "Ann.Lee@example.com", "current_password": PASSWORD}
    assert ann.post("/account/address", data=change | {"current_password": "wrong password"}).status_code == 422
    assert ann.post("/account/address", data=change).location == "/account"
    [mail] = mails()
    assert mail["to"] == "ann.lee@example.com"
    link = link_in(mail)
    assert ann.get(link).status_code == 200
    assert user_of(app, "ann@example.com")
    assert ann.post(link).location == "/account"
    assert user_of(app, "ann.lee@example.com")
    assert mails()[-1]["to"] == "ann@example.com"
    assert ann.post(link).status_code == 410


def test_somebody_elses_address_gets_no_link_and_the_same_answer(ann: FlaskClient, app: Flask, mails: Mails) -> None:
    with app.app_context(), transaction() as session:
        make.user(session, email="taken@example.com")
    answer = ann.post("/account/address", data={"email": "taken@example.com", "current_password": PASSWORD})
    assert answer.location == "/account"
    assert mails() == []


def test_a_new_password_signs_out_everywhere_else(ann: FlaskClient, app: Flask) -> None:
    elsewhere = app.test_client()
    sign_in(elsewhere)
    change = {"current_password": PASSWORD, "password": "another four words"}
    assert ann.post("/account/password", data=change | {"current_password": "wrong one"}).status_code == 422
    assert ann.post("/account/password", data=change).location == "/account"
    assert is_signed_in(ann)
    assert not is_signed_in(elsewhere)


def test_a_copied_cookie_is_worth_nothing_after_signing_out(ann: FlaskClient, app: Flask) -> None:
    cookie = ann.get_cookie("session")
    assert cookie
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert is_signed_in(thief)
    ann.post("/sign-out")
    assert not is_signed_in(thief)


def test_her_data_is_a_file_without_secrets(ann: FlaskClient) -> None:
    answer = ann.get("/account/export")
    assert "attachment" in answer.headers["Content-Disposition"]
    data = json.loads(answer.data)
    assert data["account"]["email"] == "ann@example.com"
    assert "argon2" not in answer.text


def test_leaving_erases_name_and_address_and_ends_all(ann: FlaskClient, app: Flask, person: User) -> None:
    with app.app_context(), transaction() as session:
        token = service.create_token(session, person, label="diary")
    elsewhere = app.test_client()
    sign_in(elsewhere)
    assert ann.post("/account/closing", data={"current_password": "wrong one"}).status_code == 422
    assert ann.post("/account/closing", data={"current_password": PASSWORD}).location == "/"
    assert not is_signed_in(ann) and not is_signed_in(elsewhere)
    assert not sign_in(app.test_client())
    assert user_of(app, "ann@example.com") is None
    with app.app_context(), transaction(write=False) as session:
        row = session.get_one(User, person.id)
        assert row.closed_at and "Person" not in row.name
        assert all(one.revoked_at for one in session.scalars(select(ApiToken))) and token


def test_a_token_is_shown_once_and_kept_as_a_digest(ann: FlaskClient, app: Flask) -> None:
    form = {"id": str(uuid4()), "label": "diary"}
    answer = ann.post("/account/tokens", data=form)
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    token = answer.text.split("readonly>")[1].split("<")[0]
    assert token.startswith("runsight_")
    assert ann.post("/account/tokens", data=form).status_code == 409, "a double click makes one token"
    page = ann.get("/account/tokens").text
    assert "diary" in page and token not in page
    with app.app_context(), transaction(write=False) as session:
        row = session.get_one(ApiToken, UUID(form["id"]))
        assert row.digest == digest(token) and token not in row.digest


def test_a_revoked_token_is_over_and_only_ones_own_can_be_revoked(ann: FlaskClient, app: Flask, person: User) -> None:
    with app.app_context(), transaction() as session:
        mine = service.create_token(session, person, label="mine")
        stranger = make.user(session)
        service.create_token(session, stranger, label="hers")
        ids = {row.label: row.id for row in session.scalars(select(ApiToken))}
    assert mine
    assert ann.post(f"/account/tokens/{ids['hers']}/revocation").status_code == 404
    assert ann.post(f"/account/tokens/{ids['mine']}/revocation").status_code == 302
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(ApiToken, ids["mine"]).revoked_at
        assert not session.get_one(ApiToken, ids["hers"]).revoked_at


@pytest.mark.both_databases
def test_tokens_are_few_and_random(session: Session) -> None:
    user = make.user(session)
    tokens = {service.create_token(session, user, label="x") for _ in range(20)}
    assert len(tokens) == 20
    with pytest.raises(Conflict):
        service.create_token(session, user, label="x")
    with pytest.raises(NotFound):
        service.revoke_token(session, uuid4(), of=user.id)


def test_pages_of_an_account_are_for_who_is_signed_in(client: FlaskClient) -> None:
    for path in ("/account", "/account/address", "/account/password", "/account/closing", "/account/tokens"):
        assert client.get(path).status_code == 302
        assert "/sign-in" in client.get(path).location


@pytest.mark.parametrize("wanted", ["day-before", "none", "all"])
def test_reminders_are_chosen_on_the_account_page(ann: FlaskClient, app: Flask, wanted: str) -> None:
    new = {"name": "Ann Lee", "language": "en", "timezone": "America/Vancouver"}
    assert '<option value="all" selected>' in ann.get("/account").text
    assert ann.post("/account", data=new | {"reminders": wanted}).location == "/account"
    assert ann.post("/account", data=new).location == "/account"
    assert user_of(app, "ann@example.com").reminders == wanted  # type: ignore[union-attr]
    assert f'<option value="{wanted}" selected>' in ann.get("/account").text


def test_reminders_that_are_none_of_the_choices_are_refused_in_words(ann: FlaskClient, app: Flask) -> None:
    new = {"name": "Ann Lee", "language": "en", "timezone": "America/Vancouver", "reminders": "never"}
    answer = ann.post("/account", data=new)
    assert answer.status_code == 422 and "Please choose one of the offered values." in answer.text
    assert user_of(app, "ann@example.com").reminders == "all"  # type: ignore[union-attr]
