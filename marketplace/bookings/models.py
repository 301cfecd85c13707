"""Tables of bookings and their history, of proposals to move one, and of the waitlist."""

from collections.abc import Sequence
from dataclasses import astuple
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, inspect, text
from sqlalchemy.orm import object_session
from sqlmodel import JSON, Column, Field, SQLModel

from marketplace.bookings import proposals, waits
from marketplace.bookings.policy import Terms
from marketplace.bookings.proposals import ProposalStatus
from marketplace.bookings.states import Actor, BookingStatus, move
from marketplace.bookings.waits import WaitStatus
from marketplace.coaches.cancelling import Policy
from marketplace.coaches.kinds import Mode, OfferKind, mode_of
from marketplace.db import Instant, TextEnum, new_id, one_of
from marketplace.money import Money


def _only(condition: str) -> dict[str, Any]:
    """For an index of some rows: which."""
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


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
        Index("ix_booking_status_starts", "status", "starts_at"),
        Index("ix_booking_credit", "credit_id", unique=True, **_only("status not in ('cancelled', 'expired')")),
        CheckConstraint("discount >= 0", name="discount_not_negative"),
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
    full_hours: int  # these three are the policy as it stood then
    part_percent: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    part_hours: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    order_id: UUID | None = Field(default=None, foreign_key="purchase.id", index=True)  # a series shares one
    credit_id: UUID | None = Field(default=None, foreign_key="credit.id")  # the visit of a package that paid for it
    promotion_id: UUID | None = Field(default=None, foreign_key="promotion.id")
    discount: int = Field(default=0, sa_column_kwargs={"server_default": "0"})  # what the code took off `price`
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
    def mode(self) -> Mode:
        """Online or in person."""
        return mode_of(self.kind)

    @property
    def policy(self) -> Policy:
        """What was agreed about cancelling."""
        return Policy(self.full_hours, self.part_percent, self.part_hours)

    @property
    def terms(self) -> Terms:
        """The same, and how far it has come."""
        return Terms(self.policy, self.starts_at, self.opened_at, self.due_at)

    def agree(self, policy: Policy) -> None:
        """Let other terms hold from now on."""
        self.full_hours, self.part_percent, self.part_hours = astuple(policy)

    @property
    def minutes(self) -> int | None:
        """How long the visit lasts; None for a clip review."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return (self.ends_at - self.starts_at) // timedelta(minutes=1)

    @property
    def holds_its_time(self) -> bool:
        """Whether its minutes, or its place of the week, are taken."""
        return self.status in (BookingStatus.HELD, BookingStatus.CONFIRMED)

    @property
    def is_held(self) -> bool:
        """Whether it waits to be paid."""
        return self.status == BookingStatus.HELD

    @property
    def is_confirmed(self) -> bool:
        """Whether it is paid and still to come, or under way."""
        return self.status == BookingStatus.CONFIRMED

    @property
    def pain_is_screened(self) -> bool:
        """Whether the runner has answered the questions about pain."""
        return self.pain_screen is not None

    def make(
        self,
        name: str,
        *,
        by: Actor,
        at: datetime,
        person: UUID | None = None,
        reason: str = "",
        to: datetime | None = None,
    ) -> None:
        """Make a named move: the one place that sets the status, with the row of its history beside it.

        `to`: where a visit is moved; the row keeps from where. A booking that is not saved yet is before its life.
        Raises as `states.move` does.
        """
        session = object_session(self)
        assert session is not None  # noqa: S101  (only a booking of a session can be changed)
        self.status = move(name, self.status if inspect(self).persistent else None, by)
        if not self.holds_its_time and self.ended_at is None:
            self.ended_at = at
        if self.holds_its_time:
            self.ended_at = None
        session.flush()  # the booking's row goes before its history's
        event = BookingEvent(booking_id=self.id, move=name, by=by.value, by_user_id=person, reason=reason[:500], at=at)
        if to is not None:
            event.from_start, event.to_start = self.starts_at, to
        session.add(event)


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
    from_start: datetime | None = Field(default=None, sa_type=Instant)  # of a visit that was moved
    to_start: datetime | None = Field(default=None, sa_type=Instant)


class Proposal(SQLModel, table=True):
    """Other times that one side of a booking asks the other to choose from; at most one of a booking is open.

    `times` are instants as text, in order. Its history is that of its booking.
    """

    __table_args__ = (
        one_of("status", ProposalStatus),
        Index("ix_proposal_booking", "booking_id"),
        Index("ix_proposal_open", "booking_id", unique=True, **_only("status = 'open'")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id")
    status: ProposalStatus = Field(default=ProposalStatus.OPEN, sa_type=TextEnum(ProposalStatus))
    by: Actor = Field(sa_type=TextEnum(Actor))  # runner or coach
    by_user_id: UUID = Field(foreign_key="user.id")
    times: list[str] = Field(sa_column=Column(JSON, nullable=False))
    last_start: datetime = Field(sa_type=Instant)  # after it there is nothing to answer any more
    message: str = Field(default="", max_length=500)
    made_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def starts(self) -> Sequence[datetime]:
        """The proposed starts."""
        return [datetime.fromisoformat(each) for each in self.times]

    def can_be_answered(self, now: datetime) -> bool:
        """Whether it is open and one of its times is still to come."""
        return self.status == ProposalStatus.OPEN and self.last_start > now

    def make(self, name: str, *, by: Actor, at: datetime, person: UUID | None = None) -> None:
        """Make a named move, with a row in the booking's history. Raises as `proposals.move` does."""
        session = object_session(self)
        assert session is not None  # noqa: S101  (only a proposal of a session can be changed)
        side = proposals.side(by, self.by)
        self.status = proposals.move(name, self.status if inspect(self).persistent else None, side)
        self.ended_at = None if self.status == ProposalStatus.OPEN else at
        session.add(BookingEvent(booking_id=self.booking_id, move=name, by=by.value, by_user_id=person, at=at))
        session.flush()


class Wait(SQLModel, table=True):
    """A runner's place on the waitlist of an offer's full week; who asked first is asked first.

    `week_on` is the Monday, in the coach's zone. `booking_id` is the hold that was made for her.
    """

    __tablename__ = "waitlist"
    __table_args__ = (
        one_of("status", WaitStatus),
        Index("ix_waitlist_coach", "coach_id", "status", "asked_at"),
        Index(
            "ix_waitlist_once",
            "runner_id",
            "offer_id",
            "week_on",
            unique=True,
            **_only("status in ('waiting', 'offered')"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    runner_id: UUID = Field(foreign_key="user.id")
    coach_id: UUID = Field(foreign_key="coach.id")
    offer_id: UUID = Field(foreign_key="offer.id")
    week_on: date
    status: WaitStatus = Field(default=WaitStatus.WAITING, sa_type=TextEnum(WaitStatus))
    booking_id: UUID | None = Field(default=None, foreign_key="booking.id", unique=True)
    asked_at: datetime = Field(sa_type=Instant)
    offered_at: datetime | None = Field(default=None, sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_waiting(self) -> bool:
        """Whether no time has been found for her yet."""
        return self.status == WaitStatus.WAITING

    def make(self, name: str, *, by: Actor, at: datetime) -> None:
        """Make a named move; the row itself keeps when. Raises as `waits.move` does."""
        session = object_session(self)
        assert session is not None  # noqa: S101  (only a wait of a session can be changed)
        self.status = waits.move(name, self.status if inspect(self).persistent else None, by)
        if self.status == WaitStatus.OFFERED:
            self.offered_at = at
        elif self.status != WaitStatus.WAITING:
            self.ended_at = at
        session.flush()
