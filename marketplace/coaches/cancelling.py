"""What a runner who cancels gets back: a policy, and the three of them that a coach chooses from. Pure.

The hours of a preset never change: whoever was shown its name was shown its terms. Other hours need another name.
"""

from dataclasses import dataclass
from enum import StrEnum

ALL, NOTHING = 100, 0
"""Per cent of the price."""


@dataclass(frozen=True, slots=True)
class Policy:
    """All back until `full_hours` before the start, then `part_percent` until `part_hours` before it, then nothing.

    Hours are elapsed hours, whatever the clocks do meanwhile; 0 is the start itself. `part_hours` is less than
    `full_hours` wherever `part_percent` is not 0.
    """

    full_hours: int
    part_percent: int = NOTHING
    part_hours: int = 0


class Preset(StrEnum):
    """A policy by its name."""

    FLEXIBLE = "flexible"
    MODERATE = "moderate"
    STRICT = "strict"


POLICIES = {
    Preset.FLEXIBLE: Policy(12, 50, 0),
    Preset.MODERATE: Policy(24, 50, 12),
    Preset.STRICT: Policy(72, 50, 24),
}
UNTIL_START = Policy(0)
"""All back until the start: the terms of a visit that the coach has moved by herself."""
