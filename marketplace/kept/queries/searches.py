"""Saved searches, read."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from marketplace import db
from marketplace.accounts.models import User
from marketplace.errors import NotFound
from marketplace.kept.models import SavedSearch, ToldCoach
from marketplace.kept.policy import LOOKED_APART, TOLD_APART


def of_person(session: Session, user_id: UUID) -> list[SavedSearch]:
    """Her searches, the latest first; without those taken out."""
    hers = select(SavedSearch).where(col(SavedSearch.user_id) == user_id, col(SavedSearch.removed_at).is_(None))
    return list(session.scalars(hers.order_by(col(SavedSearch.created_at).desc(), col(SavedSearch.id).desc())))


def locked(session: Session, search_id: UUID, user_id: UUID | None = None) -> SavedSearch:
    """The search, those taken out too, locked for a change; NotFound `search` when it is not of that person."""
    one = select(SavedSearch).where(col(SavedSearch.id) == search_id)
    if user_id is not None:
        one = one.where(col(SavedSearch.user_id) == user_id)
    found: SavedSearch | None = db.locked(session, one)
    if found is None:
        raise NotFound("search")
    return found


def due(session: Session, now: datetime, limit: int) -> Sequence[UUID]:
    """Searches to be looked at now, as `policy.is_due` says, the longest waiting first; of verified people only."""
    waiting = select(col(SavedSearch.id)).join(User, col(User.id) == col(SavedSearch.user_id))
    waiting = waiting.where(col(SavedSearch.looked_at) <= now - LOOKED_APART)
    told = col(SavedSearch.told_at)
    waiting = waiting.where(or_(told.is_(None), told <= now - TOLD_APART))
    waiting = waiting.where(col(SavedSearch.paused_at).is_(None), col(SavedSearch.removed_at).is_(None))
    waiting = waiting.where(col(User.verified_at).is_not(None), col(User.closed_at).is_(None))
    return session.scalars(waiting.order_by(col(SavedSearch.looked_at), col(SavedSearch.id)).limit(limit)).all()


def told_of(session: Session, search_id: UUID, coach_ids: Iterable[UUID]) -> set[UUID]:
    """Those of these coaches of whom the search has told."""
    told = select(col(ToldCoach.coach_id)).where(col(ToldCoach.search_id) == search_id)
    return set(session.scalars(told.where(col(ToldCoach.coach_id).in_(list(coach_ids)))))
