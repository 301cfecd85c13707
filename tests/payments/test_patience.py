"""A Stripe that does not answer is asked a few times, then by nobody for a while."""

import time

import pytest

from marketplace.payments.answers import Unclear
from marketplace.payments.patience import MISSES, Patience


def test_nobody_is_asked_after_some_misses_in_a_row_and_somebody_later():
    waiting = Patience(pause_seconds=0.05)
    for _ in range(MISSES - 1):
        waiting.missed()
    waiting.answered()
    for _ in range(MISSES - 1):
        waiting.missed()
        waiting.check()
    waiting.missed()
    with pytest.raises(Unclear):
        waiting.check()
    time.sleep(0.06)
    waiting.check()
    waiting.missed()
    with pytest.raises(Unclear):
        waiting.check()
