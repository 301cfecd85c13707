"""Many packages ask no more of the database than one: on every page and in every verb that reads them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from sqlalchemy import event
from sqlmodel import Session

from marketplace import clock
from marketplace.db import db
from marketplace.packages import queries, service
from marketplace.packages.views.buying import packages_of
from tests import make
from tests.packages.world import PRICES, World


def statements(session: Session, act: Callable[[], object]) -> int:
    """How many it sends, of a session that has forgotten all it knew."""
    session.flush()
    session.expunge_all()
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    event.listen(db.engine, "before_cursor_execute", counted)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", counted)
    return count


READS: dict[str, Callable[[Session, World], object]] = {
    "of_runner": lambda session, world: queries.of_runner(session, world.runner.id),
    "of_coach": lambda session, world: queries.of_coach(session, world.coach.id),
    "usable": lambda session, world: queries.usable(session, world.runner.id, world.offer.id, clock.now()),
    "spend": lambda session, world: service.spend(
        session, runner_id=world.runner.id, offer_id=world.offer.id, booking_id=uuid4()
    ),
}


@pytest.mark.parametrize("read", READS)
def test_of_many_packages_as_of_one(session: Session, read: str) -> None:
    world = World(session)
    used_up = world.bought()
    for _ in range(3):
        service.spend(session, runner_id=world.runner.id, offer_id=world.offer.id, booking_id=uuid4())
    assert world.left(used_up) == 0
    world.bought()
    few = statements(session, lambda: READS[read](session, world))
    world = another(session, world)
    for _ in range(4):
        world.bought()
    assert statements(session, lambda: READS[read](session, world)) == few


def another(session: Session, world: World) -> World:
    """The same, with rows that the session knows."""
    for name in ("coach", "offer", "runner"):
        setattr(world, name, session.merge(getattr(world, name), load=True))
    return world


def test_the_deals_of_many_offers_as_of_one(session: Session) -> None:
    world = World(session)
    ids = [world.offer.id]
    one = statements(session, lambda: packages_of(ids))
    for _ in range(3):
        more = make.offer(session, world.coach)
        service.offer_packages(session, world.coach.user_id, more.id, PRICES)
        ids.append(more.id)
    assert statements(session, lambda: packages_of(ids)) == one == 1
    assert [len(packages_of(ids)[each]) for each in ids] == [2, 2, 2, 2]
