"""What the desk shows, read across the features below."""

from marketplace.desk.queries.calendar import Day, Entry, dates, entries, of_dates, of_visit
from marketplace.desk.queries.earnings import Earnings, Month, earned_between, earnings
from marketplace.desk.queries.found import Asked, Counts, asked, counts
from marketplace.desk.queries.sessions import (
    PAGE,
    Row,
    ahead,
    coming_count,
    listed,
    outside_hours,
    reviews_waiting,
    visits_between,
)
from marketplace.desk.queries.standing import lacking

__all__ = [
    "PAGE",
    "Asked",
    "Counts",
    "Day",
    "Earnings",
    "Entry",
    "Month",
    "Row",
    "ahead",
    "asked",
    "coming_count",
    "counts",
    "dates",
    "earned_between",
    "earnings",
    "entries",
    "lacking",
    "listed",
    "of_dates",
    "of_visit",
    "outside_hours",
    "reviews_waiting",
    "visits_between",
]
