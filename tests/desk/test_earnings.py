"""Where a coach's money is, and the way to her account at Stripe."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlmodel import Session

from marketplace import clock
from marketplace.bookings import service
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.db import db
from marketplace.desk import queries
from marketplace.desk.csv_file import text_of
from marketplace.desk.queries import Purse
from marketplace.jobs import publish
from marketplace.money import Money
from marketplace.payments import ledger, requirement_words
from marketplace.payments import queries as payments
from marketplace.payments import service as money
from marketplace.payments.models import PayoutAccount, Transfer
from marketplace.payments.service import books
from marketplace.payments.states import TransferStatus
from tests import make
from tests.bookings.world import begin, confirmed, times
from tests.desk.conftest import Desk
from tests.desk.test_home import text_of as words_of

SHARE = 8075


def only(purses: list[Purse]) -> Purse:
    (purse,) = purses
    return purse


def send(session: Session, booking: Booking) -> None:
    """What Stripe's yes to a transfer does."""
    transfer = payments.transfer_for(session, booking.id)
    assert isinstance(transfer, Transfer)
    transfer.status, transfer.sent_at = TransferStatus.SENT, clock.now()
    entry = ledger.transferred(transfer.id, transfer.coach_id, transfer.amount)
    books.write(session, entry, booking.currency)


@pytest.mark.both_databases
def test_money_moves_from_held_to_on_its_way_to_sent(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        first, _second = (confirmed(session, offer, runner, at) for at in times(session, offer)[:2])
        held = only(queries.earnings(session, desk.coach))
        assert (held.held.amount, held.on_its_way.amount, held.months) == (2 * SHARE, 0, [])
        begin(first, minutes_ago=60)
        service.complete(session, first.id)
    with desk.rows() as session:
        done = only(queries.earnings(session, desk.coach))
        assert (done.held.amount, done.on_its_way.amount, done.paid_out.amount) == (SHARE, SHARE, 0)
        assert done.next_at is not None and done.next_at > clock.now()
        week = clock.now() - timedelta(days=7), clock.now() + timedelta(days=1)
        assert queries.earned_between(session, desk.coach, *week) == [Money(SHARE, "CAD")]
        assert [each.where for each in queries.sold(session, desk.coach, 0)] == ["held", "waiting"]
    page = words_of(desk.browser.get("/coach/earnings").text)
    assert page.count("$80.75") == 5 and "Next sent" in page
    with desk.rows() as session:
        send(session, first)
        sent = only(queries.earnings(session, desk.coach))
        assert (sent.on_its_way.amount, sent.paid_out.amount, sent.next_at) == (0, SHARE, None)
        assert [(month.sessions, month.earned, month.sent) for month in sent.months] == [(1, SHARE, SHARE)]


@pytest.mark.both_databases
def test_what_a_bank_questions_is_not_on_its_way_and_says_so(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        first, second = (confirmed(session, offer, runner, at) for at in times(session, offer)[:2])
        for each in (first, second):
            begin(each, minutes_ago=60)
            service.complete(session, each.id)
        payments.payment_of(session, first.order_id).disputed_at = clock.now()
        session.flush()
        purse = only(queries.earnings(session, desk.coach))
        assert (purse.on_its_way.amount, purse.stopped.amount) == (SHARE, SHARE)
        payments.payment_of(session, second.order_id).disputed_at = clock.now()
        session.flush()
        purse = only(queries.earnings(session, desk.coach))
        assert (purse.on_its_way.amount, purse.stopped.amount, purse.next_at) == (0, 2 * SHARE, None)
    page = words_of(desk.browser.get("/coach/earnings").text)
    assert "$161.50" in page and "stopped while a runner’s bank asks for it back" in page and "Next sent" not in page


@pytest.mark.both_databases
def test_each_session_says_what_became_of_its_money(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        done, cancelled, taken = (confirmed(session, offer, runner, at) for at in times(session, offer)[:3])
        for each in (done, taken):
            begin(each, minutes_ago=60)
            service.complete(session, each.id)
        money.refund(session, taken.order_id, amount=9500, key="lost", reason="dispute", by="stripe")
        money.refund(session, done.order_id, amount=2000, key="complaint", reason="complaint", by="staff")
        service.cancel(session, cancelled.id, by=runner)
        session.flush()
        found = {each.line.reference_id: each for each in queries.sold(session, desk.coach, 0)}
        after = found[done.id]
        assert (after.paid.amount, after.refunded.amount, after.fee.amount) == (9500, 2000, 1425 - 300)
        assert after.share == Money(SHARE - 1700, "CAD") and after.where == "waiting"
        back = found[cancelled.id]
        assert (back.refunded.amount, back.fee.amount, back.share.amount, back.where) == (9500, 0, 0, "nothing")
        lost = found[taken.id]
        assert (lost.share.amount, lost.where) == (0, "taken")
        assert queries.sold(session, session.get_one(Coach, make.coach(session).id), 0) == []


def test_a_page_of_many_sessions_asks_no_more_of_the_database_than_one_of_two(desk: Desk) -> None:
    def asked() -> int:
        count = 0

        def counted(*_: object) -> None:
            nonlocal count
            count += 1

        with desk.rows() as session:
            event.listen(db.engine, "before_cursor_execute", counted)
            queries.earnings(session, desk.coach)
            queries.sold(session, desk.coach, 0)
            event.remove(db.engine, "before_cursor_execute", counted)
        return count

    def book(first: int, last: int) -> None:
        with desk.rows() as session:
            offer, runner = desk.of(session, desk.call.id)
            for at in times(session, offer, days=20)[first:last]:
                confirmed(session, offer, runner, at)

    book(0, 2)
    few = asked()
    book(2, 14)
    assert asked() == few <= 16


def test_a_coach_of_pounds_and_one_of_dollars_never_meet_and_one_who_moved_keeps_them_apart(desk: Desk) -> None:
    with desk.rows() as session:
        london = make.place(session, id=2643743, name="London", region="ENG", country="GB", timezone="Europe/London")
        british = make.coach(session, currency="GBP", place_id=london.id)
        pounds = make.offer(session, british, price=8000)
        offer, runner = desk.of(session, desk.call.id)
        first, second = times(session, offer)[:2]
        begin(mine := confirmed(session, offer, runner, first), 60)
        begin(hers := confirmed(session, pounds, runner, times(session, pounds)[3]), 60)
        for each in (mine, hers):
            service.complete(session, each.id)
        assert only(queries.earnings(session, british)).on_its_way == Money(6800, "GBP")
        assert only(queries.earnings(session, desk.coach)).on_its_way == Money(SHARE, "CAD")
        moved = session.get_one(Coach, desk.coach.id)
        moved.currency = "GBP"
        confirmed(session, make.offer(session, moved, price=4000), runner, second)
        gbp, cad = queries.earnings(session, moved)
        assert (gbp.held, gbp.on_its_way, gbp.months) == (Money(3400, "GBP"), Money(0, "GBP"), [])
        assert (cad.held, cad.on_its_way, len(cad.months)) == (Money(0, "CAD"), Money(SHARE, "CAD"), 1)
        week = clock.now() - timedelta(days=7), clock.now() + timedelta(days=1)
        assert queries.earned_between(session, moved, *week) == [Money(SHARE, "CAD")]
        assert {each.paid.currency for each in queries.sold(session, moved, 0)} == {"GBP", "CAD"}
        assert {each.currency for each in queries.movements(session, moved)} == {"GBP", "CAD"}
    page = words_of(desk.browser.get("/coach/earnings").text)
    assert "£34" in page and "$80.75" in page and "In GBP" in page and "In CAD" in page
    assert "$80.75" in words_of(desk.browser.get("/coach").text)


@pytest.mark.both_databases
def test_the_file_has_every_movement_once_and_adds_up_to_the_page(desk: Desk) -> None:
    with desk.rows() as session:
        money.register(session, desk.coach.id, address="", gst_hst="123456789 RT0001", qst="", vat="")
        offer, runner = desk.of(session, desk.call.id)
        offer.title, runner.name = "=HYPERLINK(1)", "@Zoë Été"
        session.add_all([offer, runner])
        done, ahead = (confirmed(session, offer, runner, at) for at in times(session, offer)[:2])
        begin(done, minutes_ago=60)
        service.complete(session, done.id)
        send(session, done)
    answer = desk.browser.get("/coach/earnings.csv")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert [row["What"] for row in rows] == ["Payment", "Payment", "Session done", "Transfer to you"]
    assert {row["Entry"] for row in rows}.__len__() == 4
    sums = {name: sum(float(row[name]) for row in rows) for name in ("Paid by the runner", "Your share", "Our fee")}
    assert sums == {"Paid by the runner": 190.0, "Your share": 80.75, "Our fee": 14.25}
    assert rows[0]["HST in it"] == "10.93" and rows[3]["Sent to you"] == "80.75"
    assert rows[0]["Session"] == "'=HYPERLINK(1)" and rows[0]["Runner"] == "'@Zoë"
    french = desk.browser.get("/fr/coach/earnings.csv").data.decode("utf-8-sig")
    assert "TVH" in french.splitlines()[0] and ahead.id


def test_cells_are_data_and_amounts_are_decimals() -> None:
    text = text_of(["a", "b"], [["-1+1", -5], ["\tx", 123456], [" =1", None], ["plain", 0]])
    assert text == "\ufeffa,b\r\n'-1+1,-0.05\r\n'\tx,1234.56\r\n' =1,\r\nplain,0.00\r\n"


def test_a_coach_without_an_account_is_shown_the_way_to_it(desk: Desk) -> None:
    assert "Open your payout account" not in desk.browser.get("/coach/earnings").text
    with desk.rows() as session:
        account = session.get_one(PayoutAccount, desk.coach.id)
        account.payouts_enabled, account.missing = False, ["external_account", "person_1Ab.dob.day", "new.thing"]
    page = desk.browser.get("/coach/earnings").text
    for sentence in ("Add the bank account", "Give your date of birth", "Answer one more question"):
        assert sentence in page
    with desk.rows() as session:
        account = session.get_one(PayoutAccount, desk.coach.id)
        account.payouts_enabled, account.due_by = True, clock.now() + timedelta(days=9)
    assert "Stripe asks for more by" in desk.browser.get("/coach/earnings").text
    with desk.rows() as session:
        session.delete(session.get_one(PayoutAccount, desk.coach.id))
    assert "Open your payout account" in desk.browser.get("/coach/earnings").text


def test_what_stripe_asks_for_is_said_once_and_by_what_it_is(desk: Desk) -> None:
    with desk.rows():
        names = ["individual.verification.document", "person_9.verification.document", "tos_acceptance.date"]
        names += ["tos_acceptance.ip", "business_profile.url", "individual.verification.additional_document"]
        said = requirement_words.asked(names)
        assert [sentence.split()[0] for sentence in said] == ["Upload", "Accept", "Give", "Upload"]
        assert "photo" in said[0] and "second" in said[3]
        assert requirement_words.why_shut(None) is None
        reasons = ("requirements.past_due", "rejected.fraud", "under_review", "never.heard.of")
        assert len({requirement_words.why_shut(each) for each in reasons}) == 4


def test_when_stripe_does_not_answer_she_is_told_so_and_nothing_breaks(desk: Desk) -> None:
    for answer in (desk.browser.post("/coach/payouts"), desk.browser.get("/coach/payouts/again")):
        assert answer.status_code == 409 and "does not answer" in answer.text
    browser = desk.browser
    assert browser.get("/coach/payouts").location == "/coach/earnings"
    assert "does not answer" in browser.get("/coach/earnings").text


def test_numbers_are_kept_by_their_format_and_refused_with_what_was_typed(desk: Desk) -> None:
    path = "/coach/earnings/receipts"
    wrong = desk.browser.post(path, data={"gst_hst": "12345", "qst": "12345678tq1", "address": "1 Main St"})
    assert wrong.status_code == 422
    for text in ("nine digits", "ten digits", 'value="12345"', "1 Main St"):
        assert text in wrong.text
    typed = {"gst_hst": "123456789rt0001", "qst": "1234567890-TQ-0001", "address": "1 Main St\nOttawa"}
    assert desk.browser.post(path, data=typed).status_code == 303
    page = desk.browser.get(path).text
    assert 'value="123456789 RT0001"' in page and 'value="1234567890 TQ0001"' in page and "1 Main St, Ottawa" in page


def test_a_coach_who_cannot_be_paid_has_a_page_without_times_and_is_in_no_results(desk: Desk) -> None:
    visitor = desk.app.test_client()
    book = f"/coaches/{desk.coach.slug}/book?offer={desk.review.id}"
    with desk.rows() as session:
        session.get_one(PayoutAccount, desk.coach.id).payouts_enabled = False
        publish(session, "payouts.changed", coach_id=desk.coach.id)
    page = visitor.get(f"/coaches/{desk.coach.slug}")
    assert page.status_code == 200 and "takes no new bookings for now" in page.text and 'class="time"' not in page.text
    assert "can’t be paid at the moment" in visitor.get(book).text
    assert desk.coach.name not in visitor.get("/coaches").text
    with desk.rows() as session:
        session.get_one(PayoutAccount, desk.coach.id).payouts_enabled = True
        publish(session, "payouts.changed", coach_id=desk.coach.id)
    assert "takes no new bookings" not in visitor.get(f"/coaches/{desk.coach.slug}").text
    assert "can’t be paid" not in visitor.get(book).text
    assert desk.coach.name in visitor.get("/coaches").text


def test_a_coach_who_moved_is_told_how_to_charge_in_the_currency_of_her_new_place(desk: Desk) -> None:
    assert "To charge in that" not in desk.browser.get("/coach/offers").text
    with desk.rows() as session:
        london = make.place(session, id=2643743, name="London", region="ENG", country="GB", timezone="Europe/London")
        session.get_one(Coach, desk.coach.id).place_id = london.id
    assert "You charge in CAD, though you live where one pays in GBP" in desk.browser.get("/coach/offers").text
