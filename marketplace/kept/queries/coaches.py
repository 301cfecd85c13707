"""Favourites, and the faces of coaches by their addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach
from marketplace.kept.models import Favourite
from marketplace.matching.models import CoachSearch
from marketplace.places.models import Place


@dataclass(frozen=True, slots=True)
class Face:
    """As little of a coach as a link with her picture needs."""

    coach_id: UUID
    slug: str
    name: str
    avatar: str
    place_name: str


def faces(session: Session, slugs: Sequence[str], *, bookable: bool = False) -> list[Face]:
    """Those of these coaches whom anybody may see, in the order asked for; `bookable`: whom search finds, too."""
    if not slugs:
        return []
    columns = (Coach.id, Coach.slug, Coach.name, Coach.avatar_seed, Place.name)
    shown = select(*(col(column) for column in columns)).join(Place, col(Place.id) == col(Coach.place_id))
    shown = shown.where(col(Coach.slug).in_(slugs), col(Coach.status) == CoachStatus.APPROVED)
    if bookable:
        shown = shown.join(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id))
    found = {row[1]: Face(row[0], row[1], row[2], row[3] or row[1], row[4]) for row in session.execute(shown)}
    return [found[slug] for slug in dict.fromkeys(slugs) if slug in found]


def favourites(session: Session, user_id: UUID) -> list[str]:
    """The addresses of the coaches whom she keeps, the latest first."""
    hers = select(col(Coach.slug)).join(Favourite, col(Favourite.coach_id) == col(Coach.id))
    hers = hers.where(col(Favourite.user_id) == user_id)
    return list(session.scalars(hers.order_by(col(Favourite.kept_at).desc(), col(Coach.slug))))


def kept_slugs(session: Session, user_id: UUID) -> frozenset[str]:
    """The same as a set: what all hearts of a page are drawn from, by one query."""
    return frozenset(favourites(session, user_id))


def is_shown(coach: Coach) -> bool:
    """Whether anybody may see her page: she is approved, though she may take no bookings just now."""
    return coach.status == CoachStatus.APPROVED
