"""The table of complaints."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, inspect
from sqlalchemy.orm import object_session
from sqlmodel import Field, SQLModel

from marketplace.bookings import complaints
from marketplace.bookings.complaints import ComplaintStatus
from marketplace.bookings.models import BookingEvent
from marketplace.bookings.states import Actor
from marketplace.db import Instant, TextEnum, new_id, one_of


class Complaint(SQLModel, table=True):
    """What a runner says went wrong with one booking, once; its history is that of its booking.

    `refund` is what staff decided to give back, in minor units; `decision` their words to both.
    """

    __table_args__ = (
        one_of("status", ComplaintStatus),
        CheckConstraint("refund >= 0", name="refund_not_negative"),
        Index("ix_complaint_status", "status", "made_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id", unique=True)
    status: ComplaintStatus = Field(default=ComplaintStatus.OPEN, sa_type=TextEnum(ComplaintStatus))
    words: str = Field(default="", max_length=2000)
    answer: str = Field(default="", max_length=2000)
    decision: str = Field(default="", max_length=2000)
    refund: int = 0
    made_at: datetime = Field(sa_type=Instant)
    answered_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_open(self) -> bool:
        """Whether it waits for a decision, and with it the coach's pay."""
        return self.status == ComplaintStatus.OPEN

    def make(self, name: str, *, by: Actor, at: datetime, person: UUID | None = None, reason: str = "") -> None:
        """Make a named move, with a row in the booking's history. Raises as `complaints.move` does."""
        session = object_session(self)
        assert session is not None  # noqa: S101  (only a complaint of a session can be changed)
        self.status = complaints.move(name, self.status if inspect(self).persistent else None, by)
        self.ended_at = None if self.is_open else at
        row = BookingEvent(booking_id=self.booking_id, move=name, by=by.value, by_user_id=person, at=at)
        row.reason = reason[:500]
        session.add(row)
        session.flush()
