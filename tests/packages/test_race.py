"""Threads that want the last visit of a package: one gets it, without the guard several."""

from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlmodel import Session, col

from marketplace.bookings import service as bookings
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.packages.models import Credit
from marketplace.packages.states import CreditStatus
from tests.bookings.test_race import THREADS, race
from tests.bookings.world import FEE, NO_PAIN, times
from tests.packages.world import World, check

pytestmark = pytest.mark.both_databases
INTAKE = bookings.Intake(pain_screen=NO_PAIN)


@pytest.fixture
def world(app: Flask) -> World:
    """Somebody with one visit left, and as many open times as there are threads."""
    with app.app_context(), transaction() as session:
        world = World(session)
        world.bought()
        for _ in range(2):
            world.use()
        return world


def starts(app: Flask, world: World) -> list:
    with app.app_context(), transaction(write=False) as session:
        return times(session, session.get_one(Offer, world.offer.id))[:THREADS]


def test_the_last_visit_is_used_once(app: Flask, world: World) -> None:
    free = starts(app, world)

    def book(number: int) -> bool:
        asked = {"booking_id": uuid4(), "offer_id": world.offer.id, "starts_at": free[number], "intake": INTAKE}
        try:
            with transaction() as session:
                bookings.hold_with_credit(session, by=session.merge(world.runner), fee_percent=FEE, **asked)
        except Conflict as refusal:
            assert refusal.kind == "no-credit-left"
            return False
        return True

    assert race(app, book) == {True: 1, False: THREADS - 1}
    with app.app_context(), transaction(write=False) as session:
        check(session)


def test_without_the_lock_it_is_used_more_than_once(app: Flask, world: World) -> None:
    """The control: looked for, then taken. What is tested above can fail."""
    assert any(_unguarded(app)[True] > 1 for _ in range(20))


def _unguarded(app: Flask):
    with app.app_context(), transaction() as session:
        session.execute(update(Credit).values(status=CreditStatus.FREE, booking_id=None))
        used = select(Credit).order_by(col(Credit.number).desc()).offset(1)
        for credit in session.scalars(used):
            credit.status, credit.booking_id = CreditStatus.USED, uuid4()

    def take(_number: int) -> bool:
        with transaction(write=False) as session:
            free = session.scalars(select(col(Credit.id)).where(col(Credit.status) == CreditStatus.FREE)).first()
        if free is None:
            return False
        with transaction() as session:
            _set_used(session, free)
        return True

    return race(app, take)


def _set_used(session: Session, credit_id: object) -> None:
    values = {"status": CreditStatus.USED, "booking_id": uuid4()}
    session.execute(update(Credit).where(col(Credit.id) == credit_id).values(**values))
