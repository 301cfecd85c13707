"""What the desk shows, read across the features below."""

from marketplace.desk.queries.calendar import Day, Entry, dates, entries, of_dates, of_visit
from marketplace.desk.queries.earnings import Month, Purse, earned_between, earnings
from marketplace.desk.queries.found import Asked, Counts, asked, counts
from marketplace.desk.queries.movements import Movement, movements
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
from marketplace.desk.queries.sold import PAGE as SOLD_PAGE
from marketplace.desk.queries.sold import Sold, sold
from marketplace.desk.queries.standing import lacking

__all__ = [
    "PAGE",
    "SOLD_PAGE",
    "Asked",
    "Counts",
    "Day",
    "Entry",
    "Month",
    "Movement",
    "Purse",
    "Row",
    "Sold",
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
    "movements",
    "of_dates",
    "of_visit",
    "outside_hours",
    "reviews_waiting",
    "sold",
    "visits_between",
]
