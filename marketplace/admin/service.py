"""Looking through the books: what must be true of money, packages and bookings at any time."""

from sqlmodel import Session

from marketplace import clock, log
from marketplace.admin import queries
from marketplace.admin.models import BooksCheck
from marketplace.bookings import invariants as bookings
from marketplace.db import transaction
from marketplace.jobs import enqueue
from marketplace.packages import invariants as packages
from marketplace.payments import invariants as payments


def wrong_in_books(session: Session) -> list[str]:
    """What is wrong, in sentences; reads all of the books."""
    return [line for part in (payments, packages, bookings) for line in part.broken(session)]


def check_books() -> None:
    """Look through the books and keep what was found; staff are mailed what was not wrong the last time.

    Its own transactions: nobody who writes waits for the look.
    """
    with transaction(write=False) as session:
        wrong = wrong_in_books(session)
    with transaction() as session:
        last = queries.last_check(session)
        row = BooksCheck(wrong=wrong, at=clock.now())
        session.add(row)
        if set(wrong) - set(last.wrong if last else ()):
            log.error("books are wrong", count=len(wrong))
            enqueue(session, "admin.tell_books", key=f"admin.tell_books:{row.id}", check_id=row.id)
