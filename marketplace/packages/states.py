"""The lives of a package and of each of its visits, a credit: named moves. Pure.

package   waiting ── pay ──▶ active ── end ──▶ ended
             └─ lapse ─▶ unpaid ─┘ pay

credit    free ◀── use / give-back ──▶ used        `return`: it went back as money
           └── return, lose ──▶ returned, lost     `lose`: the payer's bank took it back
"""

from enum import StrEnum

from marketplace.payments.states import Move, Moves


class PackageStatus(StrEnum):
    """Where a package stands."""

    WAITING = "waiting"
    ACTIVE = "active"
    UNPAID = "unpaid"
    ENDED = "ended"


class CreditStatus(StrEnum):
    """Where one of its visits stands."""

    FREE = "free"
    USED = "used"
    RETURNED = "returned"
    LOST = "lost"


def _move(before: set[StrEnum], after: StrEnum) -> Move:
    return Move(frozenset(before), after)


PACKAGE: Moves = {
    "pay": _move({PackageStatus.WAITING, PackageStatus.UNPAID}, PackageStatus.ACTIVE),
    "lapse": _move({PackageStatus.WAITING}, PackageStatus.UNPAID),
    "end": _move({PackageStatus.ACTIVE}, PackageStatus.ENDED),
}
CREDIT: Moves = {
    "use": _move({CreditStatus.FREE}, CreditStatus.USED),
    "give-back": _move({CreditStatus.USED}, CreditStatus.FREE),
    "return": _move({CreditStatus.FREE}, CreditStatus.RETURNED),
    "lose": _move({CreditStatus.FREE}, CreditStatus.LOST),
}
