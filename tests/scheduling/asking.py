"""What the rules answer for hours, rules and what is taken, in instants."""

from datetime import datetime

from marketplace.scheduling import closed
from marketplace.scheduling.closed import Reason
from marketplace.scheduling.hours import Hours
from marketplace.scheduling.openings import Calendar, Rules, Taken
from marketplace.scheduling.walltime import instant_of, minute_from, minute_of


def openings(
    hours: Hours, rules: Rules, taken: Taken, *, now: datetime, between: tuple[datetime, datetime]
) -> list[datetime]:
    """All starts that can be booked in [between), in UTC and in order."""
    found = Calendar(hours, rules, taken, now).between(minute_from(between[0]), minute_from(between[1]))
    return [instant_of(start) for start in found]


def is_open(hours: Hours, rules: Rules, taken: Taken, *, now: datetime, start: datetime) -> bool:
    """Whether a visit may start at a whole minute."""
    return Calendar(hours, rules, taken, now).is_open(minute_of(start))


def why_closed(hours: Hours, rules: Rules, taken: Taken, *, now: datetime, start: datetime) -> Reason | None:
    """Why a visit can't start at an instant."""
    return closed.why_closed(Calendar(hours, rules, taken, now), start, now)
