"""A tip's life: named moves. Pure.

waiting ── pay ──▶ paid
   └─ lapse ─▶ unpaid ── pay ──▶ paid
"""

from enum import StrEnum

from marketplace.payments.states import Move, Moves


class TipStatus(StrEnum):
    """Where a tip stands."""

    WAITING = "waiting"
    PAID = "paid"
    UNPAID = "unpaid"


MOVES: Moves = {
    "pay": Move(frozenset({TipStatus.WAITING, TipStatus.UNPAID}), TipStatus.PAID),
    "lapse": Move(frozenset({TipStatus.WAITING}), TipStatus.UNPAID),
}
