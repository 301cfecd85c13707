"""Threads that want the last use of a code: one gets it, without the guard several."""

from threading import Barrier
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select

from marketplace import clock
from marketplace.bookings import service as bookings
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.promotions import queries, service
from marketplace.promotions.models import PromotionUse
from tests import make
from tests.bookings.test_race import THREADS, race
from tests.bookings.world import FEE, NO_PAIN, times
from tests.packages.world import World, check

pytestmark = pytest.mark.both_databases
INTAKE = bookings.Intake(pain_screen=NO_PAIN)


def test_the_last_use_of_a_code_is_taken_once(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        world = World(session)
        free = times(session, world.offer)[:THREADS]
        service.create(session, world.coach.id, service.Draft("ONCE", percent=10, most_uses=1, most_each=None))
        runners = [make.user(session) for _ in range(THREADS)]

    def book(number: int) -> bool:
        asked = {"booking_id": uuid4(), "offer_id": world.offer.id, "starts_at": free[number], "intake": INTAKE}
        asked |= {"fee_percent": FEE, "code": "once"}
        try:
            with transaction() as session:
                bookings.hold_with_code(session, by=session.merge(runners[number]), **asked)
        except Conflict as refusal:
            assert refusal.kind == "code-used-up"
            return False
        return True

    assert race(app, book) == {True: 1, False: THREADS - 1}
    with app.app_context(), transaction(write=False) as session:
        assert len(list(session.scalars(select(PromotionUse)))) == 1
        check(session)


def test_who_only_looks_whether_it_is_left_uses_it_with_all_the_others(app: Flask) -> None:
    """The control: counted, then used, as one would write it without lock or number."""
    with app.app_context(), transaction() as session:
        world = World(session)
        promotion = service.create(session, world.coach.id, service.Draft("ONCE", percent=10, most_uses=1))
    looked = Barrier(THREADS)

    def use(number: int) -> bool:
        with transaction(write=False) as session:
            is_left = len(queries.standing_uses(session, promotion.id)) < 1
        looked.wait()
        with transaction() as session:
            numbers = {"number": number, "own_number": number, "used_at": clock.now()}
            ids = {"booking_id": uuid4(), "promotion_id": promotion.id, "runner_id": world.runner.id}
            session.add(PromotionUse(**ids, **numbers))
        return is_left

    assert race(app, use) == {True: THREADS}
