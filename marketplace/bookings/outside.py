"""Bookings in calendars that are kept elsewhere: written there, and fed to whoever subscribes."""

from datetime import timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import ics, mails, queries
from marketplace.bookings.models import Booking
from marketplace.calendars import service as calendars
from marketplace.web.languages import absolute_url, speaking

BEHIND = timedelta(days=60)
"""How far back a feed tells."""


def write(session: Session, booking_id: UUID) -> None:
    """Keep a visit in the calendar that its coach has chosen, in her language; a clip review has no time for one."""
    booking = session.get_one(Booking, booking_id)
    if booking.starts_at is None:
        return
    parties = queries.parties(session, booking)
    spoken = parties.coach_user.language
    url = absolute_url("bookings.show", in_language=spoken, booking_id=booking.id)
    with speaking(spoken):
        text = ics.kept(mails.entry(parties, url=url))
    calendars.write(session, booking.coach_id, booking.id, text)


def write_all(session: Session, coach_id: UUID) -> None:
    """Keep all visits to come of a coach in it."""
    for booking_id in queries.visits_ahead(session, coach_id, clock.now()):
        write(session, booking_id)


def feed(session: Session, owner: User) -> str:
    """A person's sessions as iCalendar text in her language; the same text as long as nothing changes."""
    with speaking(owner.language):
        entries = [
            mails.entry(
                queries.parties(session, booking),
                url=absolute_url("bookings.show", in_language=owner.language, booking_id=booking.id),
                reader=owner,
                stamped_at=changed_at,
            )
            for booking, changed_at in queries.in_feed(session, owner.id, clock.now() - BEHIND)
        ]
        return ics.feed(entries, _("Runsight sessions"))
