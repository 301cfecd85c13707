"""The table of tips."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, Session, SQLModel

from marketplace.db import Instant, TextEnum, new_id, one_of
from marketplace.money import Money
from marketplace.payments.models_out import history_row
from marketplace.payments.states import after
from marketplace.tips.states import MOVES, TipStatus

ALIVE = "status <> 'unpaid'"


class Tip(SQLModel, table=True):
    """What a runner gives beyond the price of a completed booking. One of a booking waits to be paid, or is."""

    __table_args__ = (
        one_of("status", TipStatus),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_tip_once", "booking_id", unique=True, sqlite_where=text(ALIVE), postgresql_where=text(ALIVE)),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    booking_id: UUID = Field(foreign_key="booking.id")
    order_id: UUID = Field(foreign_key="purchase.id", unique=True)
    status: TipStatus = Field(default=TipStatus.WAITING, sa_type=TextEnum(TipStatus))
    amount: int
    currency: str = Field(max_length=3)
    created_at: datetime = Field(sa_type=Instant)
    paid_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def money(self) -> Money:
        """What is given."""
        return Money(self.amount, self.currency)

    @property
    def is_paid(self) -> bool:
        """Whether it was given."""
        return self.status == TipStatus.PAID

    def make(self, session: Session, move: str, *, by: str) -> None:
        """Make a named move and add it to the history of money. Conflict `move-impossible`."""
        self.status = TipStatus(after(MOVES, move, self.status))
        session.add(history_row(self.id, move, by, ""))
