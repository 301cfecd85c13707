"""What the search table keeps of a coach for score.py to rank her by: what she has proven, how new she is, how soon she
can help. Pure."""

from collections.abc import Mapping
from datetime import timedelta

LISTED, MAIN, PROVEN, STRONGEST = 4, 6, 1, 7  # sevenths: an issue listed, her main work, and what proving it adds
PROVEN_AFTER = 5  # completed sessions on an issue that prove it
BITS, MOST_OF_ISSUE = 3, 7  # of `strength` for each issue: 21 issues fit into its 63 bits
NEW_FOR = timedelta(days=90)  # from when she came
SOON, LATE = timedelta(days=1), timedelta(days=21)
BY_WAIT, BY_ROOM = 0.6, 0.4  # what availability is made of
ROOM_HOURS = 20  # free in the next two weeks, of a coach who has room enough


def strength(levels: Mapping[int, int]) -> int:
    """Sevenths by the number of the issue, packed three bits to each."""
    return sum(sevenths << BITS * number for number, sevenths in levels.items())


def availability(wait: timedelta | None, room: float) -> float:
    """How soon she can help and how much room she has (0–1); `wait` None: not at all."""
    if wait is None:
        return 0.0
    return BY_WAIT * soonness(wait) + BY_ROOM * min(1.0, max(0.0, room))


def soonness(wait: timedelta) -> float:
    """1 for a time within a day, falling to 0 at three weeks."""
    return min(1.0, max(0.0, (LATE - wait) / (LATE - SOON)))


def newness(age: timedelta, strength: int) -> float:
    """1 for a coach who has just come, fading to 0; 0 at once when she has proven anything."""
    proven = any(strength >> at & PROVEN for at in range(0, strength.bit_length(), BITS))
    return 0.0 if proven else min(1.0, max(0.0, 1 - age / NEW_FOR))
