"""Tables of people, sign-in attempts and API tokens."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from marketplace.accounts.policy import Reminders
from marketplace.db import Instant, TextEnum, new_id, one_of


class User(SQLModel, table=True):
    """A person. Anybody may run and book; `is_coach` and `is_staff` add rooms. `email` is lower case."""

    __table_args__ = (
        CheckConstraint("language in ('en', 'fr')", name="language_known"),
        one_of("reminders", Reminders),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(unique=True, max_length=254)
    name: str = Field(max_length=100)
    password_hash: str
    is_coach: bool = False
    is_staff: bool = False
    timezone: str = "America/Toronto"
    language: str = Field(default="en", max_length=2)
    reminders: Reminders = Field(
        default=Reminders.ALL, sa_type=TextEnum(Reminders), sa_column_kwargs={"server_default": Reminders.ALL.value}
    )
    verified_at: datetime | None = Field(default=None, sa_type=Instant)
    session_epoch: int = 0  # raised to end all sessions
    terms_version: str
    terms_accepted_at: datetime = Field(sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def is_verified(self) -> bool:
        """Whether she has shown that the address is hers."""
        return self.verified_at is not None


class SignedIn(SQLModel, table=True):
    """One browser in which a person is signed in; gone once she signs out there."""

    __tablename__ = "signed_in"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", index=True)
    started_at: datetime = Field(sa_type=Instant)


class SignInAttempt(SQLModel, table=True):
    """One try to sign in, counted against the address and against where it came from.

    `is_mail`: not a try but a mail that somebody who is not signed in asked for; it is counted by `client` alone.
    """

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        Index("ix_sign_in_attempt_email", "email", "at"),
        Index("ix_sign_in_attempt_client", "client", "at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=254)
    client: str = Field(max_length=64)
    succeeded: bool
    is_mail: bool = False
    at: datetime = Field(sa_type=Instant)


class ApiToken(SQLModel, table=True):
    """A program's key to one person's data. Only its SHA-256 is kept."""

    __tablename__ = "api_token"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", index=True)
    label: str = Field(max_length=100)
    digest: str = Field(unique=True, max_length=64)
    created_at: datetime = Field(sa_type=Instant)
    last_used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)
