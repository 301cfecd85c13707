"""Tables of calendars kept elsewhere: accounts, the calendars that are read and written, our entries, feeds."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import JSON, Column, Field, SQLModel

from marketplace.db import Instant, new_id


class Account(SQLModel, table=True):
    """A coach's account at a CalDAV server. `sealed`: its address, user and password."""

    __tablename__ = "calendar_account"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    host: str = Field(max_length=260)
    login: str = Field(max_length=200)
    sealed: str
    addresses: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))  # hers, for invitations
    found_at: datetime | None = Field(default=None, sa_type=Instant)  # its calendars were last found
    trouble: str | None = Field(default=None, max_length=40)
    created_at: datetime = Field(sa_type=Instant)


class Source(SQLModel, table=True):
    """One calendar kept elsewhere: an ICS address, or a calendar of an account. `sealed`: its address.

    `blocks`: it is read, and what it says is taken. `writes`: her sessions are written into it; one for each coach.
    """

    __tablename__ = "calendar_source"
    __table_args__ = (
        Index("ix_calendar_source_due", "blocks", "due_at"),
        Index(
            "ix_calendar_source_writes",
            "coach_id",
            unique=True,
            sqlite_where=text("writes"),
            postgresql_where=text("writes"),
        ),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    account_id: UUID | None = Field(default=None, foreign_key="calendar_account.id", index=True)
    name: str = Field(max_length=200)
    host: str = Field(max_length=260)
    zone: str = Field(default="", max_length=60)  # IANA, where its whole days lie; empty: hers
    sealed: str
    address_key: str = Field(max_length=64)  # SHA-256 of the address: the same one is the same calendar
    blocks: bool = True
    writes: bool = False
    due_at: datetime = Field(sa_type=Instant)  # read again from then on
    etag: str = Field(default="", max_length=200)
    modified: str = Field(default="", max_length=60)
    digest: str = Field(default="", max_length=64)
    expanded_on: date | None = None  # UTC: the window moves on each day
    tried_at: datetime | None = Field(default=None, sa_type=Instant)
    read_at: datetime | None = Field(default=None, sa_type=Instant)
    failing_since: datetime | None = Field(default=None, sa_type=Instant)
    mended_at: datetime | None = Field(default=None, sa_type=Instant)
    failures: int = 0  # in a row
    trouble: str | None = Field(default=None, max_length=40)
    asked_at: datetime = Field(sa_type=Instant)  # she added it, or asked for it to be read

    @property
    def waits(self) -> bool:
        """Whether it has not been tried since she asked."""
        return self.blocks and (self.tried_at is None or self.tried_at < self.asked_at)


class Entry(SQLModel, table=True):
    """One session in a calendar that is written into; `holder_id` is its booking, opaque here.

    Every change raises `version`; a job sends the newest and notes it as `sent`. `wanted` False: to be taken away.
    """

    __tablename__ = "calendar_entry"

    source_id: UUID = Field(foreign_key="calendar_source.id", primary_key=True)
    holder_id: UUID = Field(primary_key=True)
    text: str  # the iCalendar object; empty some hours after it has arrived
    wanted: bool = True
    version: int = 1
    sent: int = 0
    trouble: str | None = Field(default=None, max_length=40)
    changed_at: datetime = Field(sa_type=Instant, index=True)


class Feed(SQLModel, table=True):
    """A person's sessions as a calendar to subscribe to; a new `number` ends the address made with the old one."""

    __tablename__ = "calendar_feed"

    user_id: UUID = Field(foreign_key="user.id", primary_key=True)
    number: int = 1
