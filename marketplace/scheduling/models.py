"""Tables of a coach's hours and of what is taken. A visit owns its minutes, one claim for each 5-minute granule."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import JSON, Column, Field, SQLModel

from marketplace.db import Instant, new_id


class Calendar(SQLModel, table=True):
    """One coach's calendar: the row that whoever changes or books her time locks first."""

    __table_args__ = (CheckConstraint("travel_minutes >= 0 and travel_minutes % 5 = 0", name="travel_on_grid"),)

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    timezone: str  # IANA; wall times below are of this zone
    most_visits_per_day: int | None = None
    most_visits_per_week: int | None = None
    most_minutes_per_day: int | None = None
    most_minutes_per_week: int | None = None
    travel_minutes: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}
    )  # kept free between visits at different places
    holidays: str | None = Field(default=None, max_length=10)  # "CA-ON": closed on the statutory holidays of there
    hours_stamp: UUID = Field(
        default_factory=new_id, sa_column_kwargs={"server_default": "0" * 32}
    )  # another one whenever her hours are others
    version: int = 0


class Schedule(SQLModel, table=True):
    """A week of hours beside the usual one, under a name: in force from `first` to `last` of each year ("MM-DD", both
    counted, over New Year too), or for the offers that name it where both are null."""

    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    coach_id: UUID = Field(foreign_key="calendar.coach_id", primary_key=True)
    number: int = Field(primary_key=True)
    name: str = Field(max_length=60)
    first: str | None = Field(default=None, max_length=5)
    last: str | None = Field(default=None, max_length=5)


class WeeklyWindow(SQLModel, table=True):
    """Local wall time in which she works, each week. Minutes from midnight, multiples of 5, `ends` up to 1440 = 24:00.

    A window over midnight is two rows that touch. `schedule` 0 is her usual week, others are numbers of a Schedule.
    """

    __tablename__ = "weekly_window"
    __table_args__ = (
        CheckConstraint("weekday between 0 and 6", name="weekday_known"),
        CheckConstraint("0 <= starts and starts < ends and ends <= 1440", name="ordered"),
        CheckConstraint("starts % 5 = 0 and ends % 5 = 0", name="on_grid"),
    )

    coach_id: UUID = Field(foreign_key="calendar.coach_id", primary_key=True)
    schedule: int = Field(default=0, primary_key=True)
    weekday: int = Field(primary_key=True)  # Monday is 0
    starts: int = Field(primary_key=True)
    ends: int


class DateException(SQLModel, table=True):
    """A date unlike its weekday: `windows` ([[starts, ends], …] in minutes) replace its hours; empty: closed."""

    __tablename__ = "date_exception"

    coach_id: UUID = Field(foreign_key="calendar.coach_id", primary_key=True)
    on_date: date = Field(primary_key=True)
    windows: list[list[int]] = Field(sa_column=Column(JSON, nullable=False))


class TimeOff(SQLModel, table=True):
    """Local dates on which she is away, both counted. A date with hours of its own is open all the same."""

    __tablename__ = "time_off"
    __table_args__ = (CheckConstraint("first <= last", name="ordered"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID = Field(foreign_key="calendar.coach_id", index=True)
    first: date
    last: date
    note: str = Field(default="", max_length=100)


class Replaced(SQLModel, table=True):
    """What a coach's last change of her hours replaced, kept for some minutes so that it can be undone."""

    coach_id: UUID = Field(foreign_key="calendar.coach_id", primary_key=True)
    change_id: UUID = Field(default_factory=new_id)
    made_at: datetime = Field(sa_type=Instant)
    hours: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))


class Busy(SQLModel, table=True):
    """Time that a calendar kept elsewhere says is taken; `source_id` is that calendar, opaque here."""

    __table_args__ = (Index("ix_busy_coach_starts", "coach_id", "starts_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID = Field(foreign_key="calendar.coach_id")
    source_id: UUID = Field(index=True)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    title: str = Field(default="", max_length=200)


class Visit(SQLModel, table=True):
    """A stretch of a coach's time that is taken; `holder_id` is whoever took it first (a booking), opaque here.

    A visit that is freed is deleted, with its claims.
    """

    __table_args__ = (Index("ix_visit_coach_starts", "coach_id", "starts_at"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID = Field(foreign_key="calendar.coach_id")
    holder_id: UUID = Field(index=True)
    starts_at: datetime = Field(sa_type=Instant)
    ends_at: datetime = Field(sa_type=Instant)
    buffer_before: int = 0
    buffer_after: int = 0
    offer_id: UUID | None = None  # opaque: whose seats these are
    seats: int = 1
    seats_taken: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    place: str = Field(
        default="", max_length=300, sa_column_kwargs={"server_default": text("''")}
    )  # where she has to be; empty: at her desk


class Claim(SQLModel, table=True):
    """One 5-minute granule of one coach (epoch seconds // 300), buffers included. The key is the guard."""

    coach_id: UUID = Field(foreign_key="calendar.coach_id", primary_key=True)
    granule: int = Field(primary_key=True)
    visit_id: UUID = Field(foreign_key="visit.id", index=True)
