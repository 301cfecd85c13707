"""Answers kept in this process for a while, where being a minute late is no harm."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakSet

Answer = TypeVar("Answer")
_all: "WeakSet[Kept[object]]" = WeakSet()


class Kept(Generic[Answer]):
    """Answers by what was asked, each for so many seconds."""

    def __init__(self, seconds: float, most: int = 1000) -> None:
        self._seconds, self._most = seconds, most
        self._answers: dict[Hashable, tuple[float, Answer]] = {}
        _all.add(self)  # type: ignore[arg-type]

    def get(self, asked: Hashable, find: Callable[[], Answer]) -> Answer:
        """The kept answer, or the one found now."""
        now = time.monotonic()
        known = self._answers.get(asked)
        if known and known[0] > now:
            return known[1]
        if len(self._answers) >= self._most:
            self._answers.clear()
        answer = find()
        self._answers[asked] = (now + self._seconds, answer)
        return answer

    def forget(self) -> None:
        """Keep none any more."""
        self._answers.clear()


def forget_all() -> None:
    """Something has changed that this process knows of: look again at everything."""
    for each in list(_all):
        each.forget()
