"""Step two of a search: what the cards of one page show, read for those coaches only, and kept by version."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.coaches.kinds import Mode, OfferKind, mode_of
from marketplace.coaches.models import Coach
from marketplace.matching.masks import IN_PERSON, ONLINE
from marketplace.matching.models import CoachSearch
from marketplace.memory import Memory
from marketplace.ratings.models import Rating

MOST_COMMENTS = 10


@dataclass(frozen=True, slots=True)
class Sold:
    """An offer as a card has it. `starts`: some of its next starts, each with the instant it is bookable until."""

    id: str
    kind: OfferKind
    price: int
    minutes: int | None
    turnaround_hours: int | None
    starts: tuple[tuple[datetime, datetime], ...]

    @property
    def mode(self) -> Mode:
        """Online or in person."""
        return mode_of(self.kind)


@dataclass(frozen=True, slots=True)
class Card:
    """What a list knows of a coach. Coordinates are rounded to about a kilometre; masks as in masks.py; the other
    columns as in CoachSearch. `offers`: what she sells; `done`: completed sessions by issue.

    A card is wholly told by its coach and `version`: whatever is made of it may be kept under the two.
    """

    coach_id: UUID
    version: int
    latitude: float
    longitude: float
    country: str
    zone: int
    languages: int
    modes: int
    traits: int
    issues: int
    main_issues: int
    strength: int
    goals: int
    price: int
    price_online: int | None
    price_in_person: int | None
    currency: str
    newcomer: float
    availability: float
    reply_hours: float | None
    rating_sum: int
    rating_count: int
    next_opening_at: datetime | None
    turnaround_hours: int | None
    slug: str
    name: str
    headline: str
    place_name: str
    region: str
    avatar_seed: str
    offers: tuple[Sold, ...]
    done: Mapping[str, int]

    @property
    def rating(self) -> float | None:
        """The mean of her stars, to a tenth; None without any."""
        return round(self.rating_sum / self.rating_count, 1) if self.rating_count else None

    def price_of(self, modes: int) -> int:
        """The least price of that mode alone, or of all."""
        alone = {ONLINE: self.price_online, IN_PERSON: self.price_in_person}.get(modes)
        return self.price if alone is None else alone

    def next_time(self, now: datetime) -> datetime | None:
        """When she can help next: her next opening, or else the earliest promised answer to a clip."""
        if self.next_opening_at is not None and self.next_opening_at > now:
            return self.next_opening_at
        return now + timedelta(hours=self.turnaround_hours) if self.turnaround_hours is not None else None


@dataclass(frozen=True, slots=True)
class Comment:
    """What a runner said; `who` is her first name only."""

    stars: int
    words: str
    who: str
    at: datetime


NAMES = tuple(each.name for each in fields(Card))
COLUMNS = tuple(col(getattr(CoachSearch, name)) for name in NAMES[:24])
_kept: Memory[Card] = Memory(1000)


def cards(session: Session, coach_ids: Sequence[UUID]) -> dict[UUID, Card]:
    """The cards of those coaches, by id; who is not listed is absent."""
    return {card.coach_id: card for card in _read(session, coach_ids)}


def cards_of(session: Session, wanted: Sequence[tuple[UUID, int]]) -> list[Card]:
    """The cards of those coaches and versions, in order. Those of late are kept in memory."""
    held = {key[0]: card for key in wanted if (card := _kept.find(key)) is not None}
    fresh = _read(session, [coach_id for coach_id, _version in wanted if coach_id not in held])
    for card in fresh:
        held[card.coach_id] = card
        _kept.put((card.coach_id, card.version), card)
    return [held[coach_id] for coach_id, _version in wanted if coach_id in held]


def forget() -> None:
    """Keep no card any more."""
    _kept.forget()


def _read(session: Session, coach_ids: Sequence[UUID]) -> list[Card]:
    if not coach_ids:
        return []
    rows = session.execute(select(*COLUMNS, col(CoachSearch.card)).where(col(CoachSearch.coach_id).in_(coach_ids)))
    return [_card(row) for row in rows]


def _card(row: Sequence[Any]) -> Card:
    said = json.loads(row[-1])
    words = (said[name] for name in ("slug", "name", "headline", "place", "region", "avatar"))
    values = (*row[:-1], *words, tuple(_sold(each) for each in said["offers"]), said["done"])
    return Card(**dict(zip(NAMES, values, strict=True)))


def _sold(said: dict[str, Any]) -> Sold:
    starts = tuple((_instant(at), _instant(until)) for at, until in said["starts"])
    return Sold(said["id"], OfferKind(said["kind"]), said["price"], said["minutes"], said["hours"], starts)


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


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
