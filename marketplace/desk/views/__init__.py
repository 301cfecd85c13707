"""The pages of the desk, a module a page."""

from marketplace.desk.views import (
    away,
    calendar,
    dates,
    day,
    drills,
    earnings,
    found,
    home,
    hours,
    limits,
    offers,
    profile,
    schedules,
    sessions,
    stretch,
    undoing,
    words,
)
from marketplace.desk.views.blueprint import bp

__all__ = [
    "away",
    "bp",
    "calendar",
    "dates",
    "day",
    "drills",
    "earnings",
    "found",
    "home",
    "hours",
    "limits",
    "offers",
    "profile",
    "schedules",
    "sessions",
    "stretch",
    "undoing",
    "words",
]
