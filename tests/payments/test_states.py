"""Every move of every life, from every status."""

import pytest

from marketplace.errors import Conflict
from marketplace.payments import states

LIVES = {
    "payment": (states.PAYMENT, states.PaymentStatus),
    "refund": (states.REFUND, states.RefundStatus),
    "transfer": (states.TRANSFER, states.TransferStatus),
    "reversal": (states.REVERSAL, states.ReversalStatus),
    "dispute": (states.DISPUTE, states.DisputeStatus),
}
ALL = [(life, name, status) for life, (moves, statuses) in LIVES.items() for name in moves for status in statuses]


@pytest.mark.parametrize(("life", "name", "status"), ALL)
def test_a_move_leads_where_the_table_says_or_is_refused(life, name, status):
    moves, statuses = LIVES[life]
    if status in moves[name].before:
        assert states.after(moves, name, status) in set(statuses)
    else:
        with pytest.raises(Conflict) as refused:
            states.after(moves, name, status)
        assert refused.value.facts == {"move": name, "status": status.value}


def test_money_that_has_come_never_becomes_unpaid():
    assert not [move for move in states.PAYMENT.values() if states.PaymentStatus.PAID in move.before]


def test_a_transfer_that_was_sent_is_never_sent_again():
    assert not [move for move in states.TRANSFER.values() if states.TransferStatus.SENT in move.before]


@pytest.mark.parametrize("life", LIVES)
def test_every_status_can_be_reached(life):
    moves, statuses = LIVES[life]
    assert {move.after for move in moves.values()} >= set(statuses) - {"pending", "open"}
