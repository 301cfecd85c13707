"""Tips, read."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

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
