"""The pages that a sitemap tells of, read in order of their keys, some at a time."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.coaches.models import Coach
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries import towns
from marketplace.places.models import CITY, Place
from marketplace.places.names import address
from marketplace.places.queries import meant_by_address
from marketplace.ratings.models import Rating

Address = dict[str, str]


def count_coaches(session: Session) -> int:
    """How many coaches are listed."""
    return session.scalar(select(func.count()).select_from(CoachSearch)) or 0


def count_towns(session: Session) -> int:
    """How many towns the gazetteer has, with coaches or without."""
    return session.scalar(select(func.count()).select_from(Place).where(col(Place.kind) == CITY)) or 0


def coach_before(session: Session, offset: int) -> UUID | None:
    """The listed coach after whom the one number `offset` comes (counted from 0, by id); None before the first."""
    ids = select(col(CoachSearch.coach_id)).order_by(col(CoachSearch.coach_id))
    return session.scalar(ids.offset(offset - 1).limit(1)) if offset else None


def town_before(session: Session, offset: int) -> int | None:
    """The same for towns."""
    ids = select(col(Place.id)).where(col(Place.kind) == CITY).order_by(col(Place.id))
    return session.scalar(ids.offset(offset - 1).limit(1)) if offset else None


def coaches_after(session: Session, after: UUID | None, limit: int) -> tuple[UUID | None, list[tuple[str, datetime]]]:
    """The id of the last of the next `limit` coaches (None when there are no more), and (slug, changed) of each.

    A page's last change that we know of: she came, or was rated.
    """
    rated = select(func.max(col(Rating.created_at))).where(col(Rating.coach_id) == col(Coach.id)).scalar_subquery()
    rows = select(col(Coach.id), col(Coach.slug), col(Coach.created_at), rated)
    rows = rows.join(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id)).order_by(col(CoachSearch.coach_id))
    if after is not None:
        rows = rows.where(col(CoachSearch.coach_id) > after)
    found = session.execute(rows.limit(limit)).all()
    last = found[-1][0] if len(found) == limit else None
    return last, [(slug, max(came, rated_at or came)) for _id, slug, came, rated_at in found]


def towns_after(
    session: Session, after: int | None, limit: int, cells: Sequence[int]
) -> tuple[int | None, list[Address]]:
    """The same for towns, with the addresses of those that have coaches around.

    `cells` are those of `towns.coached_cells`. A town whose address means another, larger one has no page.
    """
    columns = (Place.id, Place.country, Place.region, Place.name, Place.cell, Place.latitude, Place.longitude)
    rows = select(*map(col, columns)).where(col(Place.kind) == CITY, col(Place.id) > (after or 0))
    found = session.execute(rows.order_by(col(Place.id)).limit(limit)).all()
    named = [(each.id, address(each.country, each.region, each.name)) for each in towns.served(session, found, cells)]
    addresses = {place_id: parts for place_id, parts in named if parts}
    meant = meant_by_address(session, list(addresses.values()))
    own = [
        parts
        for place_id, parts in addresses.items()
        if meant.get((parts["country"], parts["region"], parts["city"])) == place_id
    ]
    return (found[-1].id if len(found) == limit else None), own
