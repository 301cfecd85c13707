"""Step two of a search: what the cards of one page show, read as columns for those coaches only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.coaches.models import Coach
from marketplace.matching.models import CoachSearch
from marketplace.places.models import Place
from marketplace.ratings.models import Rating

MOST_COMMENTS = 10


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown of a coach in a list. Coordinates are rounded to about a kilometre; masks as in masks.py."""

    coach_id: UUID
    slug: str
    name: str
    headline: str
    place_name: str
    region: str
    country: str
    latitude: float
    longitude: float
    languages: int
    modes: int
    issues: int
    main_issues: int
    goals: int
    price: int
    currency: str
    rating_sum: int
    rating_count: int
    avatar_seed: str

    @property
    def rating(self) -> float | None:
        """The mean of her stars, to a tenth; None without any."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None


@dataclass(frozen=True, slots=True)
class Comment:
    """What a runner said; `who` is her first name only."""

    stars: int
    words: str
    who: str
    at: datetime


def cards(session: Session, coach_ids: Sequence[UUID]) -> dict[UUID, Card]:
    """The cards of those coaches, by id; who is no longer listed is absent."""
    if not coach_ids:
        return {}
    columns = (
        *(col(column) for column in (Coach.id, Coach.slug, Coach.name, Coach.headline)),
        *(col(column) for column in (Place.name, Place.region, Place.country)),
        *(col(column) for column in (CoachSearch.latitude, CoachSearch.longitude, CoachSearch.languages)),
        *(col(column) for column in (CoachSearch.modes, CoachSearch.issues, CoachSearch.main_issues)),
        *(col(column) for column in (CoachSearch.goals, CoachSearch.price, CoachSearch.currency)),
        *(col(column) for column in (CoachSearch.rating_sum, CoachSearch.rating_count, Coach.avatar_seed)),
    )
    joined = select(*columns).join(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id))
    joined = joined.join(Place, col(Place.id) == col(Coach.place_id)).where(col(Coach.id).in_(coach_ids))
    return {row[0]: Card(*row) for row in session.execute(joined)}


def with_similar_name(session: Session, slug: str, limit: int = 5) -> list[tuple[str, str]]:
    """(slug, name) of listed coaches whose address begins like that one."""
    start = slug.lower().split("-")[0][:20]
    if len(start) < 3 or not start.isalnum():
        return []
    near = select(col(Coach.slug), col(Coach.name)).join(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id))
    near = near.where(col(Coach.slug) >= start[:4], col(Coach.slug) < start[:4] + "\x7f").order_by(col(Coach.slug))
    return [(row[0], row[1]) for row in session.execute(near.limit(limit))]


def comments(session: Session, coach_id: UUID) -> list[Comment]:
    """What runners said of her, the latest first; ratings without words left out."""
    said = select(col(Rating.stars), col(Rating.words), col(User.name), col(Rating.created_at))
    said = said.join(User, col(User.id) == col(Rating.runner_id))
    said = said.where(col(Rating.coach_id) == coach_id, col(Rating.words) != "")
    rows = session.execute(said.order_by(col(Rating.created_at).desc()).limit(MOST_COMMENTS))
    return [Comment(stars, words, name.split()[0] if name.split() else "", at) for stars, words, name, at in rows]
