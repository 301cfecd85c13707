"""Programs that use the API for a person, by a bearer token."""

import hashlib
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.models import ApiToken, User
from marketplace.db import transaction


class Api:
    """The API as one person's program sees it."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.headers = client, {"Authorization": f"Bearer {token}"}

    def __call__(self, method: str, path: str, **body: Any) -> TestResponse:
        return self.client.open(f"/api/v1{path}", method=method, json=body or None, headers=self.headers)


def token_of(app: Flask, person: User) -> str:
    text = f"token-{person.id}"
    with app.app_context(), transaction() as session:
        digest = hashlib.sha256(text.encode()).hexdigest()
        session.add(ApiToken(user_id=person.id, label="test", digest=digest, created_at=clock.now()))
    return text
