"""Staff's books name every kind of account that the ledger can write."""

from marketplace.admin.queries.books import ORDER
from marketplace.admin.service import check_books
from marketplace.admin.views import words
from marketplace.payments import ledger
from marketplace.payments import service as payments

OF_SOMETHING = {ledger.held(""), ledger.coach(""), ledger.credits("")}


def test_every_kind_of_account_has_a_name_and_a_place(app):
    kinds = {
        value for name, value in vars(ledger).items() if name.isupper() and isinstance(value, str) and ":" not in value
    }
    assert kinds | {each.rstrip(":") for each in OF_SOMETHING} == set(ORDER)
    with app.test_request_context("/"):
        assert [kind for kind in ORDER if words.account_kind(kind) == kind] == []


def test_what_was_paid_out_stands_in_staffs_books(office):
    office.shop.browser.knobs(pay_out="cad")
    payments.compare()
    check_books()
    page = office.staff.get("/admin/books").text
    assert "Paid out to our bank" in page
    assert "Every entry sums to zero" in page
