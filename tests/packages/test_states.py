"""The lives of a package, of its visits and of a tip: every move from every status."""

from enum import StrEnum
from itertools import product

import pytest

from marketplace.errors import Conflict
from marketplace.packages import states
from marketplace.packages.states import CreditStatus, PackageStatus
from marketplace.payments.states import Moves, after
from marketplace.tips.states import MOVES, TipStatus

LIVES = [(states.PACKAGE, PackageStatus), (states.CREDIT, CreditStatus), (MOVES, TipStatus)]
EVERY = [(moves, name, status) for moves, statuses in LIVES for name, status in product(moves, statuses)]


@pytest.mark.parametrize(("moves", "name", "status"), EVERY)
def test_a_move_is_made_from_its_statuses_only(moves: Moves, name: str, status: StrEnum) -> None:
    if status in moves[name].before:
        assert after(moves, name, status) == moves[name].after
    else:
        with pytest.raises(Conflict):
            after(moves, name, status)


def test_a_visit_whose_money_went_back_is_never_used_again() -> None:
    final = {CreditStatus.RETURNED, CreditStatus.LOST}
    assert not any(final & set(move.before) for move in states.CREDIT.values())


def test_what_is_paid_is_not_unpaid_again() -> None:
    assert all(TipStatus.PAID not in move.before for move in MOVES.values())
    assert all(move.after != PackageStatus.UNPAID for move in states.PACKAGE.values() if "active" in move.before)
