"""Who may rate what. Pure."""

from marketplace.bookings.states import Actor, BookingStatus
from marketplace.errors import Conflict, Forbidden

WORST, BEST = 1, 5
"""Stars."""


def check_rate(status: BookingStatus, by: Actor, *, is_rated: bool) -> None:
    """Forbidden `runners-rate` for all but the runner; Conflict `not-done-yet` or `rated-already`."""
    if by is not Actor.RUNNER:
        raise Forbidden("runners-rate")
    if status is not BookingStatus.COMPLETED:
        raise Conflict("not-done-yet")
    if is_rated:
        raise Conflict("rated-already")
