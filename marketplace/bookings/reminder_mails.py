"""Mails that remind of a visit, each in its reader's language and time zone, to those who want them."""

from collections.abc import Callable
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.policy import check_reschedule, may, refund_percent
from marketplace.bookings.queries import Parties
from marketplace.bookings.states import Actor
from marketplace.coaches.cancelling import NOTHING
from marketplace.knowledge import catalogue
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to


def remind(session: Session, booking_id: UUID, hours: int) -> None:
    """Remind runner and coach, so many hours ahead. The coach of a group gets one mail that names all who come."""
    parties = queries.parties(session, session.get_one(Booking, booking_id))
    _remind_runner(session, parties, hours)
    _remind_coach(session, parties, hours)


def tell_late(session: Session, booking_id: UUID) -> None:
    """Offer the runner of a late clip review all of her money, and tell its coach."""
    booking = session.get_one(Booking, booking_id)
    parties = queries.parties(session, booking)
    due_at = booking.due_at.isoformat() if booking.due_at else ""
    for reader, part in ((parties.runner, "runner"), (parties.coach_user, "coach")):
        mail_to(
            session,
            reader,
            f"bookings/mail/late_{part}.txt",
            key=f"bookings:{booking_id}:late:{due_at}:{part}",
            parties=parties,
            booking=booking,
            url=_url("bookings.show", reader)(booking),
        )


def settings_url(reader: User) -> str:
    """Where she chooses which reminders she gets."""
    return absolute_url("accounts.account", in_language=reader.language) + "#reminders"


def _remind_runner(session: Session, parties: Parties, hours: int) -> None:
    reader, booking, now = parties.runner, parties.booking, clock.now()
    if not reader.reminders.wants(hours):
        return
    mail_to(
        session,
        reader,
        "bookings/mail/reminder_runner.txt",
        key=_key(booking.id, booking, hours, "runner"),
        parties=parties,
        booking=booking,
        hours=hours,
        may_move=may(check_reschedule, booking.terms, by=Actor.RUNNER, now=now),
        some_back=refund_percent(booking.terms, by=Actor.RUNNER, now=now) > NOTHING,
        now=now,
        settings_url=settings_url(reader),
        url=_url("bookings.show", reader)(booking),
        move_url=_url("bookings.other_times", reader)(booking),
        clip_url=_url("clips.attach", reader)(booking),
    )


def _remind_coach(session: Session, parties: Parties, hours: int) -> None:
    reader, booking = parties.coach_user, parties.booking
    if not reader.reminders.wants(hours):
        return
    mail_to(
        session,
        reader,
        "bookings/mail/reminder_coach.txt",
        key=_key(booking.visit_id, booking, hours, "coach"),
        parties=parties,
        booking=booking,
        hours=hours,
        coming=queries.sharing(session, booking),
        issues_of=lambda each: [
            catalogue.issue(id_).name.in_language(reader.language)
            for id_ in each.issues
            if id_ in catalogue.issue_ids()
        ],
        url_of=_url("bookings.show", reader),
        settings_url=settings_url(reader),
    )


def _key(of: UUID | None, booking: Booking, hours: int, part: str) -> str:
    at = booking.starts_at.isoformat() if booking.starts_at else ""
    return f"bookings:{of}:remind:{at}:{hours}:{part}"


def _url(page: str, reader: User) -> Callable[[Booking], str]:
    return lambda booking: absolute_url(page, in_language=reader.language, booking_id=booking.id)
