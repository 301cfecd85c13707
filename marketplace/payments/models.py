"""Tables of money. Amounts are integers of minor units, currencies ISO 4217 codes in upper case."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false
from sqlmodel import JSON, Column, Field, Session, SQLModel

from marketplace.db import Instant, TextEnum, new_id, one_of
from marketplace.money import Money
from marketplace.payments import states
from marketplace.payments.ledger import Drawn
from marketplace.payments.models_out import Outgoing, history_row
from marketplace.payments.states import PaymentStatus, RefundStatus, TransferStatus


class PayoutAccount(SQLModel, table=True):
    """A coach's connected account at Stripe; she can be booked for money while `payouts_enabled`.

    `missing` are Stripe's names of what it asks for, until `due_by` where it says so; `stopped_at` is when she could
    last be paid no more; `attempt` counts her accounts: Stripe may take one away.
    """

    __tablename__ = "payout_account"

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    stripe_account_id: str | None = Field(default=None, unique=True)
    payouts_enabled: bool = False
    missing: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    disabled_reason: str | None = Field(default=None, max_length=100)
    due_by: datetime | None = Field(default=None, sa_type=Instant)
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)
    attempt: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    updated_at: datetime = Field(sa_type=Instant)


class Order(SQLModel, table=True):
    """What one payment pays. Its lines name what is bought; a booking is the ordinary order of one line."""

    __tablename__ = "purchase"  # "order" is a word of SQL

    id: UUID = Field(default_factory=new_id, primary_key=True)
    payer_id: UUID = Field(foreign_key="user.id", index=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    currency: str = Field(max_length=3)
    created_at: datetime = Field(sa_type=Instant)


class OrderLine(SQLModel, table=True):
    """One thing bought: `kind` and the opaque `reference_id` name it ("booking", its id).

    `online`: it happens on a screen, so that its taxes are those of where the payer is.
    """

    __tablename__ = "purchase_line"
    __table_args__ = (
        UniqueConstraint("kind", "reference_id"),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="purchase.id", index=True)
    kind: str = Field(max_length=20)
    reference_id: UUID
    title: str = Field(max_length=200)
    amount: int
    online: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Payment(SQLModel, table=True):
    """The one payment of an order, through one Stripe Checkout Session at a time (`attempt` counts them).

    `fee` is the platform's share of `amount`; `added` is what it adds to the coach's, where its own code took off more
    than that share. `charged` is what came in: `amount`, unless the payment was rejected. `called_at` is when Stripe
    was first asked for a session: a session may exist from then on, though nobody remembers it. `success_url` and
    `cancel_url` are where this attempt's page leads back to: whoever asks again under its key asks for the same, and
    gets the same page.
    """

    __table_args__ = (
        Index("ix_payment_status_expires", "status", "expires_at"),
        one_of("status", PaymentStatus),
        CheckConstraint("amount >= 0", name="amount_not_negative"),
        CheckConstraint("fee >= 0 and fee <= amount", name="fee_within_amount"),
        CheckConstraint("added >= 0", name="added_not_negative"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    order_id: UUID = Field(foreign_key="purchase.id", unique=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    status: PaymentStatus = Field(default=PaymentStatus.PENDING, sa_type=TextEnum(PaymentStatus))
    amount: int
    currency: str = Field(max_length=3)
    fee: int
    added: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    charged: int = 0
    attempt: int = 1
    called_at: datetime | None = Field(default=None, sa_type=Instant)
    checkout_session_id: str | None = Field(default=None, unique=True)
    success_url: str | None = None
    cancel_url: str | None = None
    payment_intent_id: str | None = Field(default=None, unique=True)
    charge_id: str | None = Field(default=None, unique=True)
    expires_at: datetime = Field(sa_type=Instant)
    disputed_at: datetime | None = Field(default=None, sa_type=Instant)
    paid_at: datetime | None = Field(default=None, sa_type=Instant)
    created_at: datetime = Field(sa_type=Instant)
    swept_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def cost(self) -> Money:
        """What is to be paid."""
        return Money(self.amount, self.currency)

    @property
    def is_open(self) -> bool:
        """Whether it can still be paid in time."""
        return self.status == PaymentStatus.PENDING

    def sold_for(self, charge_id: str) -> bool:
        """Whether what was bought was sold for this charge; any other goes back whole."""
        return self.status == PaymentStatus.PAID and self.charge_id == charge_id

    def begin_attempt(self) -> None:
        """Count another attempt to make a Checkout Session; it has its own key and its own addresses."""
        self.attempt, self.success_url, self.cancel_url = self.attempt + 1, None, None

    def make(self, session: Session, move: str, *, by: str, reason: str = "") -> None:
        """Make a named move and add it to the history. Conflict `move-impossible`."""
        self.status = PaymentStatus(states.after(states.PAYMENT, move, self.status))
        session.add(history_row(self.id, move, by, reason))


class Refund(Outgoing, table=True):
    """Money going back to the runner.

    What went back without us is one too, sent from the start: a refund made on Stripe's own pages (reason "at-stripe";
    one row for each thing bought), and what a bank took for good (reason "dispute"; without an id of Stripe's).

    `from_held`, `from_coach` and `from_fee` say where it comes from, as it was when the refund was decided.
    """

    __table_args__ = (
        one_of("status", RefundStatus),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("from_held + from_coach + from_fee = amount", name="drawn_whole"),
        UniqueConstraint("stripe_refund_id", "reference_id"),
        Index("ix_refund_status", "status", "created_at"),
    )
    moves = states.REFUND

    payment_id: UUID = Field(foreign_key="payment.id", index=True)
    coach_id: UUID = Field(foreign_key="coach.id")
    reference_id: UUID  # the thing bought that it is for
    charge_id: str = Field(max_length=100)
    key: str = Field(unique=True)  # why, once: "booking:<id>:cancelled"
    from_held: int
    from_coach: int = 0
    from_fee: int = 0
    reason: str = Field(max_length=40)
    status: RefundStatus = Field(default=RefundStatus.PENDING, sa_type=TextEnum(RefundStatus))
    stripe_refund_id: str | None = None

    @property
    def drawn(self) -> Drawn:
        """Where its money comes from."""
        return Drawn(self.from_held, self.from_coach, self.from_fee)

    def begin_anew(self, session: Session, *, by: str, move: str = "retry") -> None:
        """Another attempt, which is another refund at Stripe."""
        super().begin_anew(session, by=by, move=move)
        self.stripe_refund_id = None


class Transfer(Outgoing, table=True):
    """A coach's share going to her account, once for each thing sold.

    `stopped_at`: since when it waits for a decision on a complaint.
    """

    __table_args__ = (
        one_of("status", TransferStatus),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_transfer_status_due", "status", "due_at"),
    )
    moves = states.TRANSFER

    payment_id: UUID = Field(foreign_key="payment.id", index=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    reference_id: UUID = Field(unique=True)  # the booking it pays for
    status: TransferStatus = Field(default=TransferStatus.PENDING, sa_type=TextEnum(TransferStatus))
    stripe_transfer_id: str | None = Field(default=None, unique=True)
    due_at: datetime = Field(sa_type=Instant)
    stopped_at: datetime | None = Field(default=None, sa_type=Instant)


class LedgerEntry(SQLModel, table=True):
    """One thing that happened to money; `source` is unique ("charge:<id>"), its lines sum to zero.

    `at_stripe`: the id of what moved the same money there, for entries that touch the account `stripe`.
    """

    __tablename__ = "ledger_entry"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    source: str = Field(unique=True, max_length=100)
    currency: str = Field(max_length=3)
    at: datetime = Field(index=True, sa_type=Instant)
    at_stripe: str | None = Field(default=None, index=True, max_length=100)


class LedgerLine(SQLModel, table=True):
    """One account's part of an entry; accounts as PAYMENTS names them: "stripe", "held:<booking>", "coach:<id>"…"""

    __tablename__ = "ledger_line"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    entry_id: UUID = Field(foreign_key="ledger_entry.id", index=True)
    account: str = Field(index=True, max_length=60)
    amount: int


class StripeEvent(SQLModel, table=True):
    """An event that Stripe sent, stored under its own id so that a second copy is none.

    `payload`: of all that it said, only what it is about, as `taking` reads it.
    """

    __tablename__ = "stripe_event"

    id: str = Field(primary_key=True, max_length=100)
    type: str = Field(max_length=100)
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    received_at: datetime = Field(index=True, sa_type=Instant)
