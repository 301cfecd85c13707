"""Mails about clips: to the runner who has not sent hers, to the coach who can begin."""

from uuid import UUID

from sqlmodel import Session

from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.reminder_mails import settings_url
from marketplace.knowledge import catalogue
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to

HOURS_AHEAD = 24
"""A reminder for a clip comes a day ahead or more."""


def ask(session: Session, booking_id: UUID) -> None:
    """Ask a runner, if she wants reminders, for her clip; with how to film it."""
    parties = bookings.parties(session, session.get_one(Booking, booking_id))
    reader, booking = parties.runner, parties.booking
    if not reader.reminders.wants(HOURS_AHEAD):
        return
    send_url = absolute_url("clips.attach", in_language=reader.language, booking_id=booking.id)
    mail_to(
        session,
        reader,
        "clips/mail/wanted.txt",
        booking=booking,
        parties=parties,
        rules=[rule.in_language(reader.language) for rule in catalogue.filming().rules],
        send_url=send_url,
        guide_url=_guide_url(booking, reader.language) or f"{send_url}#filming",
        settings_url=settings_url(reader),
    )


def arrived(session: Session, booking_id: UUID) -> None:
    """Tell the coach of a clip review that its clip is there."""
    parties = bookings.parties(session, session.get_one(Booking, booking_id))
    booking, coach = parties.booking, parties.coach_user
    url = absolute_url("analysis.of_booking", in_language=coach.language, booking_id=booking.id)
    key = f"clips:{booking.id}:arrived"
    mail_to(session, coach, "clips/mail/arrived.txt", key=key, booking=booking, runner=parties.runner, url=url)


def _guide_url(booking: Booking, language: str) -> str | None:
    """The page that shows, with pictures, how to film the first issue she named."""
    named = next((issue for issue in booking.issues if issue in catalogue.issue_ids()), None)
    return named and absolute_url("guides.issue", in_language=language, issue_id=named) + "#filming"
