"""Every move of every life of money, from every status: what is drawn here is made, and nothing else."""

from collections.abc import Iterable
from enum import StrEnum

import pytest

from marketplace.errors import Conflict
from marketplace.payments import states

LIVES = {
    "payment": (
        states.PAYMENT,
        states.PaymentStatus,
        """pending begin pending, pending extend pending, pending pay paid, pending expire expired,
        pending reject rejected, expired pay-late paid, expired reject rejected""",
    ),
    "refund": (
        states.REFUND,
        states.RefundStatus,
        """pending decide pending, pending send sent, pending refuse failed, sent bounce failed, failed retry pending,
        pending cancel cancelled, failed cancel cancelled""",
    ),
    "transfer": (
        states.TRANSFER,
        states.TransferStatus,
        """pending decide pending, pending send sent, pending refuse failed, failed retry pending,
        pending cancel cancelled,
        failed cancel cancelled, cancelled renew pending,
        pending adjust pending, pending stop pending, pending let-go pending""",
    ),
    "reversal": (
        states.REVERSAL,
        states.ReversalStatus,
        """pending decide pending, pending send sent, pending refuse failed, failed retry pending,
        pending cancel cancelled,
        failed cancel cancelled, failed write-off written-off""",
    ),
    "dispute": (states.DISPUTE, states.DisputeStatus, "open win won, open lose lost, lost recover recovered"),
}


def arrows(moves: states.Moves, statuses: Iterable[StrEnum]) -> set[str]:
    """What becomes of every status by every move that is not refused: "pending pay paid"."""
    made = set()
    for name in moves:
        for status in statuses:
            try:
                made.add(f"{status} {name} {states.after(moves, name, status)}")
            except Conflict as refused:
                assert refused.facts == {"move": name, "status": status.value}
    return made


def drawn(text: str) -> set[str]:
    """The arrows of a drawing."""
    return {" ".join(arrow.split()) for arrow in text.split(",")}


@pytest.mark.parametrize("life", LIVES)
def test_a_life_is_what_is_drawn(life: str) -> None:
    moves, statuses, drawing = LIVES[life]
    assert arrows(moves, statuses) == drawn(drawing)
