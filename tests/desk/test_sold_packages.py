"""A package among what a coach sold: all of its visits together."""

from sqlmodel import Session

from marketplace.desk import queries
from marketplace.packages import service
from tests.packages.world import World


def test_a_package_shows_what_its_visits_bring_while_they_are_used(session: Session) -> None:
    world = World(session)
    package = world.bought()

    def seen() -> tuple[int, int, int, str]:
        session.flush()
        (line,) = queries.sold(session, world.coach, 0)
        return line.refunded.amount, line.fee.amount, line.share.amount, line.where

    assert seen() == (0, 3750, 21251, "held")
    world.finish(world.use())
    assert seen() == (0, 3750, 21251, "held")
    service.return_unused(session, package.id, by=world.runner)
    assert seen() == (16667, 1250, 7084, "waiting")
