"""A coach who sells packages, a runner who buys one, and the books of both."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import invariants as bookings
from marketplace.bookings import service as booking_service
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.packages import invariants as packages
from marketplace.packages import queries, service
from marketplace.packages.models import Deal, Package
from marketplace.payments import invariants as payments
from marketplace.payments import queries as orders
from tests import make
from tests.bookings.world import FEE, NO_PAIN, pay_order, times

PRICES = {3: 25001, 10: 76000}


def check(session: Session) -> None:
    """The books are in order, and say the same as packages and bookings do."""
    session.flush()
    assert [*payments.broken(session), *packages.broken(session), *bookings.broken(session)] == []


class World:
    """An offer of 95 dollars with packages of three and ten visits, and somebody who runs."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.coach: Coach = make.coach(session)
        self.offer: Offer = make.offer(session, self.coach)
        self.runner: User = make.user(session)
        self.coach_user = session.get_one(User, self.coach.user_id)
        deals = service.offer_packages(session, self.coach.user_id, self.offer.id, PRICES)
        self.deals: dict[int, Deal] = {each.visits: each for each in deals}

    def order(self, visits: int = 3, **changes: Any) -> Package:
        asked: dict[str, Any] = {"package_id": uuid4(), "by": self.runner, "fee_percent": FEE} | changes
        return service.buy(self.session, deal_id=self.deals[visits].id, **asked)

    def bought(self, visits: int = 3) -> Package:
        package = self.order(visits)
        pay_order(self.session, package.order_id)
        return package

    def use(self, starts_at: datetime | None = None, **changes: Any) -> Booking:
        """A booking with a visit of the runner's package, at that time or the next that is open."""
        asked: dict[str, Any] = {"booking_id": uuid4(), "offer_id": self.offer.id, "by": self.runner}
        asked |= {"starts_at": starts_at or times(self.session, self.offer)[0]}
        asked |= {"fee_percent": FEE, "intake": booking_service.Intake(pain_screen=NO_PAIN)} | changes
        return booking_service.hold_with_credit(self.session, **asked)

    def left(self, package: Package) -> int:
        return queries.held(self.session, package).left

    def balance(self, account: str) -> int:
        """What we owe there, in minor units."""
        return -orders.balance(self.session, account, "CAD")

    def finish(self, booking: Booking) -> None:
        """Its visit is over, and the site has seen it."""
        assert booking.starts_at and booking.ends_at
        booking.starts_at, booking.ends_at = clock.now() - timedelta(hours=1), clock.now() - timedelta(minutes=30)
        self.session.flush()
        booking_service.complete(self.session, booking.id)


def form(app: Flask, world: World, **changes: Any) -> dict[str, Any]:
    """What the page sends that books the first open time."""
    with app.app_context(), transaction(write=False) as session:
        start = times(session, session.get_one(Offer, world.offer.id))[0].isoformat()
    values = {"id": uuid4(), "offer": world.offer.id, "starts_at": start, "amount": 9500, "currency": "CAD"}
    return values | {"pain": "no", "note": "My left shoe is new"} | changes


def count(app: Flask, what: type[Any]) -> int:
    """How many of them there are; the books are in order."""
    with app.app_context(), transaction(write=False) as session:
        check(session)
        return len(session.scalars(select(what)).all())
