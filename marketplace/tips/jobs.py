"""What happens to tips by itself: they are paid or not, and the coach is told."""

from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.jobs import job, on
from marketplace.payments import receipt_queries as receipts
from marketplace.tips import queries, service
from marketplace.tips.models import Tip
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to

receipts.days("tip")(queries.days_of)


@on("payment.succeeded")
def paid(session: Session, order_id: UUID) -> None:
    """A tip is the coach's in the transaction that knows of its payment."""
    service.take_paid(session, order_id)


@on("payment.expired")
@on("payment.rejected")
def unpaid(session: Session, order_id: UUID) -> None:
    """A tip that will not be paid, or was paid otherwise than agreed, is none."""
    service.lapse(session, order_id)


@job("tips.tell")
def tell(session: Session, tip_id: str) -> None:
    """Mail the coach, and the runner her receipt."""
    tip = session.get_one(Tip, UUID(tip_id))
    parties = bookings.parties(session, session.get_one(Booking, tip.booking_id))
    _mail(session, tip, parties, parties.coach_user, "given_coach", "desk.earnings")
    _mail(session, tip, parties, parties.runner, "given_runner", "bookings.show", booking_id=tip.booking_id)


def _mail(
    session: Session, tip: Tip, parties: bookings.Parties, reader: User, template: str, page: str, **where: UUID
) -> None:
    url = absolute_url(page, in_language=reader.language, **where)
    key = f"tips:{tip.id}:{template}"
    mail_to(session, reader, f"tips/mail/{template}.txt", key=key, tip=tip, parties=parties, url=url)
