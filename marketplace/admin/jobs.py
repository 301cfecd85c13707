"""News that staff are mailed."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace.admin import mails, service
from marketplace.jobs import enqueue, job, on
from marketplace.payments.models_back import Dispute


@on("complaint.opened")
def complained(session: Session, booking_id: UUID) -> None:
    """A complaint waits for a decision."""
    enqueue(session, "admin.tell_complaint", key=f"admin.tell_complaint:{booking_id}", booking_id=booking_id)


@on("booking.contested")
def contested(session: Session, booking_id: UUID, reason: str) -> None:
    """One says that the other did not come, and that one objects: it waits for a decision."""
    enqueue(session, "admin.tell_absence", key=f"admin.tell_absence:{booking_id}", booking_id=booking_id)


@on("dispute.opened")
def disputed(session: Session, dispute_id: str, order_id: UUID, is_over: bool) -> None:
    """A bank waits for an answer, or has taken a payment back without asking for one."""
    news = "dispute_over" if is_over else "dispute"
    enqueue(session, "admin.tell_dispute", key=f"admin.tell_dispute:{dispute_id}", dispute_id=dispute_id, news=news)


@on("dispute.recovered")
def recovered(session: Session, dispute_id: str, order_id: UUID) -> None:
    """What everybody had paid back is ours again, and to be settled by hand."""
    key = f"admin.tell_dispute:{dispute_id}:recovered"
    enqueue(session, "admin.tell_dispute", key=key, dispute_id=dispute_id, news="dispute_recovered")


@on("payment.rejected")
def paid_otherwise(session: Session, order_id: UUID) -> None:
    """What was charged is not what was agreed."""
    enqueue(session, "admin.tell_rejected", key=f"admin.tell_rejected:{order_id}", order_id=order_id)


@on("dispute.won")
@on("dispute.lost")
def dispute_decided(session: Session, dispute_id: str, **_facts: Any) -> None:
    """A bank has decided."""
    key = f"admin.tell_dispute_decided:{dispute_id}"
    enqueue(session, "admin.tell_dispute_decided", key=key, dispute_id=dispute_id)


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
def tell_dispute(session: Session, dispute_id: str, news: str = "dispute") -> None:
    """Mail staff `news` of a dispute."""
    mails.tell_staff(session, news, dispute_id, "admin.dispute", dispute_id=dispute_id)


@job("admin.tell_rejected")
def tell_rejected(session: Session, order_id: str) -> None:
    """Mail staff of a charge that was not what was agreed."""
    mails.tell_staff(session, "rejected", order_id, "admin.order", order_id=UUID(order_id))


@job("admin.tell_dispute_decided")
def tell_dispute_decided(session: Session, dispute_id: str) -> None:
    """Mail staff how a dispute has ended."""
    news = f"dispute_{session.get_one(Dispute, dispute_id).status.value}"
    mails.tell_staff(session, news, dispute_id, "admin.dispute", dispute_id=dispute_id)


@job("admin.tell_money")
def tell_money(session: Session, row_id: str) -> None:
    """Mail staff of money that did not move, once; what waits for them shows whether it still does not."""
    mails.tell_staff(session, "money", row_id, "admin.home")
