"""Threads that want one time: one gets it. Without lock and claims several would."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlmodel import col

from marketplace.accounts.models import User
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Claim, Visit
from tests import make
from tests.bookings.world import hold, times
from tests.races.unguarded import look_then_take

pytestmark = pytest.mark.both_databases
THREADS = 8


@pytest.fixture
def coach(app: Flask) -> Coach:
    with app.app_context(), transaction() as session:
        return make.coach(session)


def race(app: Flask, run: Callable[[int], bool]) -> Counter[bool]:
    """What `run` answers to threads that start together."""
    gate = Barrier(THREADS)

    def one(number: int) -> bool:
        with app.app_context():
            gate.wait()
            return run(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return Counter(threads.map(one, range(THREADS)))


def wanted(app: Flask, coach: Coach, minutes: int = 30) -> tuple[Offer, list[User], datetime]:
    with app.app_context(), transaction() as session:
        offer = make.offer(session, session.get_one(Coach, coach.id), minutes=minutes)
        runners = [make.user(session) for _ in range(THREADS)]
        return offer, runners, times(session, offer)[4]


def holds(offer: Offer, runner: User, start: datetime) -> bool:
    try:
        with transaction() as session:
            hold(session, session.get_one(Offer, offer.id), session.get_one(User, runner.id), start)
    except Conflict as refusal:
        assert refusal.kind == "time-gone"
        return False
    return True


def visits(app: Flask) -> int:
    with app.app_context(), transaction(write=False) as session:
        return int(session.scalar(select(func.count(col(Visit.id)))) or 0)


def test_one_of_many_holds_gets_the_time(app: Flask, coach: Coach) -> None:
    offer, runners, start = wanted(app, coach)
    assert race(app, lambda n: holds(offer, runners[n], start)) == {True: 1, False: THREADS - 1}
    assert visits(app) == 1


def test_of_holds_that_overlap_partly_none_share_a_granule(app: Flask, coach: Coach) -> None:
    short, runners, start = wanted(app, coach)
    long, _, _ = wanted(app, coach, minutes=90)
    found = race(app, lambda n: holds((short, long)[n % 2], runners[n], start))
    assert found[True] == 1
    with app.app_context(), transaction(write=False) as session:
        granules = list(session.scalars(select(col(Claim.granule))))
    assert len(granules) == len(set(granules)) in (6, 18)


def test_claims_alone_keep_two_visits_apart(app: Flask, coach: Coach) -> None:
    """With no lock and nobody looking first, the claims' key is what is left; it suffices."""
    offer, _, start = wanted(app, coach)

    def claims(_number: int) -> bool:
        try:
            with transaction() as session:
                scheduling.claim(session, offer.coach_id, uuid4(), start, start + timedelta(minutes=30))
        except Conflict:
            return False
        return True

    found = race(app, claims)
    assert found[True] == 1 and visits(app) == 1


def test_without_the_guard_all_get_it(app: Flask, coach: Coach) -> None:
    offer, _, start = wanted(app, coach)
    gate = Barrier(THREADS)
    assert race(app, lambda n: look_then_take(offer.id, start, gate.wait)) == {True: THREADS}
    assert visits(app) == THREADS
