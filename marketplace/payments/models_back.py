"""Tables of money that is taken back: from a coach who was sent it, and by a payer's bank."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from marketplace.db import Instant, TextEnum, one_of
from marketplace.payments import states
from marketplace.payments.models_out import Outgoing
from marketplace.payments.states import DisputeStatus, ReversalStatus


class Reversal(Outgoing, table=True):
    """A part of a transfer that is taken back from the coach; by us, or by somebody on Stripe's own pages.

    What Stripe refuses stays failed and is tried once a day; until then the coach's account in the ledger owes it.
    """

    __table_args__ = (
        one_of("status", ReversalStatus),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_reversal_status", "status", "created_at"),
    )
    moves = states.REVERSAL

    transfer_id: UUID = Field(foreign_key="transfer.id", index=True)
    status: ReversalStatus = Field(default=ReversalStatus.PENDING, sa_type=TextEnum(ReversalStatus))
    stripe_reversal_id: str | None = Field(default=None, unique=True)


class Dispute(SQLModel, table=True):
    """A charge that the payer's bank questions, under Stripe's own id; its history is that of its payment.

    A charge may have several, and need not be the one that its payment was agreed to be (`Payment.sold_for`).
    `amount` is questioned; `taken` left our balance. `evidence_asked_at`: since when the answer to the bank may be
    at Stripe; `evidence_sent_at`: since when it is.
    """

    __table_args__ = (one_of("status", DisputeStatus), Index("ix_dispute_status", "status", "opened_at"))

    id: str = Field(primary_key=True, max_length=100)
    payment_id: UUID = Field(foreign_key="payment.id", index=True)
    charge_id: str = Field(index=True, max_length=100)
    status: DisputeStatus = Field(default=DisputeStatus.OPEN, sa_type=TextEnum(DisputeStatus))
    amount: int
    taken: int = 0
    currency: str = Field(max_length=3)
    reason: str = Field(max_length=60)
    respond_by: datetime | None = Field(default=None, sa_type=Instant)
    evidence_asked_at: datetime | None = Field(default=None, sa_type=Instant)
    evidence_sent_at: datetime | None = Field(default=None, sa_type=Instant)
    opened_at: datetime = Field(sa_type=Instant)
    closed_at: datetime | None = Field(default=None, sa_type=Instant)
