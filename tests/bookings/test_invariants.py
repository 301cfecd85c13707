"""What must be true between bookings and money is seen where it is not."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import invariants, queries, service
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Coach
from marketplace.payments.models import Refund
from tests import make
from tests.bookings.world import confirmed

pytestmark = pytest.mark.both_databases


@pytest.fixture
def booking(session: Session) -> Booking:
    return confirmed(session, make.offer(session, make.coach(session)), make.user(session))


def begin(booking: Booking) -> None:
    """Its visit began a moment ago."""
    assert booking.starts_at and booking.ends_at
    length = booking.ends_at - booking.starts_at
    booking.starts_at = clock.now() - timedelta(minutes=20)
    booking.ends_at = booking.starts_at + length


@pytest.mark.parametrize("status", ["cancelled", "expired", "missed", "completed"])
def test_money_held_for_a_booking_that_is_over_is_named(session: Session, booking: Booking, status: str) -> None:
    assert invariants.broken(session) == []
    booking.status = BookingStatus(status)
    session.flush()
    assert invariants.broken(session) == [f"booking {booking.id} is {status}, and 9500 is held for it"]


def test_what_goes_back_of_a_cancelled_one_is_not_and_is_when_nobody_sends_it(
    session: Session, booking: Booking
) -> None:
    service.cancel(session, booking.id, by=session.get_one(User, booking.runner_id))
    session.flush()
    assert invariants.broken(session) == []
    session.execute(delete(Refund))
    assert invariants.broken(session) == [f"booking {booking.id} is cancelled, and 9500 is held for it"]


def test_more_promised_than_is_held_is_named(session: Session, booking: Booking) -> None:
    service.cancel(session, booking.id, by=session.get_one(User, booking.runner_id))
    session.flush()
    (refund,) = session.scalars(select(Refund)).all()
    refund.amount, refund.from_held = 9600, 9600
    session.flush()
    assert invariants.broken(session) == [f"booking {booking.id} is cancelled, and -100 is held for it"]


def test_a_missed_one_holds_its_money_until_it_is_settled(session: Session, booking: Booking) -> None:
    begin(booking)
    coach = session.get_one(User, session.get_one(Coach, booking.coach_id).user_id)
    service.report_absence(session, booking.id, by=coach)
    session.flush()
    assert booking.status == "missed"
    assert invariants.broken(session) == []
    absence = queries.absence_of(session, booking.id)
    assert absence
    absence.status = type(absence.status)("counted")
    session.flush()
    assert invariants.broken(session) == [f"booking {booking.id} is missed, and 9500 is held for it"]
