"""The lives of a payment, a refund and a transfer: one table of named moves each. Pure.

payment   pending ── pay ──▶ paid          refund   pending ── send ──▶ sent
            │  │              ▲  │ dispute            ▲ │                │
            │  └─ reject ▶ rejected                   │ └─ refuse ─▶ failed ◀─ bounce
            └─ expire ▶ expired ┘ pay-late            └──── retry ─────┘
                          └──── reject ▶ rejected

transfer  pending ── send ──▶ sent         `reject`: money came, but not as agreed; it goes back whole.
            ▲ │ ├─ cancel ▶ cancelled      `bounce`: Stripe said yes, and days later no.
            │ └─ refuse ▶ failed
            └──── retry ────┘
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from marketplace.errors import Conflict


class PaymentStatus(StrEnum):
    """Where the payment of an order stands."""

    PENDING = "pending"
    PAID = "paid"
    EXPIRED = "expired"
    REJECTED = "rejected"


class RefundStatus(StrEnum):
    """Where money on its way back stands; `sent` means that Stripe has taken it on."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"


class TransferStatus(StrEnum):
    """Where a coach's share stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Move:
    """A named move. Several statuses may lead to the one after it."""

    before: frozenset[str]
    after: str


Moves = Mapping[str, Move]


def _move(before: set[StrEnum], after: StrEnum) -> Move:
    return Move(frozenset(before), after)


PAYMENT: Moves = {
    "begin": _move({PaymentStatus.PENDING}, PaymentStatus.PENDING),
    "extend": _move({PaymentStatus.PENDING}, PaymentStatus.PENDING),
    "pay": _move({PaymentStatus.PENDING}, PaymentStatus.PAID),
    "expire": _move({PaymentStatus.PENDING}, PaymentStatus.EXPIRED),
    "pay-late": _move({PaymentStatus.EXPIRED}, PaymentStatus.PAID),
    "reject": _move({PaymentStatus.PENDING, PaymentStatus.EXPIRED}, PaymentStatus.REJECTED),
    "dispute": _move({PaymentStatus.PAID}, PaymentStatus.PAID),
    "win": _move({PaymentStatus.PAID}, PaymentStatus.PAID),
    "lose": _move({PaymentStatus.PAID}, PaymentStatus.PAID),
}
REFUND: Moves = {
    "send": _move({RefundStatus.PENDING}, RefundStatus.SENT),
    "refuse": _move({RefundStatus.PENDING}, RefundStatus.FAILED),
    "bounce": _move({RefundStatus.SENT}, RefundStatus.FAILED),
    "retry": _move({RefundStatus.FAILED}, RefundStatus.PENDING),
}
TRANSFER: Moves = {
    "send": _move({TransferStatus.PENDING}, TransferStatus.SENT),
    "refuse": _move({TransferStatus.PENDING}, TransferStatus.FAILED),
    "cancel": _move({TransferStatus.PENDING, TransferStatus.FAILED}, TransferStatus.CANCELLED),
    "lower": _move({TransferStatus.PENDING}, TransferStatus.PENDING),
    "retry": _move({TransferStatus.FAILED}, TransferStatus.PENDING),
}


def after(moves: Moves, name: str, status: StrEnum) -> str:
    """The status after a named move. Conflict `move-impossible` where this life is past it."""
    move = moves[name]
    if status not in move.before:
        raise Conflict("move-impossible", move=name, status=status.value)
    return move.after
