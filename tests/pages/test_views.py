"""The pages that people expect, in both languages, and the way to write to us."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from marketplace.db import transaction
from marketplace.jobs import Job


@pytest.mark.parametrize("path", ["/terms", "/privacy", "/cancellation", "/how-coaches-are-checked", "/contact"])
@pytest.mark.parametrize("prefix", ["", "/fr"])
def test_each_page_is_there_in_both_languages(client: FlaskClient, path: str, prefix: str) -> None:
    page = client.get(prefix + path)
    assert page.status_code == 200
    assert f'lang="{"fr" if prefix else "en"}"' in page.text


def test_a_message_reaches_the_operator(app: Flask, client: FlaskClient) -> None:
    sent = client.post(
        "/contact", data={"name": "Maple", "email": "m@example.com", "message": "My clip is upside down."}
    )
    assert sent.status_code == 302
    with app.app_context(), transaction(write=False) as session:
        (job,) = session.execute(select(Job)).scalars()
    assert job.payload["to"] == "Runsight <hello@runsight.example>"
    assert "upside down" in job.payload["text"]


def test_a_message_without_address_keeps_what_was_typed(client: FlaskClient) -> None:
    page = client.post("/contact", data={"name": "Maple", "email": "nowhere", "message": "My clip is upside down."})
    assert page.status_code == 422
    assert "upside down" in page.text
