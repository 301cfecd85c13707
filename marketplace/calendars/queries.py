"""Calendars kept elsewhere, read."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from marketplace.calendars.models import Account, Entry, Feed, Source
from marketplace.errors import NotFound
from marketplace.scheduling.models import Busy


def sources(session: Session, coach_id: UUID) -> Sequence[Source]:
    """A coach's calendars elsewhere, by their names."""
    return session.scalars(
        select(Source).where(col(Source.coach_id) == coach_id).order_by(col(Source.name), col(Source.id))
    ).all()


def accounts(session: Session, coach_id: UUID) -> Sequence[Account]:
    """Her accounts, in the order in which she added them."""
    return session.scalars(select(Account).where(col(Account.coach_id) == coach_id).order_by(col(Account.id))).all()


def source(session: Session, source_id: UUID, coach_id: UUID) -> Source:
    """One of hers; NotFound."""
    found = session.get(Source, source_id)
    if found is None or found.coach_id != coach_id:
        raise NotFound("calendar-source")
    return found


def account(session: Session, account_id: UUID, coach_id: UUID) -> Account:
    """One of hers; NotFound."""
    found = session.get(Account, account_id)
    if found is None or found.coach_id != coach_id:
        raise NotFound("calendar-account")
    return found


def written_to(session: Session, coach_id: UUID) -> Source | None:
    """The calendar that her sessions are written into, if she has chosen one."""
    hers = select(Source).where(col(Source.coach_id) == coach_id, col(Source.writes))
    return session.scalars(hers).one_or_none()


def due(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Calendars that are to be read, the longest due first."""
    ready = select(col(Source.id)).where(col(Source.blocks), col(Source.due_at) <= now)
    return session.scalars(ready.order_by(col(Source.due_at)).limit(limit)).all()


def stale(session: Session, coach_id: UUID, before: datetime) -> Sequence[UUID]:
    """Her calendars that nobody has tried to read since then."""
    hers = select(col(Source.id)).where(col(Source.coach_id) == coach_id, col(Source.blocks))
    return session.scalars(hers.where(or_(col(Source.tried_at).is_(None), col(Source.tried_at) < before))).all()


def blocking(session: Session, coach_id: UUID, now: datetime) -> dict[UUID, int]:
    """How many times to come each of her calendars blocks."""
    ahead = select(col(Busy.source_id), func.count()).where(col(Busy.coach_id) == coach_id, col(Busy.ends_at) > now)
    return {row[0]: row[1] for row in session.execute(ahead.group_by(col(Busy.source_id)))}


def is_busy(session: Session, coach_id: UUID, starts_at: datetime, ends_at: datetime) -> bool:
    """Whether a calendar elsewhere takes some of that time, as last known."""
    taken = select(col(Busy.id)).where(col(Busy.coach_id) == coach_id)
    return (
        session.execute(taken.where(col(Busy.starts_at) < ends_at, col(Busy.ends_at) > starts_at)).first() is not None
    )


def unsent(session: Session, before: datetime, limit: int) -> Sequence[Entry]:
    """Entries whose last change has not reached their calendar, though it was made before then."""
    late = select(Entry).where(col(Entry.sent) < col(Entry.version), col(Entry.changed_at) < before)
    return session.scalars(late.order_by(col(Entry.changed_at)).limit(limit)).all()


def write_trouble(session: Session, coach_id: UUID) -> str | None:
    """What keeps a session from being written into her calendar now, if anything."""
    hers = select(col(Entry.trouble)).join(Source, col(Source.id) == col(Entry.source_id))
    hers = hers.where(col(Source.coach_id) == coach_id, col(Entry.sent) < col(Entry.version))
    return session.scalars(hers.where(col(Entry.trouble).is_not(None)).limit(1)).first()


def feed(session: Session, user_id: UUID) -> Feed | None:
    """A person's feed, if she has made one."""
    return session.get(Feed, user_id)


def recently(now: datetime, instant: datetime | None) -> bool:
    """Whether that was within the last day."""
    return instant is not None and now - instant < timedelta(days=1)
