"""What a process remembers of answers it gave, where a little late is no harm. Bounded, and safe among threads."""

import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar
from weakref import WeakSet

Answer = TypeVar("Answer")
FOR_EVER = float("inf")
_fleeting: "WeakSet[Memory[object]]" = WeakSet()


class Memory(Generic[Answer]):
    """Answers by what was asked, at most `most`, each for so many seconds.

    `fleeting`: forgotten too when something has changed that this process knows of (`forget_fleeting`).
    """

    def __init__(self, most: int, seconds: float = FOR_EVER, *, fleeting: bool = False) -> None:
        self._most, self._seconds = most, seconds
        self._answers: dict[Hashable, tuple[float, Answer]] = {}
        if fleeting:
            _fleeting.add(self)  # type: ignore[arg-type]

    def get(self, asked: Hashable, make: Callable[[], Answer]) -> Answer:
        """The answer remembered, or the one made now. None is made again each time.

        One that was being made while all were forgotten may be of before the change: it is not remembered.
        """
        answers = self._answers
        known = answers.get(asked)
        if known is not None and known[0] > time.monotonic():
            return known[1]
        answer = make()
        if answer is not None and answers is self._answers:
            self.put(asked, answer)
        return answer

    def find(self, asked: Hashable) -> Answer | None:
        """The answer remembered, or None."""
        known = self._answers.get(asked)
        return known[1] if known is not None and known[0] > time.monotonic() else None

    def put(self, asked: Hashable, answer: Answer) -> None:
        """Remember an answer; where there is no room, all others are forgotten."""
        if len(self._answers) >= self._most:
            self._answers = {}
        self._answers[asked] = (time.monotonic() + self._seconds, answer)

    def forget(self) -> None:
        """Remember nothing any more."""
        self._answers = {}


def forget_fleeting() -> None:
    """Something has changed: look again at what may depend on it."""
    for each in list(_fleeting):
        each.forget()
