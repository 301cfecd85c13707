"""A runner, her coach and their booking, and browsers signed in as either."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from tests import make


@dataclass
class Scene:
    """The ids of one booking's people, usable outside a transaction."""

    app: Flask
    booking: UUID
    runner: UUID
    coach: UUID
    stranger: UUID
    staff: UUID

    def browser(self, user_id: UUID) -> FlaskClient:
        """A browser in which that person is signed in."""
        return make.signed_in(self.app.test_client(), user_id)

    def change(self, **values: Any) -> None:
        """Set columns of the booking."""
        with self.app.app_context(), transaction() as session:
            booking = session.get_one(Booking, self.booking)
            for name, value in values.items():
                setattr(booking, name, value)


def booked(session: Session, **changes: Any) -> Booking:
    """A confirmed clip review, or another booking by `kind`."""
    coach = make.coach(session)
    kind = changes.pop("kind", OfferKind.CLIP_REVIEW)
    offer = make.offer(session, coach, kind)
    values: dict[str, Any] = {"runner_id": make.user(session, name="Rina Runner").id, "coach_id": coach.id}
    values |= {"offer_id": offer.id, "kind": kind, "title": offer.title, "price": offer.price}
    values |= {"currency": offer.currency, "full_hours": offer.policy.full_hours, "issues": ["hip-drop"]}
    values |= {"status": BookingStatus.CONFIRMED, "created_at": clock.now(), "confirmed_at": clock.now()}
    booking = Booking(**values | changes)
    session.add(booking)
    session.flush()
    return booking


def scene(app: Flask, **changes: Any) -> Scene:
    """A booking with its people and two who have no part in it."""
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        booking = booked(session, **changes)
        coach = session.get_one(Coach, booking.coach_id)
        stranger, staff = make.user(session), make.user(session, is_staff=True)
        return Scene(app, booking.id, booking.runner_id, coach.user_id, stranger.id, staff.id)


def people(session: Session, booking: Booking) -> tuple[User, User]:
    """The runner and the coach of a booking."""
    coach = session.get_one(Coach, booking.coach_id)
    return session.get_one(User, booking.runner_id), session.get_one(User, coach.user_id)
