"""A clip review that is late beyond its promise: the runner is offered all of her money, unasked and once."""

from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import queries
from marketplace.bookings.service.reminding import enqueue_each
from marketplace.bookings.states import Actor
from marketplace.db import transaction


def tell_late_due() -> None:
    """Ask for a job for every review that has become late. Uses transactions of its own."""
    with transaction(write=False) as session:
        late = queries.late_untold(session, clock.now())
    enqueue_each("bookings.tell_late", [(id_, due_at.isoformat()) for id_, due_at in late])


def tell_late(session: Session, booking_id: UUID) -> bool:
    """Note in the history that she is offered her money now; False when that is not owed: answered meanwhile, told."""
    now = clock.now()
    booking = queries.locked(session, booking_id)
    told = [event.at for event in queries.history(session, booking_id) if event.move == "tell-late"]
    is_told = booking.due_at is not None and any(at >= booking.due_at for at in told)
    if not booking.is_confirmed or not booking.terms.is_late(now) or is_told:
        return False
    booking.make("tell-late", by=Actor.SYSTEM, at=now)
    return True
