"""Who most tests of bookings are about: a coach, what she sells, and a runner. A test file may have its own."""

import pytest
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.coaches.models import Coach, Offer
from tests import make


@pytest.fixture
def coach(session: Session) -> Coach:
    return make.coach(session)


@pytest.fixture
def offer(session: Session, coach: Coach) -> Offer:
    return make.offer(session, coach)


@pytest.fixture
def runner(session: Session) -> User:
    return make.user(session)
