"""Tables of promotion codes and their uses."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import JSON, Column, Field, SQLModel

from marketplace.db import Instant, new_id
from marketplace.promotions.rules import Terms


def _only(condition: str) -> dict[str, Any]:
    """For an index of some rows: which."""
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


class Promotion(SQLModel, table=True):
    """A code: a coach's for her own offers, or without a coach the site's. Its terms never change; it can end.

    `code` in upper case. Empty limits: as often as anybody likes. No `offers`: all.
    """

    __table_args__ = (
        CheckConstraint("(percent is null) <> (amount is null)", name="one_way"),
        CheckConstraint("percent is null or percent between 1 and 100", name="percent_known"),
        CheckConstraint("amount is null or amount > 0", name="amount_positive"),
        CheckConstraint("(amount is null) = (currency is null)", name="amount_in_currency"),
        CheckConstraint("most_uses > 0 and most_each > 0", name="limits_positive"),
        Index("ix_promotion_of_coach", "coach_id", "code", unique=True, **_only("coach_id is not null")),
        Index("ix_promotion_of_site", "code", unique=True, **_only("coach_id is null")),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    coach_id: UUID | None = Field(default=None, foreign_key="coach.id")
    code: str = Field(max_length=30)
    percent: int | None = None
    amount: int | None = None  # minor units of `currency`
    currency: str | None = Field(default=None, max_length=3)
    valid_from: datetime = Field(sa_type=Instant)
    valid_until: datetime | None = Field(default=None, sa_type=Instant)
    most_uses: int | None = None
    most_each: int | None = 1
    offers: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)

    @property
    def terms(self) -> Terms:
        """What it takes off, where and when."""
        offers = frozenset(UUID(each) for each in self.offers)
        worth = (self.percent, self.amount, self.currency)
        return Terms(*worth, self.valid_from, self.valid_until, self.ended_at, offers)

    @property
    def is_ours(self) -> bool:
        """Whether the site bears it."""
        return self.coach_id is None


class PromotionUse(SQLModel, table=True):
    """One use of a code, for a booking; it has a number among all uses, and one among the runner's.

    No two uses that stand share a number, and numbers stay within the code's limits: so it can't be used too often.
    """

    __tablename__ = "promotion_use"
    __table_args__ = (
        Index("ix_promotion_use_number", "promotion_id", "number", unique=True, **_only("freed_at is null")),
        Index(
            "ix_promotion_use_own", "promotion_id", "runner_id", "own_number", unique=True, **_only("freed_at is null")
        ),
    )

    booking_id: UUID = Field(primary_key=True)  # names no table: bookings are above
    promotion_id: UUID = Field(foreign_key="promotion.id")
    runner_id: UUID = Field(foreign_key="user.id")
    number: int
    own_number: int
    used_at: datetime = Field(sa_type=Instant)
    freed_at: datetime | None = Field(default=None, sa_type=Instant)
