"""Tables of analyses, findings and the drills prescribed with them."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Field, SQLModel

from marketplace.db import Instant, new_id


class Analysis(SQLModel, table=True):
    """A coach's answer to one booking. A draft until `delivered_at`, unchangeable after.

    `version` counts changes; `editor` is the open page that made the last one, and `step` that page's own count, so
    that a second window is told from the first, and a save that was overtaken from a new one.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id", unique=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    runner_id: UUID = Field(foreign_key="user.id", index=True)
    summary: str = Field(default="", max_length=4000)
    film_again_weeks: int | None = None
    version: int = 0
    editor: str = Field(default="", max_length=40)
    step: int = 0
    created_at: datetime = Field(sa_type=Instant)
    changed_at: datetime = Field(sa_type=Instant)
    delivered_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_delivered(self) -> bool:
        """Whether the runner has it."""
        return self.delivered_at is not None


class Finding(SQLModel, table=True):
    """One thing the coach saw: an issue of the vocabulary, what she sees, and one cue to run by.

    A removed one stays until the delivery, so that removing can be undone.
    """

    id: UUID = Field(default_factory=new_id, primary_key=True)
    analysis_id: UUID = Field(foreign_key="analysis.id", index=True)
    position: int
    issue: str = Field(max_length=40)
    seen: str = Field(default="", max_length=2000)
    cue: str = Field(default="", max_length=300)
    removed_at: datetime | None = Field(default=None, sa_type=Instant)


class PrescribedDrill(SQLModel, table=True):
    """A drill of the vocabulary, given with a finding and a dose."""

    __tablename__ = "prescribed_drill"

    finding_id: UUID = Field(foreign_key="finding.id", primary_key=True)
    drill: str = Field(primary_key=True, max_length=60)
    position: int
    dose: str = Field(default="", max_length=200)
