"""News that staff are mailed."""

from uuid import UUID

from sqlmodel import Session

from marketplace.admin import mails, service
from marketplace.jobs import enqueue, job, on


@on("complaint.opened")
def complained(session: Session, booking_id: UUID) -> None:
    """A complaint waits for a decision."""
    enqueue(session, "admin.tell_complaint", key=f"admin.tell_complaint:{booking_id}", booking_id=booking_id)


@on("booking.contested")
def contested(session: Session, booking_id: UUID, reason: str) -> None:
    """One says that the other did not come, and that one objects: it waits for a decision."""
    enqueue(session, "admin.tell_absence", key=f"admin.tell_absence:{booking_id}", booking_id=booking_id)


@on("dispute.opened")
def disputed(session: Session, dispute_id: str, order_id: UUID) -> None:
    """A bank waits for an answer."""
    enqueue(session, "admin.tell_dispute", key=f"admin.tell_dispute:{dispute_id}", dispute_id=dispute_id)


@on("refund.failed")
def refund_failed(session: Session, refund_id: UUID) -> None:
    """Money did not go back."""
    enqueue(session, "admin.tell_money", key=f"admin.tell_money:{refund_id}", row_id=refund_id)


@on("reversal.failed")
def reversal_failed(session: Session, reversal_id: UUID) -> None:
    """Money did not come back from a coach."""
    enqueue(session, "admin.tell_money", key=f"admin.tell_money:{reversal_id}", row_id=reversal_id)


@job("admin.check_books", transactional=False)
def check_books() -> None:
    """Look through the books, once a day."""
    service.check_books()


@job("admin.tell_books")
def tell_books(session: Session, check_id: str) -> None:
    """Mail staff that something in the books is wrong."""
    mails.tell_staff(session, "books", check_id, "admin.books")


@job("admin.tell_complaint")
def tell_complaint(session: Session, booking_id: str) -> None:
    """Mail staff of a complaint."""
    mails.tell_staff(session, "complaint", booking_id, "admin.complaint", booking_id=UUID(booking_id))


@job("admin.tell_absence")
def tell_absence(session: Session, booking_id: str) -> None:
    """Mail staff of two who say different things about who came."""
    mails.tell_staff(session, "absence", booking_id, "bookings.show", booking_id=UUID(booking_id))


@job("admin.tell_dispute")
def tell_dispute(session: Session, dispute_id: str) -> None:
    """Mail staff of a dispute."""
    mails.tell_staff(session, "dispute", dispute_id, "admin.dispute", dispute_id=dispute_id)


@job("admin.tell_money")
def tell_money(session: Session, row_id: str) -> None:
    """Mail staff of money that did not move, once; what waits for them shows whether it still does not."""
    mails.tell_staff(session, "money", row_id, "admin.home")
