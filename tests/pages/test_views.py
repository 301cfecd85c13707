"""Terms, privacy, cancelling, checks, contact."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from marketplace.coaches.cancelling import POLICIES
from marketplace.db import transaction
from marketplace.jobs import Job
from marketplace.pages.service import MOST_FROM_CLIENT
from marketplace.pages.versions import TERMS_VERSION

MESSAGE = {"name": "Bea Roy", "email": "bea@example.com", "message": "Is there a coach in Aylmer?"}


@pytest.mark.parametrize("page", ["terms", "privacy", "cancellation", "how-coaches-are-checked", "contact"])
@pytest.mark.parametrize("language", ["", "/fr"])
def test_each_page_is_there_in_both_languages(client: FlaskClient, page: str, language: str) -> None:
    answer = client.get(f"{language}/{page}?utm_source=x")
    assert answer.status_code == 200
    assert answer.text.count("<h1") == 1
    if page != "contact":
        assert f"{TERMS_VERSION}, " in answer.text


def test_the_two_languages_say_it_apart(client: FlaskClient) -> None:
    english, french = client.get("/cancellation").text, client.get("/fr/cancellation").text
    for policy in POLICIES.values():
        assert f"until {policy.full_hours} hours before" in english and f"jusqu’à {policy.full_hours} heures" in french


def test_a_message_is_mailed_to_the_operator_once(app: Flask, client: FlaskClient) -> None:
    form = MESSAGE | {"id": str(uuid4())}
    for _ in range(2):
        assert client.post("/contact", data=form).location == "/contact"
    with app.app_context(), transaction(write=False) as session:
        [mail] = session.scalars(select(Job).where(col(Job.name) == "mail.send"))
        assert mail.payload["to"] == "hello@runsight.example"
        assert "Aylmer" in mail.payload["text"] and "bea@example.com" in mail.payload["text"]


def test_what_fell_into_the_trap_goes_nowhere(app: Flask, client: FlaskClient) -> None:
    client.post("/contact", data=MESSAGE | {"id": str(uuid4()), "website": "https://spam.example"})
    with app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(Job)).all() == []


def test_a_flood_of_messages_is_stopped(client: FlaskClient) -> None:
    answers = [client.post("/contact", data=MESSAGE | {"id": str(uuid4())}) for _ in range(MOST_FROM_CLIENT + 1)]
    assert [answer.status_code for answer in answers] == [302] * MOST_FROM_CLIENT + [429]


def test_an_empty_message_is_refused(client: FlaskClient) -> None:
    assert client.post("/contact", data={"id": str(uuid4())}).status_code == 422
