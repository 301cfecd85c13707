"""When what a receipt names happens: a visit starts then, the answer to a clip was sent then. Instants."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.packages.models import Credit

STANDING = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.MISSED)


def days_of(session: Session, booking_ids: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """Of each booking; none for a clip that waits for its answer."""
    at = func.coalesce(col(Booking.starts_at), col(Booking.ended_at))
    rows = session.execute(select(col(Booking.id), at).where(col(Booking.id).in_(booking_ids), at.is_not(None)))
    return {row[0]: [row[1]] for row in rows}


def days_of_packages(session: Session, package_ids: Sequence[UUID]) -> dict[UUID, list[datetime]]:
    """Of the visits of each package that are used, in order."""
    at = func.coalesce(col(Booking.starts_at), col(Booking.ended_at))
    rows = select(col(Credit.package_id), at).join(Booking, col(Booking.id) == col(Credit.booking_id))
    rows = rows.where(col(Credit.package_id).in_(package_ids), col(Booking.status).in_(STANDING), at.is_not(None))
    found: dict[UUID, list[datetime]] = {}
    for package_id, used_at in session.execute(rows.order_by(at)):
        found.setdefault(package_id, []).append(used_at)
    return found
