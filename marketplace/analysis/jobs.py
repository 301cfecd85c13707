"""What analyses do by themselves: tell the runner that hers is there."""

from uuid import UUID

from sqlmodel import Session

from marketplace.analysis.models import Analysis
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.jobs import job
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to


@job("analysis.mail_delivered")
def mail_delivered(session: Session, analysis_id: str) -> None:
    """Mail the runner the way to her report."""
    analysis = session.get_one(Analysis, UUID(analysis_id))
    parties = bookings.parties(session, session.get_one(Booking, analysis.booking_id))
    runner = parties.runner
    url = absolute_url("analysis.show", in_language=runner.language, analysis_id=analysis.id)
    mail_to(
        session,
        runner,
        "analysis/mail/delivered.txt",
        key=f"analysis:{analysis.id}:delivered",
        coach=parties.coach,
        booking=parties.booking,
        url=url,
    )
