"""A coach, her offers and a runner who books, shared by the tests of bookings."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking
from marketplace.coaches.cancelling import Policy
from marketplace.coaches.models import Offer
from marketplace.jobs import Job
from marketplace.payments import queries as orders
from marketplace.payments.answers import Charged, Checkout
from marketplace.payments.models import Refund
from marketplace.payments.service.settling import take_over
from marketplace.scheduling import service as scheduling
from tests import make

FEE = Decimal(15)
TOO_NEAR = Policy(24 * 20)
"""Terms under which any visit of these tests is too near for money back."""
NO_PAIN = {"pain": False, "flags": [], "note": ""}


def times(session: Session, offer: Offer, *, in_days: int = 3, days: int = 3) -> list[datetime]:
    """The open times of an offer from some days ahead on."""
    now = clock.now()
    first = now.date() + timedelta(days=in_days)
    found = scheduling.openings(session, offer, first=first, days=days, viewer_zone="America/Toronto", now=now)
    return [each.starts_at for each in found]


def hold(session: Session, offer: Offer, runner: User, starts_at: datetime | None = None, **changes: Any) -> Booking:
    """A hold of the first open time, or of that one."""
    if starts_at is None and offer.minutes is not None:
        starts_at = times(session, offer)[0]
    intake = service.Intake(issues=["hip-drop"], goal="10K", pain_screen=NO_PAIN)
    values: dict[str, Any] = {"booking_id": uuid4(), "fee_percent": FEE, "intake": intake} | changes
    return service.hold(session, offer_id=offer.id, starts_at=starts_at, by=runner, **values)


def pay(session: Session, booking: Booking, payer_province: str = "") -> None:
    """What Stripe's word that a booking's order is paid does."""
    assert booking.order_id is not None
    pay_order(session, booking.order_id, payer_province)


def pay_order(session: Session, order_id: UUID, payer_province: str = "", charged: int | None = None) -> None:
    """The same for any order; `charged`: what came, if that is not what was agreed."""
    payment = orders.payment_of(session, order_id)
    name = payment.id.hex
    came = Charged(f"ch_{name}", f"pi_{name}", charged or payment.amount, payment.currency, 300)
    over = payment.expires_at
    checkout = Checkout(f"cs_{name}", "complete", None, str(order_id), str(payment.id), over, came, payer_province)
    take_over(session, checkout)


def confirmed(session: Session, offer: Offer, runner: User, starts_at: datetime | None = None) -> Booking:
    """A paid booking."""
    booking = hold(session, offer, runner, starts_at)
    pay(session, booking)
    return booking


def refunds(session: Session) -> list[int]:
    """The amounts on their way back."""
    return list(session.scalars(select(col(Refund.amount))))


def news(session: Session) -> list[str]:
    """What the two sides are going to be told."""
    told = select(Job).where(col(Job.name) == "bookings.tell").order_by(col(Job.created_at), col(Job.id))
    return [job.payload["news"] for job in session.scalars(told)]


def begin(booking: Booking, minutes_ago: int = 10) -> None:
    """Let a booking's visit have begun."""
    assert booking.starts_at and booking.ends_at
    length = booking.ends_at - booking.starts_at
    booking.starts_at = clock.now() - timedelta(minutes=minutes_ago)
    booking.ends_at = booking.starts_at + length


def complete_over(session: Session) -> int:
    """What the sweep does that completes visits, within a test's transaction; how many."""
    over = queries.over(session, clock.now(), 100)
    return len([service.complete(session, each) for each in over])


def count_unopposed(session: Session) -> int:
    """The same for reports of absence."""
    unopposed = queries.unopposed(session, clock.now(), 100)
    return len([service.count_absence(session, each) for each in unopposed])


def sign_in(client: FlaskClient, person: User) -> FlaskClient:
    """The client as that person's browser."""
    return make.signed_in(client, person.id)


def status_of(app: Flask, booking_id: UUID) -> str:
    """A booking's status as the database has it."""
    from marketplace.db import transaction

    with app.app_context(), transaction(write=False) as session:
        return session.get_one(Booking, booking_id).status.value
