"""How much of a transfer is taken back from a coach when less is due to her than she was sent. Pure; minor units."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    """An amount that is, or is going to be, taken back; `is_certain` once it has happened, or may have."""

    amount: int
    is_certain: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done: which of what was planned (by position) is called off, and how much more is taken."""

    called_off: Sequence[int]
    more: int


def plan(sent: int, due: int, taken: Sequence[Taken]) -> Plan:
    """What brings `sent`, less what is taken of it, to `due`. Never takes more than was sent.

    Where too much is being taken, what has not happened is called off, from the first on, until it is not.
    """
    left = sent - max(0, due) - sum(each.amount for each in taken)
    called_off = []
    for position, each in enumerate(taken):
        if left < 0 and not each.is_certain:
            called_off.append(position)
            left += each.amount
    return Plan(called_off, max(0, left))
