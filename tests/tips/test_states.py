"""A tip's life: what is drawn here is made, and nothing else."""

from marketplace.tips.states import MOVES, TipStatus
from tests.payments.test_states import arrows, drawn


def test_what_is_given_is_not_ungiven_again() -> None:
    assert arrows(MOVES, TipStatus) == drawn("waiting pay paid, waiting lapse unpaid, unpaid pay paid")
