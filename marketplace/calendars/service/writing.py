"""Writing sessions into the calendar that a coach has chosen: a row in the transaction that has news, then a job.

Nothing here can keep a booking from being made. The job tries again until the calendar takes the newest version.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urljoin
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from marketplace import clock, db
from marketplace.calendars import dav, queries
from marketplace.calendars.models import Account, Entry, Source
from marketplace.calendars.outgoing import Way
from marketplace.calendars.service.refreshing import access
from marketplace.calendars.trouble import Trouble
from marketplace.db import transaction
from marketplace.jobs import enqueue
from marketplace.settings import Settings

GIVEN_UP = timedelta(hours=7)
"""After which a job has stopped trying by itself; a recurring one asks for another."""

ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Sending:
    """One version of an entry on its way."""

    url: str
    way: Way
    text: str
    wanted: bool
    version: int


def write(session: Session, coach_id: UUID, holder_id: UUID, text: str) -> None:
    """Keep this iCalendar object in the coach's calendar, new or anew; nothing where she has chosen none."""
    source = queries.written_to(session, coach_id)
    if source is None:
        return
    entry = _locked(session, source.id, holder_id)
    if entry is None:
        entry = Entry(source_id=source.id, holder_id=holder_id, text=text, changed_at=clock.now())
        session.add(entry)
    else:
        entry.text, entry.wanted, entry.version = text, True, entry.version + 1
    _send_soon(session, entry)


def take_out(session: Session, holder_id: UUID) -> None:
    """Take a session out of the calendars that it was written into."""
    for entry in session.scalars(select(Entry).where(col(Entry.holder_id) == holder_id)).all():
        _take_out(session, entry)


def take_out_all(session: Session, source: Source) -> None:
    """Take all of our sessions out of a calendar."""
    for entry in session.scalars(select(Entry).where(col(Entry.source_id) == source.id)).all():
        _take_out(session, entry)


def send(source_id: UUID, holder_id: UUID, settings: Settings) -> None:
    """Bring the calendar to the newest version of an entry. Its own transactions; raises Trouble, to be tried again.

    What was changed while it was on its way is sent once more, so that the last word there is the last word here,
    whichever of two jobs comes last.
    """
    for _ in range(ROUNDS):
        try:
            sending = _sending(source_id, holder_id, settings)
            if sending is None:
                return
            if sending.wanted:
                dav.put(sending.url, sending.text, sending.way)
            else:
                dav.delete(sending.url, sending.way)
        except Trouble as trouble:
            _note(source_id, holder_id, trouble.kind)
            raise
        if _sent(source_id, holder_id, sending):
            return


def send_again(session: Session) -> None:
    """Ask again for what no job tries any more."""
    now = clock.now()
    for entry in queries.unsent(session, now - GIVEN_UP, 200):
        entry.changed_at = now
        _enqueue(session, entry)


def forget_sent(session: Session) -> None:
    """Keep no text, with whom a coach meets, that arrived so long ago that no job is still on its way with another."""
    arrived = (col(Entry.sent) == col(Entry.version), col(Entry.changed_at) < clock.now() - GIVEN_UP)
    session.execute(update(Entry).where(*arrived, col(Entry.text) != "").values(text=""))


def _take_out(session: Session, entry: Entry) -> None:
    if entry.wanted:
        entry.text, entry.wanted, entry.version = "", False, entry.version + 1
        _send_soon(session, entry)


def _send_soon(session: Session, entry: Entry) -> None:
    entry.changed_at = clock.now()
    session.flush()
    _enqueue(session, entry)


def _enqueue(session: Session, entry: Entry) -> None:
    enqueue(session, "calendars.send", source_id=entry.source_id, holder_id=entry.holder_id)


def _sending(source_id: UUID, holder_id: UUID, settings: Settings) -> Sending | None:
    with transaction(write=False) as session:
        entry = session.get(Entry, (source_id, holder_id))
        if entry is None or entry.sent == entry.version:
            return None
        source = session.get_one(Source, source_id)
        account = session.get(Account, source.account_id) if source.account_id else None
        url, way = access(source, account, settings)
        address = urljoin(f"{url.rstrip('/')}/", f"{holder_id}.ics")
        return Sending(address, way, entry.text, entry.wanted, entry.version)


def _sent(source_id: UUID, holder_id: UUID, sending: Sending) -> bool:
    """Note what has arrived; whether that is still the newest. If not, whatever is there is to be sent over."""
    with transaction() as session:
        entry = _locked(session, source_id, holder_id)
        if entry is None:
            return True
        is_newest = entry.version == sending.version
        entry.sent, entry.trouble = (entry.version if is_newest else 0), None
        return is_newest


def _note(source_id: UUID, holder_id: UUID, trouble: str) -> None:
    with transaction() as session:
        if entry := _locked(session, source_id, holder_id):
            entry.trouble = trouble


def _locked(session: Session, source_id: UUID, holder_id: UUID) -> Entry | None:
    hers = select(Entry).where(col(Entry.source_id) == source_id, col(Entry.holder_id) == holder_id)
    found: Entry | None = db.locked(session, hers)
    return found
