"""Stripe is waited for, but when it does not answer again and again, not by everybody: for a while calls fail at once,
so that no page and no job hangs on it. Thread-safe, of one process."""

import threading
import time

from marketplace.payments.answers import Unclear

MISSES = 3
PAUSE_SECONDS = 15.0


class Patience:
    """Counts calls without an answer. After MISSES in a row nobody asks for a pause; then one miss is enough."""

    def __init__(self, pause_seconds: float = PAUSE_SECONDS) -> None:
        self._pause = pause_seconds
        self._lock = threading.Lock()
        self._missed = 0
        self._until = 0.0

    def check(self) -> None:
        """Raises Unclear while nobody is to ask."""
        with self._lock:
            if time.monotonic() < self._until:
                raise Unclear("Stripe did not answer lately; nothing was sent", "away")

    def answered(self) -> None:
        """Whatever it said, it is there."""
        with self._lock:
            self._missed = 0

    def missed(self) -> None:
        """No connection, or no answer in time."""
        with self._lock:
            self._missed += 1
            if self._missed >= MISSES:
                self._until = time.monotonic() + self._pause
