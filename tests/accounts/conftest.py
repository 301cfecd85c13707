"""A browser that registers, and the mails that would go out."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.accounts import links, passwords
from marketplace.accounts.models import SignInAttempt, User
from marketplace.db import transaction
from marketplace.errors import Invalid
from marketplace.jobs import TASKS, Job
from tests import make

PASSWORD = "plum tower river lamp"
Mails = Callable[[], list[dict[str, str]]]


@pytest.fixture
def mails(app: Flask) -> Mails:
    """Word what waits, and give all mails so far, the oldest first; none is handed to a server."""

    def worded() -> list[dict[str, str]]:
        with app.app_context(), transaction() as session:
            for job in session.scalars(
                select(Job).where(col(Job.name).startswith("accounts."), col(Job.attempts) == 0)
            ):
                TASKS[job.name].run(session, **job.payload)
                job.attempts = 1
            session.flush()
            sent = session.scalars(select(Job).where(col(Job.name) == "mail.send").order_by(col(Job.created_at)))
            return [job.payload for job in sent]

    return worded


@pytest.fixture
def person(app: Flask) -> User:
    """A verified person whose password is PASSWORD."""
    with app.app_context(), transaction() as session:
        return make.user(session, email="ann@example.com", password_hash=passwords.hashed(PASSWORD))


@pytest.fixture
def later(app: Flask) -> Callable[[timedelta], None]:
    """Let time pass for tries to sign in: they move into the past."""

    def wait(passed: timedelta) -> None:
        with app.app_context(), transaction() as session:
            for attempt in session.scalars(select(SignInAttempt)):
                attempt.at -= passed

    return wait


def dies_at(app: Flask, purpose: str, link: str) -> datetime:
    """The instant from which a mailed link no longer works, to the minute."""
    token, secret = link.rsplit("/", 1)[1], app.extensions["settings"].secret_key
    alive = clock.now()
    for step in (timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)):
        while _lives(secret, purpose, token, alive + step):
            alive += step
    return alive + timedelta(minutes=1)


def _lives(secret: str, purpose: str, token: str, now: datetime) -> bool:
    try:
        return bool(links.read(secret, purpose, token, now=now))
    except Invalid:
        return False


def sign_in(client: FlaskClient, email: str = "ann@example.com", password: str = PASSWORD, **more: str) -> str | None:
    """Through the form; where it leads, or None when refused."""
    answer = client.post("/sign-in", data={"email": email, "password": password} | more)
    return answer.location if answer.status_code == 302 else None


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/account").status_code == 200


def link_in(mail: dict[str, str]) -> str:
    """The path of the first link."""
    found = re.search(r"http://localhost(/\S+)", mail["text"])
    assert found, mail["text"]
    return found[1]


def user_of(app: Flask, email: str) -> User | None:
    with app.app_context(), transaction(write=False) as session:
        return session.scalar(select(User).where(col(User.email) == email))
