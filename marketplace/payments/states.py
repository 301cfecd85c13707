"""The lives of a payment, a refund, a transfer, its reversal and a dispute: one table of named moves each. Pure.

payment   pending ── pay ──▶ paid          refund   pending ── send ──▶ sent
            │  │              ▲                       ▲ │                │
            │  └─ reject ▶ rejected                   │ └─ refuse ─▶ failed ◀─ bounce
            └─ expire ▶ expired ┘ pay-late            └──── retry ─────┘
                          └──── reject ▶ rejected

transfer  pending ── send ──▶ sent         `reject`: money came, but not as agreed; it goes back whole.
            ▲ │ ├─ cancel ▶ cancelled      `bounce`: Stripe said yes, and days later no.
            │ └─ refuse ▶ failed           `cancel` of a refund: the same money has gone back another way.
            └──── retry ────┘              `decide`: how each of what goes out begins.

reversal  pending ── send ──▶ sent         dispute  open ─┬─ win ──▶ won
            ▲ │ └─ cancel ▶ cancelled                     └─ lose ─▶ lost ── recover ──▶ recovered
            │ └─ refuse ▶ failed ── write-off ──▶ written-off
            └──── retry ────┘                    `recover`: an appeal brought back what was lost.
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
    CANCELLED = "cancelled"


class TransferStatus(StrEnum):
    """Where a coach's share stands."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ReversalStatus(StrEnum):
    """Where money stands that is taken back from a coach who was sent it."""

    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WRITTEN_OFF = "written-off"


class DisputeStatus(StrEnum):
    """Where a charge stands that the payer's bank questions."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"
    RECOVERED = "recovered"


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
}
REFUND: Moves = {
    "decide": _move({RefundStatus.PENDING}, RefundStatus.PENDING),
    "send": _move({RefundStatus.PENDING}, RefundStatus.SENT),
    "refuse": _move({RefundStatus.PENDING}, RefundStatus.FAILED),
    "bounce": _move({RefundStatus.SENT}, RefundStatus.FAILED),
    "retry": _move({RefundStatus.FAILED}, RefundStatus.PENDING),
    "cancel": _move({RefundStatus.PENDING, RefundStatus.FAILED}, RefundStatus.CANCELLED),
}
TRANSFER: Moves = {
    "decide": _move({TransferStatus.PENDING}, TransferStatus.PENDING),
    "send": _move({TransferStatus.PENDING}, TransferStatus.SENT),
    "refuse": _move({TransferStatus.PENDING}, TransferStatus.FAILED),
    "cancel": _move({TransferStatus.PENDING, TransferStatus.FAILED}, TransferStatus.CANCELLED),
    "adjust": _move({TransferStatus.PENDING}, TransferStatus.PENDING),
    "stop": _move({TransferStatus.PENDING}, TransferStatus.PENDING),
    "let-go": _move({TransferStatus.PENDING}, TransferStatus.PENDING),
    "retry": _move({TransferStatus.FAILED}, TransferStatus.PENDING),
    "renew": _move({TransferStatus.CANCELLED}, TransferStatus.PENDING),
}
REVERSAL: Moves = {
    "decide": _move({ReversalStatus.PENDING}, ReversalStatus.PENDING),
    "send": _move({ReversalStatus.PENDING}, ReversalStatus.SENT),
    "refuse": _move({ReversalStatus.PENDING}, ReversalStatus.FAILED),
    "cancel": _move({ReversalStatus.PENDING, ReversalStatus.FAILED}, ReversalStatus.CANCELLED),
    "retry": _move({ReversalStatus.FAILED}, ReversalStatus.PENDING),
    "write-off": _move({ReversalStatus.FAILED}, ReversalStatus.WRITTEN_OFF),
}
DISPUTE: Moves = {
    "win": _move({DisputeStatus.OPEN}, DisputeStatus.WON),
    "lose": _move({DisputeStatus.OPEN}, DisputeStatus.LOST),
    "recover": _move({DisputeStatus.LOST}, DisputeStatus.RECOVERED),
}


def after(moves: Moves, name: str, status: StrEnum) -> str:
    """The status after a named move. Conflict `move-impossible` where this life is past it."""
    move = moves[name]
    if status not in move.before:
        raise Conflict("move-impossible", move=name, status=status.value)
    return move.after
