"""Receipts: kept as they were when the money came, with taxes and refunds, as a page and as a file; hers alone."""

import re
import zlib
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app
from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from marketplace.payments import receipt_queries as receipts
from marketplace.payments import service as payments
from marketplace.payments.receipt_models import Registration
from marketplace.payments.receipt_words import blocks, said
from marketplace.printer import plain
from marketplace.printing import printed
from marketplace.tips import service as tips
from tests import make
from tests.bookings.world import FEE, begin, hold, pay, pay_order, sign_in, times

NUMBERS = {
    "address": "1 Rue de l’Église, Montréal",
    "gst_hst": "123456789 RT0001",
    "qst": "1234567890 TQ0001",
    "vat": "",
}


class Shop:
    """A coach of Québec with a call and a visit to sell, and two runners."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        montreal = make.place(session, id=6077243, name="Montréal", region="QC", region_name="Quebec")
        self.coach = make.coach(session, name="Zoë Œuvrard", place_id=montreal.id)
        payments.register(session, self.coach.id, **NUMBERS)
        self.call = make.offer(session, self.coach, title="Regard à distance")
        self.visit = make.offer(session, self.coach, OfferKind.IN_PERSON, title="Sur la piste", meeting_point="Parc")
        self.runner, self.other = make.user(session, name="Robin Roadley"), make.user(session)

    def paid(self, session: Session, offer: Offer, payer_province: str = "", **changes: Any) -> Booking:
        booking = hold(session, session.get_one(Offer, offer.id), session.get_one(User, self.runner.id), **changes)
        pay(session, booking, payer_province=payer_province)
        return booking

    def browser(self, person: User) -> FlaskClient:
        return sign_in(self.app.test_client(), person)


@pytest.fixture
def shop(app: Flask) -> Shop:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        return Shop(app, session)


def bill_of(shop: Shop, booking_order: UUID | None) -> receipts.Bill:
    assert booking_order
    with shop.app.app_context(), transaction(write=False) as session:
        return receipts.bill(session, booking_order, shop.runner.id)


def taxes_of(bill: receipts.Bill) -> dict[str, int]:
    return {each.tax: each.amount for each in bill.tax_totals}


def text_of(file: bytes) -> str:
    """What a PDF file says, in the order in which it is drawn."""
    drawn = b"".join(zlib.decompress(each) for each in re.findall(rb"stream\n(.*?)\nendstream", file, re.S))
    pieces = re.findall(rb"\(((?:[^()\\]|\\.)*)\) Tj", drawn, re.S)
    return " ".join(re.sub(rb"\\(.)", rb"\1", piece).decode("cp1252") for piece in pieces)


@pytest.mark.both_databases
def test_taxes_are_those_of_where_it_is_supplied_and_sum_to_the_price(shop: Shop) -> None:
    with shop.app.app_context(), transaction() as session:
        at_home, abroad = shop.paid(session, shop.call), shop.paid(session, shop.call, "GB")
        ontario = shop.paid(session, shop.call, "CA-ON")
        visit = shop.paid(session, shop.visit, "CA-ON")
    for booking, expected in (
        (at_home, {"GST": 413, "QST": 824}),
        (abroad, {}),
        (ontario, {"HST": 1093}),
        (visit, {"GST": 413, "QST": 824}),
    ):
        bill = bill_of(shop, booking.order_id)
        assert taxes_of(bill) == expected
        assert bill.net.amount + sum(expected.values()) == 9500


def test_a_receipt_stays_as_it_was_when_the_money_came(shop: Shop) -> None:
    with shop.app.app_context(), transaction() as session:
        booking = shop.paid(session, shop.call)
        payments.register(session, shop.coach.id, address="elsewhere", gst_hst="", qst="", vat="")
        later = shop.paid(session, shop.call)
    before, after = bill_of(shop, booking.order_id), bill_of(shop, later.order_id)
    assert (before.receipt.qst, before.receipt.coach_address) == (NUMBERS["qst"], NUMBERS["address"])
    assert (after.receipt.qst, after.taxes, after.receipt.coach_address) == ("", [], "elsewhere")
    assert before.receipt.number != after.receipt.number


def test_a_coach_without_numbers_has_receipts_without_taxes(shop: Shop) -> None:
    with shop.app.app_context(), transaction() as session:
        session.delete(session.get_one(Registration, shop.coach.id))
        booking = shop.paid(session, shop.call)
    page = shop.browser(shop.runner).get(f"/bookings/{booking.id}/receipt").text
    assert "Montréal, QC" in page and "95.00" in page
    for word in ("Before taxes", "GST", "QST"):
        assert word not in page


@pytest.mark.both_databases
def test_an_order_of_several_lines_is_one_receipt_with_all_of_them_and_what_went_back(shop: Shop) -> None:
    with shop.app.app_context(), transaction() as session:
        runner, offer = session.get_one(User, shop.runner.id), session.get_one(Offer, shop.call.id)
        lines = [payments.Line("thing", UUID(int=n), f"Line {n}", 3333 + n, True) for n in (1, 2, 3)]
        order = payments.open_order(
            session,
            payer_id=runner.id,
            coach_id=shop.coach.id,
            lines=lines,
            currency="CAD",
            expires_at=times(session, offer)[0],
            fee_percent=FEE,
        )
        order_id = order.id
        pay_order(session, order_id)
        row = payments.refund(
            session, order_id, amount=3334, key="one", reason="x", by="staff", reference_id=UUID(int=1)
        )
        assert row is not None
    bill = bill_of(shop, order_id)
    assert len(bill.lines) == 3 and bill.payment.amount == 3 * 3333 + 6
    assert bill.net.amount + sum(taxes_of(bill).values()) == bill.payment.amount
    assert bill.tax_in(bill.refunds[0]).amount == 3334 - 2900
    page = shop.browser(shop.runner).get(f"/account/receipts/{order_id}").text
    assert "Refund, on its way" in page and "Line 3" in page and "66.71" in page


def test_page_and_file_say_the_same_in_both_languages(shop: Shop) -> None:
    with shop.app.app_context(), transaction() as session:
        booking = shop.paid(session, shop.call)
    browser = shop.browser(shop.runner)
    for prefix, words in (("", ("Receipt", "GST 5%", "QST 9.975%")), ("/fr", ("Reçu", "TPS 5", "TVQ 9,975"))):
        page = browser.get(f"{prefix}/bookings/{booking.id}/receipt")
        answer = browser.get(f"{prefix}/bookings/{booking.id}/receipt.pdf")
        assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
        file = text_of(answer.data)
        for word in (*words, "Zoë Œuvrard", "Rue de l’Église, Montréal", "123456789 RT0001", "Regard à distance"):
            assert word in page.text.replace("&#39;", "'") and word in file, word
    listed = browser.get("/account/receipts").text
    assert "Regard à distance" in listed and "Zoë Œuvrard" in listed


def test_a_receipt_names_the_day_of_what_was_paid_for(shop: Shop) -> None:
    with shop.app.app_context(), transaction() as session:
        booking, later = shop.paid(session, shop.call), session.get_one(Offer, shop.call.id)
        runner = session.get_one(User, shop.runner.id)
        first = days_said(session, booking.order_id, runner)
        assert booking.starts_at and first == [f"Regard à distance · {day(booking)}"]
        moved_to = times(session, later, in_days=9)[0]
        bookings.reschedule(session, booking.id, starts_at=moved_to, by=runner)
        assert first != days_said(session, booking.order_id, runner) == [f"Regard à distance · {day(booking)}"]
        begin(booking, minutes_ago=60)
        bookings.complete(session, booking.id)
        tip = tips.open_tip(session, booking.id, by=runner, amount=500)
        pay_order(session, tip.order_id)
        assert days_said(session, tip.order_id, runner) == [f"Tip: Regard à distance · {day(booking)}"]
    page = shop.browser(shop.runner).get(f"/fr/bookings/{booking.id}/receipt").text
    assert str(booking.starts_at.year) in page and "Regard à distance · " in page


def day(booking: Booking) -> str:
    """As she reads it in Toronto."""
    assert booking.starts_at
    local = booking.starts_at.astimezone(ZoneInfo("America/Toronto"))
    return f"{local:%B} {local.day}, {local.year}"


def days_said(session: Session, order_id: UUID | None, payer: User) -> list[str]:
    assert order_id
    with current_app.test_request_context("/"):
        session.flush()
        return [line for line, _amount in said(receipts.bill(session, order_id, payer.id))["lines"]]


def test_a_receipt_is_found_by_who_paid_it_alone(shop: Shop) -> None:
    with shop.app.app_context(), transaction() as session:
        booking = shop.paid(session, shop.call)
        unpaid = hold(session, session.get_one(Offer, shop.call.id), session.get_one(User, shop.runner.id))
        coach_user = session.get_one(User, shop.coach.user_id)
    paths = [f"/account/receipts/{booking.order_id}", f"/bookings/{booking.id}/receipt"]
    paths += [f"{path}.pdf" for path in paths]
    for path in paths:
        assert shop.browser(shop.runner).get(path).status_code == 200
        for stranger in (shop.other, coach_user):
            assert shop.browser(stranger).get(path).status_code == 404, path
        assert "/sign-in" in shop.app.test_client().get(path).location
    for path in (f"/account/receipts/{unpaid.order_id}", f"/bookings/{unpaid.id}/receipt"):
        assert shop.browser(shop.runner).get(path).status_code == 404, path
    assert "No receipt yet" in shop.browser(shop.other).get("/account/receipts").text


def test_letters_that_the_file_has_not_are_written_as_near_as_can_be() -> None:
    assert plain("Zoë Œuvrard – l’été, 95\N{NARROW NO-BREAK SPACE}€") == "Zoë Œuvrard – l’été, 95\N{NO-BREAK SPACE}€"
    assert plain("Łukasz Dvořák") == "Lukasz Dvorák" and plain("王") == "?"
    assert plain("Ştefan – “Šárka”") == "Stefan – “Šárka”"
    words = {"title": "x", "head": [("n", "1")], "lines": [(f"Line {n}", "1.00 CAD") for n in range(80)]}
    long = printed("x", blocks(words | {"totals": [("t", "80.00 CAD")], "refunds": [], "end": []}))
    assert long.count(b"/Type /Page\n") == 3 and "Line 79" in text_of(long)
