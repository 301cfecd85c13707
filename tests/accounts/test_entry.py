"""Registering, proving an address, signing in and out, forgotten passwords."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts import links, passwords, policy, service
from marketplace.accounts.models import SignInAttempt, User
from marketplace.db import transaction
from marketplace.errors import DomainError
from marketplace.pages.versions import TERMS_VERSION
from tests import make
from tests.accounts.conftest import PASSWORD, Mails, dies_at, is_signed_in, link_in, sign_in, user_of

NEW = {"name": "Bea Roy", "email": "bea@example.com", "password": PASSWORD, "role": "runner", "terms": "yes"}
GIVEN = {"password": PASSWORD}
THIEF = "the password of a thief"


def test_a_person_registers_follows_the_link_and_goes_on_where_she_was(
    app: Flask, client: FlaskClient, mails: Mails
) -> None:
    answer = client.post("/register", data=NEW | {"next": "/coaches?near=Ottawa"})
    assert answer.location == "/mail-sent"
    assert b"bea@example.com" in client.get("/mail-sent").data
    assert not is_signed_in(client)
    [mail] = mails()
    assert mail["to"] == "bea@example.com"
    link = link_in(mail)

    assert client.get(link).status_code == 200
    user = user_of(app, "bea@example.com")
    assert user and not user.is_verified, "opening the link must change nothing"
    assert (user.terms_version, user.language, user.is_coach) == (TERMS_VERSION, "en", False)

    assert b'name="password"' not in client.get(link).data, "she gave it in this browser"
    assert b'name="password"' in app.test_client().get(link).data
    answer = client.post(link)
    assert answer.location == "/coaches?near=Ottawa"
    assert is_signed_in(client)
    user = user_of(app, "bea@example.com")
    assert user and user.is_verified


def test_a_verification_link_signs_in_once_only(client: FlaskClient, app: Flask, mails: Mails) -> None:
    client.post("/register", data=NEW)
    link = link_in(mails()[0])
    client.post(link, data=GIVEN)
    stranger = app.test_client()
    assert stranger.post(link).location == "/sign-in"
    assert not is_signed_in(stranger)


def test_coaches_come_to_their_desk(client: FlaskClient, mails: Mails) -> None:
    client.post("/register", data=NEW | {"role": "coach"})
    assert client.post(link_in(mails()[0]), data=GIVEN).location == "/coach"


def test_registering_in_french_is_answered_in_french(app: Flask, client: FlaskClient, mails: Mails) -> None:
    client.post("/fr/register", data=NEW | {"next": "/coaches"})
    link = link_in(mails()[0])
    assert link.startswith("/fr/verify/")
    assert client.post(link, data=GIVEN).location == "/fr/coaches"
    user = user_of(app, "bea@example.com")
    assert user and user.language == "fr"


def test_a_known_address_gets_the_same_answer_and_another_mail(
    client: FlaskClient, app: Flask, person: User, mails: Mails
) -> None:
    known = client.post("/register", data=NEW | {"email": "ANN@example.com"})
    fresh = app.test_client().post("/register", data=NEW)
    assert (known.status_code, known.location) == (fresh.status_code, fresh.location)
    assert [mail["to"] for mail in mails()] == ["ann@example.com", "bea@example.com"]
    assert "already" in mails()[0]["subject"]
    assert sign_in(client), "the old password still holds"


def test_registering_an_unproven_address_again_leaves_its_password_alone(
    app: Flask, client: FlaskClient, mails: Mails, later: Callable[[timedelta], None]
) -> None:
    first = client.post("/register", data=NEW)
    before = user_of(app, "bea@example.com")
    second = app.test_client().post("/register", data=NEW | {"password": THIEF, "name": "Mallory", "role": "coach"})
    assert (first.status_code, first.location) == (second.status_code, second.location)
    after = user_of(app, "bea@example.com")
    assert before and after and before.model_dump() == after.model_dump()
    link = link_in(mails()[-1])
    assert client.post(link, data=GIVEN).status_code == 302
    assert is_signed_in(client)
    assert not sign_in(app.test_client(), "bea@example.com", THIEF)


def test_whoever_opened_an_account_with_my_address_never_gets_into_mine(
    app: Flask, client: FlaskClient, mails: Mails
) -> None:
    thief = app.test_client()
    thief.post("/register", data=NEW | {"password": THIEF})
    assert sign_in(thief, "bea@example.com", THIEF)
    client.post("/register", data=NEW)
    link = link_in(mails()[-1])
    assert 'name="password"' in client.get(link).text
    for typed in ({}, GIVEN):
        refused = client.post(link, data=typed)
        assert refused.status_code == 422 and "/password" in refused.text
    user = user_of(app, "bea@example.com")
    assert user and not user.is_verified
    client.post("/password", data={"email": "bea@example.com"})
    assert client.post(link_in(mails()[-1]), data=GIVEN).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(thief)
    assert not sign_in(app.test_client(), "bea@example.com", THIEF)


def test_who_is_signed_in_already_proves_her_address_with_one_click(client: FlaskClient, mails: Mails) -> None:
    client.post("/register", data=NEW)
    assert sign_in(client, "bea@example.com")
    link = link_in(mails()[0])
    assert 'name="password"' not in client.get(link).text
    assert client.post(link).status_code == 302


def test_passwords_are_not_guessed_by_a_link_either(app: Flask, client: FlaskClient, mails: Mails) -> None:
    client.post("/register", data=NEW)
    link = link_in(mails()[0])
    elsewhere = app.test_client()
    for _ in range(policy.MOST_FAILURES_FOR_ADDRESS):
        assert elsewhere.post(link, data={"password": THIEF}).status_code == 422
    assert elsewhere.post(link, data=GIVEN).status_code == 429


def test_one_client_asks_for_only_so_many_mails_an_hour(
    app: Flask, client: FlaskClient, person: User, later: Callable[[timedelta], None]
) -> None:
    def ask(n: int) -> int:
        form = {"email": f"person{n}@example.com"}
        path, data = [("/register", NEW | form), ("/password", form), ("/verify", form)][n % 3]
        return client.post(path, data=data).status_code

    assert {ask(n) for n in range(policy.MOST_MAILS_FOR_CLIENT)} == {302}
    assert {ask(n) for n in range(3)} == {429}
    refused = client.post("/register", data=NEW)
    assert "60 minutes" in refused.text and refused.headers["Retry-After"] == "3600"
    assert user_of(app, "bea@example.com") is None
    assert sign_in(client), "mails are no failures to sign in"
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.post("/password", data={"email": "a@example.com"}, environ_base=elsewhere).status_code == 302
    later(policy.MAIL_WINDOW + timedelta(seconds=1))
    assert ask(0) == 302


@pytest.mark.parametrize(
    "wrong",
    [
        {"email": "nobody"},
        {"password": "password1"},
        {"password": "short"},
        {"terms": ""},
        {"name": ""},
        {"name": "<script>"},
        {"name": "win $1000 http://evil.example"},
        {"name": "WWW.evil.example"},
        {"name": "me@evil.example"},
        {"role": "staff"},
        {"email": "a@b@c.example"},
        {"email": "x" * 300 + "@example.com"},
    ],
)
def test_a_refused_registration_keeps_what_was_typed(client: FlaskClient, wrong: dict[str, str]) -> None:
    answer = client.post("/register", data=NEW | wrong)
    assert answer.status_code == 422
    assert b'class="error"' in answer.data
    assert PASSWORD not in answer.text


def test_the_link_is_mailed_again_but_not_by_the_dozen(client: FlaskClient, mails: Mails) -> None:
    client.post("/register", data=NEW)
    for _ in range(5):
        assert client.post("/verify", data={"email": "bea@example.com"}).location == "/mail-sent"
    assert client.post("/verify", data={"email": "unknown@example.com"}).location == "/mail-sent"
    assert {mail["to"] for mail in mails()} == {"bea@example.com"}
    assert len(mails()) <= 3


def test_a_link_lives_three_days(app: Flask, client: FlaskClient, mails: Mails) -> None:
    client.post("/register", data=NEW)
    lives = dies_at(app, "verify", link_in(mails()[0])) - clock.now()
    assert abs(lives - timedelta(days=3)) < timedelta(minutes=2)


@pytest.mark.parametrize("page", ["verify", "password", "address"])
def test_a_link_that_is_too_old_or_made_up_says_so(app: Flask, client: FlaskClient, person: User, page: str) -> None:
    secret, purpose = app.extensions["settings"].secret_key, {"password": "reset"}.get(page, page)
    old = links.make(secret, purpose, expires_at=clock.now() - timedelta(seconds=1), user=str(person.id))
    for token in (old, "garbage"):
        assert client.get(f"/{page}/{token}").status_code == 410
        assert client.post(f"/{page}/{token}", data={"password": PASSWORD}).status_code == 410


def test_signing_in_and_out(client: FlaskClient, person: User) -> None:
    assert client.get("/account").location.startswith("/sign-in?next=")
    assert sign_in(client, "Ann@Example.com", next="/account/tokens") == "/account/tokens"
    assert is_signed_in(client)
    assert client.get("/sign-in?next=/account").location == "/account"
    client.post("/sign-out")
    assert not is_signed_in(client)


def test_signing_in_never_leads_away(client: FlaskClient, person: User) -> None:
    for target in ("https://evil.example", "//evil.example", "/\\evil.example"):
        assert sign_in(client, next=target) == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(client: FlaskClient, person: User) -> None:
    wrong = client.post("/sign-in", data={"email": "ann@example.com", "password": "wrong password"})
    unknown = client.post("/sign-in", data={"email": "ann@example.org", "password": "wrong password"})
    assert wrong.status_code == unknown.status_code == 422
    read = [
        re.sub('(nonce|name="csrf_token" value)="[^"]+"', "", answer.text).replace(".org", ".com")
        for answer in (wrong, unknown)
    ]
    assert read[0] == read[1]
    assert not is_signed_in(client)


@pytest.mark.both_databases
def test_characters_that_no_keyboard_gives_are_refused(client: FlaskClient) -> None:
    for form in ({"email": "a\x00@example.com", "password": "x"}, {"email": "a@example.com", "password": "x\x00"}):
        assert client.post("/sign-in", data=form).status_code == 422
        assert client.post("/register", data=NEW | form).status_code == 422
        assert client.post("/password", data={"email": "a\x00@example.com"}).status_code == 422


def test_an_unknown_address_costs_the_same_work() -> None:
    assert not passwords.matches("anything", None)
    assert not passwords.matches("nobody's password", None)
    assert not passwords.matches("anything", "!")


def test_guessing_is_slowed_and_the_right_password_waits_too(
    client: FlaskClient, person: User, later: Callable[[timedelta], None]
) -> None:
    for _ in range(policy.MOST_FAILURES_FOR_ADDRESS):
        assert not sign_in(client, password="wrong password")
    answer = client.post("/sign-in", data={"email": "ann@example.com", "password": PASSWORD})
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == str(15 * 60)
    assert b"15 minutes" in answer.data
    later(policy.WINDOW + timedelta(seconds=1))
    assert sign_in(client)


def test_one_client_guessing_at_many_addresses_is_slowed(app: Flask) -> None:
    with app.app_context():
        for n in range(policy.MOST_FAILURES_FROM_CLIENT):
            with transaction() as session:
                service.begin_attempt(session, email=f"person{n}@example.com", client="192.0.2.1")
        with pytest.raises(policy.TooOften), transaction() as session:
            service.begin_attempt(session, email="another@example.com", client="192.0.2.1")
        with transaction() as session:
            service.begin_attempt(session, email="another@example.com", client="192.0.2.2")


def test_what_went_well_is_no_failure(client: FlaskClient, app: Flask, person: User) -> None:
    for _ in range(policy.MOST_FAILURES_FOR_ADDRESS + 2):
        assert sign_in(app.test_client())
    with app.app_context(), transaction(write=False) as session:
        assert all(attempt.succeeded for attempt in session.scalars(select(SignInAttempt)))


def test_a_forgotten_password_is_set_anew_and_ends_other_sessions(
    app: Flask, client: FlaskClient, person: User, mails: Mails
) -> None:
    elsewhere = app.test_client()
    assert sign_in(elsewhere)
    assert client.post("/password", data={"email": "ann@example.com"}).location == "/mail-sent"
    assert client.post("/password", data={"email": "nobody@example.com"}).location == "/mail-sent"
    [mail] = mails()
    link = link_in(mail)
    assert client.get(link).status_code == 200
    assert client.post(link, data={"password": "password1"}).status_code == 422
    assert client.post(link, data={"password": "another four words"}).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert app.test_client().post(link, data={"password": "yet another four"}).status_code == 410
    assert app.test_client().get(link).status_code == 410
    assert not sign_in(app.test_client())
    assert sign_in(app.test_client(), password="another four words")
    assert "changed" in mails()[-1]["subject"]


def test_a_reset_link_lives_an_hour(app: Flask, client: FlaskClient, person: User, mails: Mails) -> None:
    client.post("/password", data={"email": "ann@example.com"})
    lives = dies_at(app, "reset", link_in(mails()[0])) - clock.now()
    assert abs(lives - timedelta(hours=1)) < timedelta(minutes=2)


def test_a_password_is_used_exactly_as_typed(app: Flask, client: FlaskClient, mails: Mails) -> None:
    typed = " " + "é" * 80 + "x "
    client.post("/register", data=NEW | {"password": typed})
    assert sign_in(client, "bea@example.com", typed)
    for other in (typed.strip(), typed[:-2] + "y ", typed.upper()):
        assert not sign_in(app.test_client(), "bea@example.com", other)


@pytest.mark.both_databases
def test_an_address_belongs_to_one_account(session: Session) -> None:
    person = service.Registration(
        email="Bea@example.com", name="Bea", password_hash="!", is_coach=False, language="en",
        timezone="America/Toronto", terms_version="1",
    )  # fmt: skip
    service.register(session, person)
    service.register(session, person)
    assert len(session.scalars(select(User)).all()) == 1
    assert service.by_email(session, "BEA@example.com").email == "bea@example.com"


def test_a_closed_account_is_nobodys(session: Session) -> None:
    user = make.user(session, email="gone@example.com")
    service.close(session, user.id)
    with pytest.raises(DomainError):
        service.by_email(session, "gone@example.com")
