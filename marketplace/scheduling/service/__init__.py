"""What changes a coach's time, one function for each thing that somebody can do."""

from marketplace.scheduling.service.calendar import (
    changed,
    claim,
    free,
    is_open,
    join,
    leave,
    lock,
    open_calendar,
    openings,
    zone_of,
)
from marketplace.scheduling.service.hours import (
    Limits,
    Windows,
    end_time_off,
    remove_schedule,
    set_exception,
    set_limits,
    set_schedule,
    set_week,
    take_time_off,
)

__all__ = [
    "Limits",
    "Windows",
    "changed",
    "claim",
    "end_time_off",
    "free",
    "is_open",
    "join",
    "leave",
    "lock",
    "open_calendar",
    "openings",
    "remove_schedule",
    "set_exception",
    "set_limits",
    "set_schedule",
    "set_week",
    "take_time_off",
    "zone_of",
]
