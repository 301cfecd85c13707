"""The search table: one row a listed coach, made of what the features below know, kept fresh by jobs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from marketplace.db import Instant


class CoachSearch(SQLModel, table=True):
    """What search needs of a coach in one row. Masks are bits by position in the vocabulary's fixed lists.

    `cell` is the quarter-degree square of `places.geo.cell`. Coordinates are rounded to about a kilometre: they are
    shown to everybody. Prices are the least of her offers, in minor units of `currency`: of all, and by mode.
    `next_opening_at` is of offers with a fixed hour; `turnaround_hours` of her quickest clip review. `listed_at` is
    when she was first listed.
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
    listed_at: datetime | None = Field(default=None, sa_type=Instant)
    refreshed_at: datetime = Field(sa_type=Instant)
