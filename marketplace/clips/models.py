"""The table of clips."""

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from marketplace.clips.video import plays_everywhere
from marketplace.db import Instant, new_id


class Clip(SQLModel, table=True):
    """A video that a runner attached to a booking: a stored file (`storage_key`) or a link elsewhere, never both."""

    __table_args__ = (
        CheckConstraint("(storage_key is null) <> (link is null)", name="file_or_link"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id", index=True)
    runner_id: UUID = Field(foreign_key="user.id", index=True)
    coach_id: UUID = Field(foreign_key="coach.id")
    storage_key: str | None = Field(default=None, unique=True)
    link: str | None = Field(default=None, max_length=500)
    file_name: str = Field(default="", max_length=200)  # as the runner's phone called it; shown, never a path
    media_type: str = Field(default="", max_length=60)  # fixed by us from the content
    codec: str = Field(default="", max_length=30)
    view: str = Field(default="", max_length=20)  # camera view: back, side, front
    note: str = Field(default="", max_length=1000)
    size: int | None = None  # bytes
    seconds: float | None = None
    width: int | None = None  # pixels
    height: int | None = None
    frames_per_second: float | None = None
    created_at: datetime = Field(sa_type=Instant)

    @property
    def is_file(self) -> bool:
        """Whether we keep it ourselves."""
        return self.storage_key is not None

    @property
    def host(self) -> str:
        """Where a linked clip lies: "video.example"."""
        return urlsplit(self.link or "").hostname or ""

    @property
    def plays_everywhere(self) -> bool:
        """Whether browsers in general can show it."""
        return plays_everywhere(self.codec)
