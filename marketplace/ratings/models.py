"""The table of ratings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from marketplace.db import Instant


class Rating(SQLModel, table=True):
    """What a runner says of one completed booking: one to five, and words if she likes."""

    __table_args__ = (CheckConstraint("stars between 1 and 5", name="one_to_five"),)

    booking_id: UUID = Field(foreign_key="booking.id", primary_key=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    runner_id: UUID = Field(foreign_key="user.id")
    stars: int
    words: str = Field(default="", max_length=2000)
    created_at: datetime = Field(sa_type=Instant)
