"""Tables of analyses, findings and the drills prescribed with them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from marketplace.db import Instant, new_id


class Analysis(SQLModel, table=True):
    """A coach's answer to one booking's clip. A draft until `delivered_at`."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id", unique=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    runner_id: UUID = Field(foreign_key="user.id", index=True)
    summary: str = Field(default="", max_length=4000)
    film_again_weeks: int | None = None
    created_at: datetime = Field(sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)


class Finding(SQLModel, table=True):
    """One thing the coach saw: an issue of the vocabulary, what she sees, and one cue to run by."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    analysis_id: UUID = Field(foreign_key="analysis.id", index=True)
    position: int
    issue: str = Field(max_length=40)
    seen: str = Field(max_length=2000)
    cue: str = Field(default="", max_length=300)


class PrescribedDrill(SQLModel, table=True):
    """A drill of the vocabulary, given with a finding and a dose."""

    __tablename__ = "prescribed_drill"

    finding_id: UUID = Field(foreign_key="finding.id", primary_key=True)
    drill: str = Field(primary_key=True, max_length=60)
    position: int
    dose: str = Field(default="", max_length=200)
