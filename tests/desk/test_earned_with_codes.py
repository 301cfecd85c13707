"""What a coach is shown of sessions for which the site adds to her share: its own code took off more than ours."""

import pytest
from sqlalchemy import select
from sqlmodel import Session

from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.desk import queries
from marketplace.payments import receipt_queries as receipts
from marketplace.payments import service as payments
from marketplace.payments.models import Refund
from tests.bookings.world import hold, pay
from tests.packages.world import World
from tests.promotions.test_codes import book, code

SHARE = 9500 - 1425


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def seen(world: World) -> tuple[int, int, int, int, str]:
    """Held, on its way; and of the session what went back, what is hers, and where it is."""
    world.session.flush()
    (purse,) = queries.earnings(world.session, world.coach)
    (line,) = queries.sold(world.session, world.coach, 0)
    return purse.held.amount, purse.on_its_way.amount, line.refunded.amount, line.share.amount, line.where


def back(world: World, booking: Booking, amount: int, key: str = "first") -> None:
    assert booking.order_id
    payments.refund(world.session, booking.order_id, amount=amount, key=key, reason="complaint", by="staff")


def test_her_share_is_whole_from_the_day_it_is_paid_and_shrinks_by_what_goes_back(world: World) -> None:
    code(world, ours=True, amount=3000, currency="CAD")
    pay(world.session, booking := book(world))
    assert seen(world) == (SHARE, 0, 0, SHARE, "held")
    world.finish(booking)
    assert seen(world) == (0, SHARE, 0, SHARE, "waiting")
    back(world, booking, 3250)
    # all that is on its way is less by it once the refund was sent
    assert seen(world) == (0, SHARE - 788, 3250, SHARE - 3250 - 788, "waiting")
    back(world, booking, 3250, "second")
    assert seen(world)[2:] == (6500, 0, "nothing")


def test_a_session_that_our_code_pays_whole_is_among_what_she_sold(world: World) -> None:
    code(world, ours=True, percent=100)
    booking = book(world)
    assert seen(world) == (SHARE, 0, 0, SHARE, "held")
    world.finish(booking)
    assert seen(world) == (0, SHARE, 0, SHARE, "waiting")
    (moved,) = queries.movements(world.session, world.coach)
    assert (moved.kind, moved.share, moved.line and moved.line.title) == ("earned", SHARE, booking.title)


def test_one_that_is_cancelled_leaves_her_nothing(world: World) -> None:
    code(world, ours=True, percent=100)
    bookings.cancel(world.session, book(world).id, by=world.runner)
    assert seen(world) == (0, 0, 0, 0, "nothing")


def test_a_refund_that_was_called_off_took_nothing(world: World) -> None:
    pay(world.session, booking := hold(world.session, world.offer, world.runner))
    back(world, booking, 3250)
    (refund,) = world.session.scalars(select(Refund))
    refund.make(world.session, "cancel", by="stripe")
    assert seen(world)[2:] == (0, SHARE, "held")
    assert booking.order_id
    assert receipts.bill(world.session, booking.order_id, world.runner.id).refunds == []
