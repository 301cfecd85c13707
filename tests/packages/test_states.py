"""The lives of a package and of its visits: what is drawn here is made, and nothing else."""

from marketplace.packages import states
from marketplace.packages.states import CreditStatus, PackageStatus
from tests.payments.test_states import arrows, drawn


def test_a_package_lives_as_drawn() -> None:
    life = "waiting pay active, waiting lapse unpaid, unpaid pay active, active end ended"
    assert arrows(states.PACKAGE, PackageStatus) == drawn(life)


def test_a_visit_whose_money_went_back_is_never_used_again() -> None:
    life = "free use used, used give-back free, free return returned, free lose lost"
    assert arrows(states.CREDIT, CreditStatus) == drawn(life)
