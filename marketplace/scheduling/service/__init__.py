"""What changes a coach's time, one function for each thing that somebody can do."""

from marketplace.scheduling.service.calendar import (
    changed,
    claim,
    free,
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
    set_exceptions,
    set_limits,
    set_schedule,
    set_week,
    take_time_off,
)
from marketplace.scheduling.service.stretches import Stretch, change_dates, change_week
from marketplace.scheduling.service.undoing import undo, undoable

__all__ = [
    "Limits",
    "Stretch",
    "Windows",
    "change_dates",
    "change_week",
    "changed",
    "claim",
    "end_time_off",
    "free",
    "join",
    "leave",
    "lock",
    "open_calendar",
    "openings",
    "remove_schedule",
    "set_exception",
    "set_exceptions",
    "set_limits",
    "set_schedule",
    "set_week",
    "take_time_off",
    "undo",
    "undoable",
    "zone_of",
]
