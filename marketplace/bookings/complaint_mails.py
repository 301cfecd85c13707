"""Mails about a complaint, to both sides."""

from uuid import UUID

from sqlmodel import Session

from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.money import Money
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to


def tell_complaint(session: Session, booking_id: UUID, news: str, stamp: str) -> None:
    """Mail `news` (opened, answered, withdrawn, decided) of a complaint to both sides."""
    booking, complaint = session.get_one(Booking, booking_id), queries.complaint_of(session, booking_id)
    assert complaint is not None  # noqa: S101  (there is news of it)
    parties = queries.parties(session, booking)
    for reader, part, _other in parties.sides:
        mail_to(
            session,
            reader,
            f"bookings/mail/complaint_{news}.txt",
            key=f"bookings:complaint:{complaint.id}:{news}{stamp}:{part.value}",
            url=absolute_url("bookings.complaint", in_language=reader.language, booking_id=booking_id),
            booking=booking,
            parties=parties,
            complaint=complaint,
            part=part.value,
            refund=Money(complaint.refund, booking.currency),
        )
