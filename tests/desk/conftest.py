"""A coach's desk, opened in a browser of hers."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from tests import make
from tests.bookings.world import sign_in


class Desk:
    """A coach with a call and a clip review to sell, a runner, and the coach's browser."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.coach: Coach = make.coach(session, issues=("hip-drop", "overstride"))
        self.call: Offer = make.offer(session, self.coach, title="Live look")
        self.review: Offer = make.offer(session, self.coach, OfferKind.CLIP_REVIEW, title="Clip answered")
        self.runner: User = make.user(session, name="Robin Roadley")
        self.person = session.get_one(User, self.coach.user_id)

    @property
    def browser(self) -> FlaskClient:
        """Signed in as the coach."""
        return sign_in(self.app.test_client(), self.person)

    @contextmanager
    def rows(self) -> Iterator[Session]:
        """The database, to look or to change."""
        with self.app.app_context(), transaction() as session:
            yield session

    def of(self, session: Session, offer_id: UUID) -> tuple[Offer, User]:
        """An offer and the runner, in that session."""
        return session.get_one(Offer, offer_id), session.get_one(User, self.runner.id)


@pytest.fixture
def desk(app: Flask) -> Desk:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        return Desk(app, session)
