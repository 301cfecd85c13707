"""The search table: one row a listed coach, made of what the features below know, kept fresh by jobs.

And what came of it: how often coaches were seen, by the day. No row knows who looked.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from marketplace.db import Instant


class CoachSearch(SQLModel, table=True):
    """What search needs of a coach in one row. Masks are bits by position in the vocabulary's fixed lists.

    `cell` is the quarter-degree square of `places.geo.cell`. Coordinates are rounded to about a kilometre: they are
    shown to everybody. Prices are the least of her offers, in minor units of `currency`: of all, and by mode.
    `next_opening_at` is of offers with a fixed hour; `turnaround_hours` of her quickest clip review.
    """

    __tablename__ = "coach_search"
    __table_args__ = (
        Index("ix_coach_search_ring", "cell", "languages", "price", "issues", "latitude", "longitude"),
        Index("ix_coach_search_standing", "rating_count", "coach_id"),
        Index("ix_coach_search_refreshed", "refreshed_at"),
    )

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    cell: int
    latitude: float
    longitude: float
    country: str = Field(max_length=2)
    issues: int = Field(sa_type=BigInteger)
    main_issues: int = Field(sa_type=BigInteger)
    goals: int
    languages: int
    modes: int
    price: int
    price_online: int | None = None
    price_in_person: int | None = None
    currency: str = Field(max_length=3)
    gender: str | None = Field(default=None, max_length=20)
    travel_km: int
    evenings: bool = False
    weekends: bool = False
    rating_sum: int = 0
    rating_count: int = 0
    next_opening_at: datetime | None = Field(default=None, sa_type=Instant)
    turnaround_hours: int | None = None
    refreshed_at: datetime = Field(sa_type=Instant)


class SeenDay(SQLModel, table=True):
    """How often a coach was seen on one day (UTC): shown in results, her page opened, a booking begun, confirmed."""

    __tablename__ = "seen_day"

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    seen_on: date = Field(primary_key=True, index=True)
    shown: int = 0
    viewed: int = 0
    begun: int = 0
    booked: int = 0


class AskedDay(SQLModel, table=True):
    """How many searches of one day (UTC) asked for an issue or a goal from somewhere in a cell of `places.geo`.

    `asked` is an id of the vocabulary, in which no issue is called like a distance.
    """

    __tablename__ = "asked_day"

    cell: int = Field(primary_key=True)
    asked: str = Field(primary_key=True, max_length=40)
    asked_on: date = Field(primary_key=True, index=True)
    searches: int = 0


class PlacedDay(SQLModel, table=True):
    """Where a coach stood on one day (UTC) in searches near her for an issue or a goal that she lists.

    Sums over the times she was shown: of her place in the list, from 1, and of how many coaches came up.
    """

    __tablename__ = "placed_day"

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    asked: str = Field(primary_key=True, max_length=40)
    placed_on: date = Field(primary_key=True, index=True)
    shown: int = 0
    places: int = 0
    among: int = 0
