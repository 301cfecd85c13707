"""Tables of coaches, their credentials, specialisms and offers."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import JSON, Column, Field, SQLModel

from marketplace.coaches.cancelling import POLICIES, Policy, Preset
from marketplace.coaches.kinds import CoachStatus, Mode, OfferKind, Setting, mode_of
from marketplace.db import Instant, TextEnum, new_id, one_of
from marketplace.money import Money


class Coach(SQLModel, table=True):
    """A coach's public face. `languages` are "en", "fr"; `gender` is what she chose to say, or null."""

    __table_args__ = (one_of("status", CoachStatus),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID = Field(foreign_key="user.id", unique=True)
    slug: str = Field(unique=True, max_length=80)
    name: str = Field(max_length=100)
    headline: str = Field(default="", max_length=140)
    about: str = Field(default="", max_length=6000)
    gender: str | None = Field(default=None, max_length=20)
    status: CoachStatus = Field(default=CoachStatus.APPLIED, sa_type=TextEnum(CoachStatus))
    paused_at: datetime | None = Field(default=None, sa_type=Instant)
    place_id: int = Field(foreign_key="place.id")
    latitude: float
    longitude: float
    travel_km: int = 15
    timezone: str
    currency: str = Field(max_length=3)
    languages: list[str] = Field(sa_column=Column(JSON, nullable=False))
    avatar_seed: str = Field(default="", max_length=80)
    created_at: datetime = Field(sa_type=Instant)

    @property
    def is_listed(self) -> bool:
        """Whether runners may find and book her (if she can also be paid)."""
        return self.status == CoachStatus.APPROVED and self.paused_at is None


class Credential(SQLModel, table=True):
    """A certificate or qualification; `checked_at` when staff have seen proof."""

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    title: str = Field(max_length=140)
    issuer: str = Field(max_length=140)
    year: int | None = None
    checked_at: datetime | None = Field(default=None, sa_type=Instant)


class Specialism(SQLModel, table=True):
    """An issue that the coach fixes; `is_main` for the few she does most."""

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    issue: str = Field(primary_key=True, max_length=40)
    is_main: bool = False


class GoalSpecialism(SQLModel, table=True):
    """A distance that the coach prepares runners for."""

    __tablename__ = "goal_specialism"

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    goal: str = Field(primary_key=True, max_length=20)


class Offer(SQLModel, table=True):
    """What a coach sells. Times in minutes are multiples of 5; a clip review has no `minutes` but `turnaround_hours`.

    `meeting_point` is public (a park, a track); `exact_address` and `call_link` are shown once confirmed.
    `cancellation` names what a runner who cancels a visit gets back; a clip review has a rule of its own.
    """

    __table_args__ = (
        one_of("kind", OfferKind),
        one_of("setting", Setting),
        one_of("cancellation", Preset),
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("(kind = 'clip-review') = (minutes is null)", name="minutes_by_kind"),
        CheckConstraint("(kind = 'clip-review') = (turnaround_hours is not null)", name="turnaround_by_kind"),
        CheckConstraint(
            "minutes > 0 and minutes % 5 = 0 and interval_minutes > 0 and interval_minutes % 5 = 0",
            name="grid",
        ),
        CheckConstraint("buffer_before % 5 = 0 and buffer_after % 5 = 0", name="buffers_on_grid"),
        CheckConstraint("seats between 1 and 100", name="seats_known"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    kind: OfferKind = Field(sa_type=TextEnum(OfferKind))
    title: str = Field(max_length=100)
    details: str = Field(default="", max_length=2000)
    price: int  # minor units of `currency`
    currency: str = Field(max_length=3)
    minutes: int | None = None
    turnaround_hours: int | None = None
    weekly_places: int | None = None  # clip reviews taken on in a week of the coach's zone
    interval_minutes: int = 30
    buffer_before: int = 0
    buffer_after: int = 0
    lead_hours: int = 12
    no_same_day: bool = False
    window_days: int = 60
    book_from: date | None = None  # visits only from this local date of the coach on
    book_until: date | None = None  # and until this one, counted in
    seats: int = Field(default=1, sa_column_kwargs={"server_default": "1"})  # of one visit: more for a group clinic
    schedule: int = Field(
        default=0, sa_column_kwargs={"server_default": "0"}
    )  # number of the schedule whose hours count for it; 0: those of the season
    cancellation: Preset = Field(
        default=Preset.MODERATE, sa_type=TextEnum(Preset), sa_column_kwargs={"server_default": Preset.MODERATE.value}
    )
    setting: Setting | None = Field(default=None, sa_type=TextEnum(Setting))
    meeting_point: str = Field(default="", max_length=200)
    exact_address: str = Field(default="", max_length=300)
    call_link: str = Field(default="", max_length=300)
    bad_weather: str = Field(default="", max_length=300)
    position: int = 0
    withdrawn_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def mode(self) -> Mode:
        """Online or in person."""
        return mode_of(self.kind)

    @property
    def policy(self) -> Policy:
        """What a runner who cancels a visit gets back."""
        return POLICIES[self.cancellation]

    @property
    def preset(self) -> Preset | None:
        """The policy by its name; None for a clip review, which has a rule of its own."""
        return None if self.kind is OfferKind.CLIP_REVIEW else self.cancellation

    @property
    def is_sold(self) -> bool:
        """Whether it can still be booked."""
        return self.withdrawn_at is None

    @property
    def cost(self) -> Money:
        """The price as money."""
        return Money(self.price, self.currency)
