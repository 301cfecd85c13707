"""Keeping coaches."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach
from marketplace.db import insert
from marketplace.errors import Conflict, NotFound
from marketplace.kept import queries
from marketplace.kept.models import Favourite, SavedSearch, ToldCoach
from marketplace.kept.policy import MOST_FAVOURITES


def keep(session: Session, user_id: UUID, slug: str) -> Coach:
    """Keep a coach; a second time changes nothing. Conflict `favourites-full` when so many are kept already."""
    coach = coaches.by_slug(session, slug)
    if not queries.is_shown(coach):
        raise NotFound("coach")
    if session.get(Favourite, (user_id, coach.id)) is None:
        if _count(session, user_id) >= MOST_FAVOURITES:
            raise Conflict("favourites-full", most=MOST_FAVOURITES, is_signed_in=True)
        _add(session, user_id, [coach.id])
    return coach


def keep_all(session: Session, user_id: UUID, slugs: Sequence[str]) -> None:
    """Keep those whom a browser kept before its person signed in, the first of them as the latest; as many as fit."""
    room = MOST_FAVOURITES - _count(session, user_id)
    found = [face.coach_id for face in queries.faces(session, slugs)]
    _add(session, user_id, found[: max(room, 0)])


def drop(session: Session, user_id: UUID, slug: str) -> Coach:
    """Keep her no longer; nothing happens when she was not kept."""
    coach = coaches.by_slug(session, slug)
    session.execute(delete(Favourite).where(col(Favourite.user_id) == user_id, col(Favourite.coach_id) == coach.id))
    return coach


def forget_person(session: Session, user_id: UUID) -> None:
    """Delete all that a person keeps: she leaves."""
    hers = select(col(SavedSearch.id)).where(col(SavedSearch.user_id) == user_id)
    session.execute(delete(ToldCoach).where(col(ToldCoach.search_id).in_(hers)))
    session.execute(delete(SavedSearch).where(col(SavedSearch.user_id) == user_id))
    session.execute(delete(Favourite).where(col(Favourite.user_id) == user_id))


def _count(session: Session, user_id: UUID) -> int:
    return session.scalar(select(func.count()).where(col(Favourite.user_id) == user_id)) or 0


def _add(session: Session, user_id: UUID, coach_ids: Iterable[UUID]) -> None:
    now = clock.now()
    for place, coach_id in enumerate(coach_ids):
        values = {"user_id": user_id, "coach_id": coach_id, "kept_at": now - timedelta(milliseconds=place)}
        session.execute(insert(session, Favourite).values(values).on_conflict_do_nothing())
