"""A town with coaches, a runner who keeps them, and her browser."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import User
from marketplace.db import transaction
from tests import make
from tests.matching.conftest import PutCoach, put

__all__ = ["PutCoach", "put"]


@pytest.fixture
def runner(app: Flask) -> User:
    with app.app_context(), transaction() as session:
        return make.user(session, email="runner@example.com", name="Willow Brook")


@pytest.fixture
def her_browser(app: Flask, runner: User) -> FlaskClient:
    app.config["WTF_CSRF_ENABLED"] = False
    return make.signed_in(app.test_client(), runner.id)
