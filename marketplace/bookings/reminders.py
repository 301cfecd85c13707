"""When the two are reminded of a visit: a day and two hours ahead, each mark once. Pure.

A mark that has passed is owed until somebody was told since: by a reminder, or because the visit was booked or moved
after it. Of several marks that passed while no worker ran only the last is owed, so nobody gets two mails at once;
and once the visit has begun, none is.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

HOURS = (24, 2)
"""Hours before the start; these are elapsed hours, whatever the clocks do that night."""
TELLING = ("confirm", "confirm-late", "reschedule", "remind")
"""The moves after which both know when their visit is."""


def owed(starts_at: datetime, told_at: datetime, now: datetime) -> int | None:
    """The reminder to send now, by its hours ahead; None when there is none. `told_at`: the last of the TELLING."""
    if now >= starts_at:
        return None
    marks = {starts_at - timedelta(hours=hours): hours for hours in HOURS}
    mark = last_owed(marks, told_at, now)
    return None if mark is None else marks[mark]


def last_owed(marks: Iterable[datetime], told_at: datetime, now: datetime) -> datetime | None:
    """The last mark that has passed, if nobody was told since."""
    mark = max((each for each in marks if each <= now), default=None)
    return mark if mark is not None and told_at < mark else None
