"""The table of reports that the other side did not come."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, inspect, text
from sqlalchemy.orm import object_session
from sqlmodel import Field, SQLModel

from marketplace.bookings import absences
from marketplace.bookings.absences import AbsenceStatus
from marketplace.bookings.models import BookingEvent
from marketplace.bookings.states import Actor
from marketplace.db import Instant, TextEnum, new_id, one_of

_STANDING = text("status <> 'retracted'")


class Absence(SQLModel, table=True):
    """A report that a side of a booking, `absent`, did not come; of a booking one at most that was not taken back.

    `object_until` is when it counts if nobody objected. Its history is that of its booking.
    """

    __table_args__ = (
        one_of("status", AbsenceStatus),
        Index("ix_absence_once", "booking_id", unique=True, sqlite_where=_STANDING, postgresql_where=_STANDING),
        Index("ix_absence_status", "status", "object_until"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id")
    absent: Actor = Field(sa_type=TextEnum(Actor))  # runner or coach
    status: AbsenceStatus = Field(default=AbsenceStatus.OPEN, sa_type=TextEnum(AbsenceStatus))
    reported_by: UUID = Field(foreign_key="user.id")
    reported_at: datetime = Field(sa_type=Instant)
    words: str = Field(default="", max_length=1000)  # of who reported
    object_until: datetime = Field(sa_type=Instant)
    objection: str = Field(default="", max_length=1000)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_open(self) -> bool:
        """Whether the other side may still answer."""
        return self.status == AbsenceStatus.OPEN

    @property
    def is_contested(self) -> bool:
        """Whether it waits for staff."""
        return self.status == AbsenceStatus.CONTESTED

    @property
    def is_unsettled(self) -> bool:
        """Whether no money may move yet."""
        return self.status in absences.UNSETTLED

    def make(self, name: str, *, by: Actor, at: datetime, person: UUID | None = None) -> None:
        """Make a named move, with a row in the booking's history. Raises as `absences.move` does."""
        session = object_session(self)
        assert session is not None  # noqa: S101  (only a report of a session can be changed)
        part = absences.part(by, self.absent)
        self.status = absences.move(name, self.status if inspect(self).persistent else None, part)
        self.ended_at = None if self.is_unsettled else at
        session.add(BookingEvent(booking_id=self.booking_id, move=name, by=by.value, by_user_id=person, at=at))
        session.flush()
