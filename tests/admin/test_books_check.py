"""The books are looked through once a day, or when staff ask; their page shows what was found, and when."""

from sqlalchemy import event, select

from marketplace.admin import service
from marketplace.admin.models import BooksCheck
from marketplace.db import db, transaction
from marketplace.jobs import Job
from marketplace.payments.models import LedgerLine


def spoil(office, by: int) -> None:
    """One line of an entry says something else."""
    with transaction() as session:
        line = session.scalars(select(LedgerLine).where(LedgerLine.account == "stripe")).first()
        line.amount += by


def told(office) -> list[str]:
    return [job.key for job in office.shop.all(Job) if job.name == "mail.send" and "admin:books" in (job.key or "")]


def test_the_page_shows_what_the_last_check_found_and_when(office):
    assert "not been looked through" in office.staff.get("/admin/books").text
    assert office.staff.post("/admin/books/checks").status_code == 303
    page = office.staff.get("/admin/books").text
    assert "Every entry sums to zero" in page and "Looked through" in page
    spoil(office, 1)
    assert "Every entry sums to zero" in office.staff.get("/admin/books").text
    assert "does not sum to zero" in office.staff.post("/admin/books/checks", follow_redirects=True).text
    spoil(office, -1)
    assert "Every entry sums to zero" in office.staff.post("/admin/books/checks", follow_redirects=True).text


def test_the_page_itself_looks_through_nothing(office):
    service.check_books()
    asked: list[str] = []
    event.listen(db.engine, "before_cursor_execute", listener := lambda *given: asked.append(given[2]))
    office.staff.get("/admin/books")
    event.remove(db.engine, "before_cursor_execute", listener)
    assert asked and not [each for each in asked if "HAVING" in each.upper() or "FROM refund" in each]


def test_staff_are_told_once_of_what_is_newly_wrong(office):
    service.check_books()
    office.shop.work()
    assert told(office) == []
    spoil(office, 1)
    for _ in range(2):
        service.check_books()
        office.shop.work()
    assert len(told(office)) == 1
    assert len(office.shop.all(BooksCheck)) == 3


def test_nobody_else_has_them_checked(office):
    assert office.as_(office.runner_id).post("/admin/books/checks").status_code == 404
    assert office.shop.all(BooksCheck) == []
