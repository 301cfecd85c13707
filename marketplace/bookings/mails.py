"""Mails about a booking, each in its reader's language and time zone, with the visit for her calendar."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import add_links, ics, queries
from marketplace.bookings.models import Booking, Proposal
from marketplace.bookings.queries import Parties
from marketplace.bookings.states import BookingStatus
from marketplace.bookings.wording import terms_line
from marketplace.mail import Attachment
from marketplace.money import Money
from marketplace.scheduling import queries as calendars
from marketplace.scheduling.walltime import instant_of, minute_of
from marketplace.settings import Settings
from marketplace.web.languages import absolute_url, speaking
from marketplace.web.mails import mail_to

OTHER_TIMES = 3
MAILED_LINKS = 2  # the page has all; a mail shows these long addresses as they are
RUNNER_ONLY = {"given-back", "freed"}
NO_ENTRY = {"given-back", "freed"}
"""News of what is in nobody's calendar."""
TOGETHER = {"confirmed", "given-back"}
"""News of all that was held together."""


def tell(session: Session, booking_id: UUID, news: str, **facts: Any) -> None:
    """Mail `news` (confirmed, cancelled, rescheduled, given-back, freed) of a booking to runner and coach."""
    booking = session.get_one(Booking, booking_id)
    parties = queries.parties(session, booking)
    refund = Money(int(facts.pop("refund", 0)), booking.currency)
    other_times = [] if facts.get("gave_up") else _other_times(session, parties, news)
    together = queries.together(session, booking) if news in TOGETHER else [booking]
    total = Money(sum(each.price for each in together), booking.currency)
    context = facts | {"refund": refund, "parties": parties, "other_times": other_times}
    context |= {"together": together, "total": total}
    _send(session, parties, parties.runner, "runner", news, context)
    if news not in RUNNER_ONLY:
        _send(session, parties, parties.coach_user, "coach", news, context)


def tell_proposal(session: Session, proposal_id: UUID, news: str) -> None:
    """Mail `news` (proposed, declined, withdrawn) of a proposal to both sides."""
    proposal = session.get_one(Proposal, proposal_id)
    booking = session.get_one(Booking, proposal.booking_id)
    parties = queries.parties(session, booking)
    for reader, part, other in parties.sides:
        mail_to(
            session,
            reader,
            f"bookings/mail/{news}.txt",
            key=f"bookings:proposal:{proposal.id}:{news}:{part.value}",
            url=absolute_url("bookings.proposal", in_language=reader.language, booking_id=booking.id),
            booking=booking,
            parties=parties,
            proposal=proposal,
            mine=part is proposal.by,
            other=other,
        )


def entry(parties: Parties, *, url: str, reader: User | None = None, stamped_at: datetime | None = None) -> ics.Entry:
    """The visit for a calendar, worded in the language being spoken; the address and link only once confirmed.

    The runner, as `reader`, finds in it what cancelling gives back, in her zone.
    `stamped_at`: when it was last changed, for what is to be the same text as long as nothing changes; else now.
    """
    booking, offer = parties.booking, parties.offer
    assert booking.starts_at and booking.ends_at  # noqa: S101  (a clip review has no entry)
    where = offer.exact_address or offer.meeting_point if booking.is_confirmed else offer.meeting_point
    link = offer.call_link if booking.is_confirmed else ""
    lines = [
        parties.coach.name,
        link and _("Call: %(link)s", link=link),
        offer.bad_weather,
        _terms(booking, reader),
        url,
    ]
    return ics.Entry(
        booking_id=booking.id,
        host=urlsplit(settings().base_url).hostname or "localhost",
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        summary=f"{booking.title}: {parties.coach.name} · {parties.runner.name}",
        location=where or link,
        description="\n".join(line for line in lines if line),
        url=url,
        sequence=booking.calendar_sequence,
        stamped_at=stamped_at or clock.now(),
        cancelled=booking.status == BookingStatus.CANCELLED,
    )


def calendar_links(entry: ics.Entry) -> list[tuple[str, str]]:
    """Whose calendar, and the link that opens it with this visit filled in."""
    work = add_links.outlook(entry, add_links.MICROSOFT_365)
    return [("Google", add_links.google(entry)), ("Outlook", add_links.outlook(entry)), ("Microsoft 365", work)]


def settings() -> Settings:
    """The settings of the running site."""
    found: Settings = current_app.extensions["settings"]
    return found


def _terms(booking: Booking, reader: User | None) -> str:
    """As they stood when it was booked, so that the text stays the same as long as nothing changes."""
    if reader is None or reader.id != booking.runner_id or not booking.is_confirmed or booking.confirmed_at is None:
        return ""
    return terms_line(booking.terms, booking.cost, booking.confirmed_at, reader.timezone)


def _send(session: Session, parties: Parties, reader: User, part: str, news: str, context: dict[str, Any]) -> None:
    booking, together = parties.booking, context["together"]
    is_new = news == "confirmed" and len(together) == 1
    page = "bookings.payment" if news == "freed" else "bookings.show"
    url = absolute_url(page, in_language=reader.language, booking_id=booking.id)
    with speaking(reader.language):
        attachments = [] if news in NO_ENTRY else _invitations(parties, reader, together)
        links = calendar_links(entry(parties, url=url))[:MAILED_LINKS] if booking.starts_at and is_new else []
    mail_to(
        session,
        reader,
        f"bookings/mail/{news.replace('-', '_')}_{part}.txt",
        key=f"bookings:{booking.id}:{news}:{booking.calendar_sequence}:{part}",
        attachments=attachments,
        url=url,
        booking=booking,
        calendar_links=links,
        **context,
    )


def _invitations(parties: Parties, reader: User, bookings: Sequence[Booking]) -> list[Attachment]:
    """One file for each visit: a calendar takes one entry from a file that invites."""
    visits = [replace(parties, booking=each) for each in bookings if each.starts_at]
    numbers = [""] if len(visits) == 1 else [f"-{number}" for number in range(1, len(visits) + 1)]
    return [_invitation(visit, reader, f"runsight{number}.ics") for visit, number in zip(visits, numbers, strict=True)]


def _invitation(parties: Parties, reader: User, file: str) -> Attachment:
    name, address = parseaddr(settings().mail_from)
    url = absolute_url("bookings.show", in_language=reader.language, booking_id=parties.booking.id)
    organizer, attendee = ics.Person(name or "Runsight", address), ics.Person(reader.name, reader.email)
    method, text = ics.invitation(entry(parties, url=url, reader=reader), organizer, attendee)
    return Attachment(name=file, type=f"text/calendar; method={method}", text=text)


def _other_times(session: Session, parties: Parties, news: str) -> list[Any]:
    """The next openings of the same offer, for a runner whose time is gone."""
    if news != "given-back" or parties.booking.starts_at is None:
        return []
    now = clock.now()
    between = now, instant_of(minute_of(now) + 14 * 1440)
    return [each.starts_at for each in calendars.openings(session, parties.offer, between=between, now=now)][
        :OTHER_TIMES
    ]
