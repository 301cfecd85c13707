"""Staff's browser, and a runner, a coach and a session that is done and was paid at the sandbox."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
from flask import g
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import service
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.payments import service as payments
from tests import make
from tests.bookings.world import hold
from tests.payments.conftest import Shop, sandbox, sandbox_app, shop

__all__ = ["sandbox", "sandbox_app", "shop"]


@dataclass
class Office:
    """A member of staff's browser, and what she looks at."""

    shop: Shop
    staff_id: UUID
    runner_id: UUID
    coach_user_id: UUID
    booking_id: UUID
    order_id: UUID

    @property
    def staff(self) -> FlaskClient:
        return self.as_(self.staff_id)

    def as_(self, user_id: UUID) -> FlaskClient:
        """A browser of hers. The test's app context outlives requests, and with it who was signed in last."""
        g.pop("_login_user", None)
        return make.signed_in(self.shop.app.test_client(), user_id)

    def complain(self) -> None:
        with transaction() as session:
            by = session.get_one(User, self.runner_id)
            service.complain(session, self.booking_id, by=by, words="The call broke off after ten minutes.")

    def dispute(self) -> str:
        """The bank questions the payment, and the site has heard of it."""
        self.shop.browser.knobs(dispute_charge=self.shop.payment(self.order_id).charge_id)
        dispute: str = self.shop.stripe._client.v1.disputes.list().data[0].id
        payments.look_at_dispute(dispute)
        return dispute

    def close(self, dispute: str, outcome: str) -> None:
        """The bank decides."""
        self.shop.browser.knobs(**{f"{outcome}_dispute": dispute})
        payments.look_at_dispute(dispute)
        self.shop.work()

    def send_share(self) -> None:
        """A day later, the coach has been sent her share."""
        from marketplace.payments.models import Transfer

        self.shop.change(Transfer, due_at=clock.now() - timedelta(minutes=1))
        payments.release_due()

    def booking(self) -> Booking:
        found: Booking = self.shop.row(Booking, self.booking_id)
        return found


@pytest.fixture
def office(shop: Shop) -> Iterator[Office]:  # noqa: F811
    shop.app.config["WTF_CSRF_ENABLED"] = False
    with transaction() as session:
        staff = make.user(session, is_staff=True)
        runner, coach = session.get_one(User, shop.runner_id), session.get_one(Coach, shop.coach_id)
        runner.name, runner.email = "Zoë Łukasz", "zoe@example.com"
        booking = hold(session, make.offer(session, coach), runner)
        assert booking.order_id is not None
        ids = staff.id, runner.id, coach.user_id, booking.id, booking.order_id
    payments.settle(shop.pay(ids[4]))
    with transaction() as session:
        booking = session.get_one(Booking, ids[3])
        assert booking.starts_at and booking.ends_at
        length = booking.ends_at - booking.starts_at
        booking.ends_at = clock.now() - timedelta(hours=1)
        booking.starts_at = booking.ends_at - length
        service.complete(session, booking.id)
    yield Office(shop, *ids)
