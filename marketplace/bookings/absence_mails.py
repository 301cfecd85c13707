"""Mails about a report that one side did not come, each in its reader's language and time zone."""

from uuid import UUID

from sqlmodel import Session

from marketplace.bookings import queries
from marketplace.bookings.absence_models import Absence
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.money import Money
from marketplace.packages import queries as packages
from marketplace.payments import service as payments
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to


def tell(session: Session, absence_id: UUID, news: str) -> None:
    """Mail `news` (reported, contested, settled) of a report to both sides."""
    absence = session.get_one(Absence, absence_id)
    booking = session.get_one(Booking, absence.booking_id)
    parties = queries.parties(session, booking)
    absent = parties.coach.name if absence.absent is Actor.COACH else parties.runner.name
    back = Money(payments.refunded_for(session, booking.id), booking.currency)
    visit_is_back = booking.credit_id is not None and not back and packages.credit_of(session, booking.id) is None
    for reader, part, other in parties.sides:
        mail_to(
            session,
            reader,
            f"bookings/mail/absence_{news}.txt",
            key=f"bookings:absence:{absence.id}:{news}:{part.value}",
            url=absolute_url("bookings.show", in_language=reader.language, booking_id=booking.id),
            booking=booking,
            absence=absence,
            absent=absent,
            other=other,
            is_absent=part is absence.absent,
            part=part.value,
            back=back,
            visit_is_back=visit_is_back,
        )
