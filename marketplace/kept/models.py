"""Tables of what is kept: favourites, saved searches, and of whom a search has told already."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from marketplace.db import Instant, new_id

MOST_ADDRESS, MOST_NAME = 2000, 80


class Favourite(SQLModel, table=True):
    """A coach whom a person keeps."""

    user_id: UUID = Field(foreign_key="user.id", primary_key=True)
    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    kept_at: datetime = Field(sa_type=Instant)


class SavedSearch(SQLModel, table=True):
    """A search that tells its owner of new coaches. `address`: its parameters as an address has them, in one fixed
    order, so that the same search is one row however often it is saved.

    `since_at`: coaches listed before that are no news. `removed_at`: taken out, and can be brought back for a while.
    """

    __tablename__ = "saved_search"
    __table_args__ = (
        UniqueConstraint("user_id", "address"),
        Index("ix_saved_search_looked", "looked_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id")
    address: str = Field(max_length=MOST_ADDRESS)
    name: str = Field(max_length=MOST_NAME)
    created_at: datetime = Field(sa_type=Instant)
    since_at: datetime = Field(sa_type=Instant)
    looked_at: datetime = Field(sa_type=Instant)
    told_at: datetime | None = Field(default=None, sa_type=Instant)
    paused_at: datetime | None = Field(default=None, sa_type=Instant)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_paused(self) -> bool:
        """Whether it keeps silent for now."""
        return self.paused_at is not None

    @property
    def tells(self) -> bool:
        """Whether its owner is to hear of new coaches."""
        return self.paused_at is None and self.removed_at is None


class ToldCoach(SQLModel, table=True):
    """A coach of whom a search has told: never again."""

    __tablename__ = "told_coach"

    search_id: UUID = Field(foreign_key="saved_search.id", primary_key=True)
    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    told_at: datetime = Field(sa_type=Instant)
