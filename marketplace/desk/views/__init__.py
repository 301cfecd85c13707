"""The pages of the desk, a module a page."""

from marketplace.desk.views import (
    calendars,
    dates,
    drills,
    earnings,
    found,
    home,
    hours,
    offers,
    profile,
    sessions,
    words,
)
from marketplace.desk.views.blueprint import bp

__all__ = [
    "bp",
    "calendars",
    "dates",
    "drills",
    "earnings",
    "found",
    "home",
    "hours",
    "offers",
    "profile",
    "sessions",
    "words",
]
