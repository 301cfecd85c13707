"""Tables of bookings and their history."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import JSON, Column, Field, SQLModel

from marketplace.bookings.states import BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.db import Instant, TextEnum, new_id, one_of
from marketplace.money import Money


class Booking(SQLModel, table=True):
    """What a runner has booked, with the terms as they stood when she did.

    A clip review has no visit and no start, but `due_at`, the promised delivery (set when confirmed).
    """

    __table_args__ = (
        one_of("status", BookingStatus),
        one_of("kind", OfferKind),
        UniqueConstraint("visit_id", "seat"),
        Index("ix_booking_coach_starts", "coach_id", "starts_at"),
        Index("ix_booking_runner", "runner_id", "created_at"),
        Index("ix_booking_status_hold", "status", "hold_expires_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    runner_id: UUID = Field(foreign_key="user.id")
    coach_id: UUID = Field(foreign_key="coach.id")
    offer_id: UUID = Field(foreign_key="offer.id")
    status: BookingStatus = Field(default=BookingStatus.HELD, sa_type=TextEnum(BookingStatus))
    kind: OfferKind = Field(sa_type=TextEnum(OfferKind))
    title: str = Field(max_length=100)
    visit_id: UUID | None = Field(default=None, foreign_key="visit.id")
    seat: int | None = None
    starts_at: datetime | None = Field(default=None, sa_type=Instant)
    ends_at: datetime | None = Field(default=None, sa_type=Instant)
    turnaround_hours: int | None = None
    due_at: datetime | None = Field(default=None, sa_type=Instant)
    price: int
    currency: str = Field(max_length=3)
    cancel_hours: int
    order_id: UUID | None = Field(default=None, foreign_key="purchase.id", unique=True)
    issues: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    goal: str = Field(default="", max_length=200)
    story: str = Field(default="", max_length=20000)
    note: str = Field(default="", max_length=4000)
    pain_screen: dict[str, Any] | None = Field(default=None, sa_column=Column(JSON))
    coach_notes: str = Field(default="", max_length=10000)  # private to the coach
    calendar_sequence: int = 0  # SEQUENCE of its .ics
    hold_expires_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime | None = Field(default=None, sa_type=Instant)  # the coach opened the clip
    ended_at: datetime | None = Field(default=None, sa_type=Instant)  # completed, cancelled, expired or missed

    @property
    def cost(self) -> Money:
        """The agreed price."""
        return Money(self.price, self.currency)

    @property
    def holds_its_time(self) -> bool:
        """Whether its minutes, or its place of the week, are taken."""
        return self.status in (BookingStatus.HELD, BookingStatus.CONFIRMED)


class BookingEvent(SQLModel, table=True):
    """History: which named move, by whom, when, why. Written together with the change."""

    __tablename__ = "booking_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id", index=True)
    move: str = Field(max_length=40)
    by: str = Field(max_length=20)  # runner, coach, staff, system
    by_user_id: UUID | None = Field(default=None, foreign_key="user.id")
    reason: str = Field(default="", max_length=500)
    at: datetime = Field(sa_type=Instant)
