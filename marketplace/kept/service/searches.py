"""Saving a search, and what its owner does with it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.db import insert, locked, new_id
from marketplace.errors import Conflict
from marketplace.kept import queries
from marketplace.kept.models import MOST_NAME, SavedSearch, ToldCoach
from marketplace.kept.policy import MOST_SEARCHES, UNDO_LASTS


def save(session: Session, user_id: UUID, *, address: str, name: str) -> SavedSearch:
    """Save a search (its address as `addresses.address_of` writes it); one saved before is as it was, and tells again.

    Conflict `searches-full` when she has so many already.
    """
    now = clock.now()
    known = select(SavedSearch).where(col(SavedSearch.user_id) == user_id, col(SavedSearch.address) == address)
    found: SavedSearch | None = locked(session, known)
    if found is not None and found.tells:
        return found
    if (found is None or found.removed_at) and len(queries.of_person(session, user_id)) >= MOST_SEARCHES:
        raise Conflict("searches-full", most=MOST_SEARCHES)
    if found is None:
        values = {"id": new_id(), "user_id": user_id, "address": address, "name": name[:MOST_NAME], "created_at": now}
        values |= {"since_at": now, "looked_at": now}
        session.execute(insert(session, SavedSearch).values(values).on_conflict_do_nothing())
        found = locked(session, known)
    assert found is not None  # noqa: S101  (it was there, or has just been put there)
    found.removed_at = None
    return _tell_again(found, now)


def rename(session: Session, search_id: UUID, *, by: UUID, name: str) -> SavedSearch:
    """Call it something else."""
    search = queries.locked(session, search_id, by)
    search.name = name[:MOST_NAME]
    return search


def pause(session: Session, search_id: UUID, *, by: UUID | None) -> SavedSearch:
    """No mails for now. `by` is None for whoever holds the link of one of its mails."""
    search = queries.locked(session, search_id, by)
    search.paused_at = search.paused_at or clock.now()
    return search


def resume(session: Session, search_id: UUID, *, by: UUID) -> SavedSearch:
    """Mails again, of coaches who come from now on."""
    return _tell_again(queries.locked(session, search_id, by), clock.now())


def remove(session: Session, search_id: UUID, *, by: UUID) -> SavedSearch:
    """Take it out; for a day it can be brought back."""
    search = queries.locked(session, search_id, by)
    search.removed_at = search.removed_at or clock.now()
    return search


def restore(session: Session, search_id: UUID, *, by: UUID) -> SavedSearch:
    """Bring it back as it was; Conflict `searches-full` when others have taken its place."""
    search = queries.locked(session, search_id, by)
    if search.removed_at and len(queries.of_person(session, by)) >= MOST_SEARCHES:
        raise Conflict("searches-full", most=MOST_SEARCHES)
    search.removed_at = None
    return search


def forget_removed(session: Session, now: datetime) -> None:
    """Delete for good what was taken out a day ago."""
    gone = select(col(SavedSearch.id)).where(col(SavedSearch.removed_at) < now - UNDO_LASTS)
    session.execute(delete(ToldCoach).where(col(ToldCoach.search_id).in_(gone)))
    session.execute(delete(SavedSearch).where(col(SavedSearch.removed_at) < now - UNDO_LASTS))


def _tell_again(search: SavedSearch, now: datetime) -> SavedSearch:
    if search.paused_at is not None:
        search.since_at = search.looked_at = now
    search.paused_at = None
    return search
