"""What every row of money that goes out has in common, and the history of money."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from sqlmodel import Field, Session, SQLModel

from marketplace import clock
from marketplace.db import Instant, new_id
from marketplace.payments import states
from marketplace.payments.answers import Refused


class Outgoing(SQLModel):
    """A refund, a transfer or a reversal: pending until Stripe has said yes or no, under one key for each attempt.

    `called_at`: when Stripe was first asked in this attempt. `failure`: Stripe's code of why not, or its words.
    """

    moves: ClassVar[states.Moves]
    if TYPE_CHECKING:
        status: Any  # each has its own

    id: UUID = Field(default_factory=new_id, primary_key=True)
    amount: int
    attempt: int = 1
    called_at: datetime | None = Field(default=None, sa_type=Instant)
    failure: str | None = None
    created_at: datetime = Field(sa_type=Instant)
    sent_at: datetime | None = Field(default=None, sa_type=Instant)

    @property
    def call_key(self) -> str:
        """The idempotency key of this attempt; never made of an amount."""
        return f"{self.__tablename__}:{self.id}:{self.attempt}"

    def make(self, session: Session, move: str, *, by: str, reason: str = "") -> None:
        """Make a named move and add it to the history. Conflict `move-impossible`."""
        self.status = type(self.status)(states.after(self.moves, move, self.status))
        session.add(history_row(self.id, move, by, reason))

    def begin_anew(self, session: Session, *, by: str, move: str = "retry") -> None:
        """Another attempt, with a key of its own. Conflict `move-impossible`."""
        self.make(session, move, by=by)
        self.attempt, self.called_at, self.failure = self.attempt + 1, None, None

    def note_sent(self, session: Session) -> None:
        """Stripe has taken it on."""
        self.make(session, "send", by="system")
        self.sent_at = clock.now()

    def refuse(self, session: Session, problem: Refused) -> None:
        """Stripe has said no."""
        self.make(session, "refuse", by="stripe", reason=str(problem))
        self.failure = problem.code or str(problem)


class MoneyEvent(SQLModel, table=True):
    """History of payments, refunds, transfers, reversals, packages: which named move, by whom, when, why."""

    __tablename__ = "money_event"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    subject_id: UUID = Field(index=True)
    move: str = Field(max_length=40)
    by: str = Field(max_length=60)
    reason: str = Field(default="", max_length=300)
    at: datetime = Field(sa_type=Instant)


def history_row(subject_id: UUID, move: str, by: str, reason: str) -> MoneyEvent:
    """A row of the history of money, not saved yet."""
    return MoneyEvent(subject_id=subject_id, move=move, by=by, reason=reason[:300], at=clock.now())
