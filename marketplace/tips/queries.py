"""Tips, read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.bookings import queries as bookings
from marketplace.db import locked
from marketplace.tips.models import Tip
from marketplace.tips.states import TipStatus


def of_booking(session: Session, booking_id: UUID) -> Tip | None:
    """The tip of a booking that is paid, or waits to be."""
    found = select(Tip).where(col(Tip.booking_id) == booking_id, col(Tip.status) != TipStatus.UNPAID)
    return session.execute(found).scalar_one_or_none()


def of_order(session: Session, order_id: UUID) -> Tip | None:
    """The tip that an order pays, locked."""
    found: Tip | None = locked(session, select(Tip).where(col(Tip.order_id) == order_id))
    return found


def days_of(session: Session, tip_ids: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """When the sessions happened that tips thank for, by the tip."""
    thanked = {
        row[0]: row[1]
        for row in session.execute(select(col(Tip.id), col(Tip.booking_id)).where(col(Tip.id).in_(tip_ids)))
    }
    days = bookings.days_of(session, list(thanked.values()))
    return {tip_id: days[booking_id] for tip_id, booking_id in thanked.items() if booking_id in days}
