"""The search tables, made of what the features below know, kept fresh by jobs: one row a listed coach, and lists.

And what came of it: how often coaches were seen, by the day. No row knows who looked.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, SmallInteger, Text
from sqlmodel import Column, Field, SQLModel

from marketplace.db import EpochSeconds
from marketplace.places.models import Folded

ENTERED = ("cell", "languages", "price")
COVERED = (
    "modes", "issues", "x", "y", "z", "strength", "newcomer", "standing", "goals", "traits", "version", "coach_id",
    "price_online", "price_in_person", "currency", "next_opening_at", "turnaround_hours", "rating_sum", "rating_count",
    "latitude", "longitude",
)  # fmt: skip
"""What ranking reads besides: all of it in the index, so that a town is ranked without its rows. PostgreSQL keeps it
beside the key, SQLite can only keep it in the key."""


class CoachSearch(SQLModel, table=True):
    """What search and a card need of a coach in one row. Masks are bits by position in the vocabulary's fixed lists.

    `cell` is the quarter-degree square of `places.geo.cell`; `x`, `y`, `z` the point on the unit sphere of the
    coordinates, which are rounded to about a kilometre: they are shown to everybody. `strength`, `newcomer`,
    `availability`: see stored.py, `standing`: score.py. Prices are the least of her offers, in minor units of
    `currency`: of all, and by mode. `zone`: minutes that her standard time is ahead of UTC. `next_opening_at` is of her
    offers with a fixed hour, `turnaround_hours` of her quickest clip review. `card`: JSON of what a card shows besides
    (see queries/cards), `version` another number whenever anything that a card shows is another. `stale_at`: when time
    alone will have changed the row.
    """

    __tablename__ = "coach_search"
    __table_args__ = (
        Index("ix_coach_search_ring", *ENTERED, *COVERED).ddl_if(dialect="sqlite"),
        Index("ix_coach_search_ring_with", *ENTERED, postgresql_include=COVERED).ddl_if(dialect="postgresql"),
        Index("ix_coach_search_stale", "stale_at"),
        Index("ix_coach_search_listed", "listed_at"),
    )

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    cell: int
    latitude: float
    longitude: float
    x: float
    y: float
    z: float
    country: str = Field(max_length=2)
    zone: int
    issues: int = Field(sa_type=BigInteger)
    main_issues: int = Field(sa_type=BigInteger)
    strength: int = Field(sa_type=BigInteger)
    goals: int
    languages: int
    modes: int
    traits: int
    price: int
    price_online: int | None = None
    price_in_person: int | None = None
    currency: str = Field(max_length=3)
    newcomer: float
    availability: float
    standing: float
    reply_hours: float | None = None
    rating_sum: int = 0
    rating_count: int = 0
    next_opening_at: datetime | None = Field(default=None, sa_type=EpochSeconds)
    turnaround_hours: int | None = None
    card: str = Field(sa_type=Text)
    version: int = Field(sa_type=BigInteger)
    listed_at: datetime = Field(sa_type=EpochSeconds)
    stale_at: datetime = Field(sa_type=EpochSeconds)


class FirstListed(SQLModel, table=True):
    """When a coach could first be found: her row comes and goes with pauses, this one stays."""

    __tablename__ = "first_listed"

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    at: datetime = Field(sa_type=EpochSeconds)


class CoachTopic(SQLModel, table=True):
    """Listed coaches by what they fix, those of the best standing first: looked through where no ring bounds a search.

    `topic`: 0 for all of them, else the number of the issue in masks.ISSUES, counted from 1.
    """

    __tablename__ = "coach_topic"
    __table_args__ = (Index("ix_coach_topic_coach_id", "coach_id"), {"sqlite_with_rowid": False})

    topic: int = Field(sa_type=SmallInteger, primary_key=True)
    online: bool = Field(primary_key=True)
    standing: float = Field(primary_key=True)
    coach_id: UUID = Field(foreign_key="coach_search.coach_id", ondelete="CASCADE", primary_key=True)
    languages: int


class CoachWord(SQLModel, table=True):
    """A folded word of a listed coach's name, headline, papers or page, for the text search."""

    __tablename__ = "coach_word"
    __table_args__ = (Index("ix_coach_word_coach_id", "coach_id"), {"sqlite_with_rowid": False})

    word: str = Field(sa_column=Column(Folded, primary_key=True))
    coach_id: UUID = Field(foreign_key="coach_search.coach_id", ondelete="CASCADE", primary_key=True)


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
