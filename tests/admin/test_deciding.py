"""Staff's desk, through its pages: complaints, disputes, what did not move, orders, the books."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock, doctor
from marketplace.bookings.absence_models import Absence
from marketplace.db import transaction
from marketplace.jobs import Job, JobStatus, enqueue
from marketplace.migrating import alembic
from marketplace.payments import ledger, queries
from marketplace.payments import service as payments
from marketplace.payments.models import LedgerEntry, LedgerLine, Refund, Transfer
from marketplace.payments.models_back import Dispute, Reversal
from tests.payments.test_without_us import charged_again, charged_otherwise

SHARE = 9500 - 1425


def owes(office):
    with transaction(write=False) as session:
        return queries.balance(session, ledger.coach(office.shop.coach_id), "CAD")


def mails(office):
    return [job.key for job in office.shop.all(Job) if job.name == "mail.send" and "admin:" in (job.key or "")]


def test_with_nothing_waiting_the_page_says_so(office):
    assert "Nothing waits" in office.staff.get("/admin").text


def test_a_complaint_waits_with_both_sides_and_their_history_until_it_is_decided(office):
    office.complain()
    office.shop.work()
    assert len([key for key in mails(office) if "complaint" in key]) == 1
    assert "The call broke off" in office.staff.get("/admin").text
    address = f"/admin/complaints/{office.booking_id}"
    page = office.staff.get(address).text
    assert "Zoë Łukasz" in page and "1 complaint" in page and "1 booking, 1 done" in page
    for wrong, sentence in (
        ({}, "Please fill this in"),
        ({"outcome": "part", "words": "kept words"}, "say how much"),
        ({"outcome": "part", "amount": "a lot", "words": "kept words"}, "an amount such as"),
        ({"outcome": "part", "amount": "1.005"}, "an amount such as"),
        ({"outcome": "part", "amount": "1,000"}, "an amount such as"),
        ({"outcome": "part", "amount": "-5"}, "an amount such as"),
        ({"outcome": "part", "amount": "0"}, "say how much"),
        ({"outcome": "part", "amount": "95.01", "words": "kept words"}, "more than is left"),
    ):
        refused = office.staff.post(f"{address}/decision", data=wrong)
        assert refused.status_code in (409, 422) and sentence in refused.text
        assert "words" not in wrong or "kept words" in refused.text
    decided = office.staff.post(f"{address}/decision", data={"outcome": "part", "amount": "25.00", "words": "Fair."})
    assert decided.status_code == 303
    office.shop.work()
    assert [row.amount for row in office.shop.all(Refund)] == [2500]
    office.send_share()
    assert [(row.amount, row.status.value) for row in office.shop.all(Transfer)] == [(5950, "sent")]
    assert "Nothing waits" in office.staff.get("/admin").text
    assert office.staff.post(f"{address}/decision", data={"outcome": "all"}).status_code == 409
    office.shop.check()


def test_a_complaint_that_is_decided_after_the_transfer_takes_the_coachs_part_back(office):
    office.send_share()
    with transaction() as session:  # staff take it up for her, days later
        from marketplace.accounts.models import User
        from marketplace.bookings import service

        staff = session.get_one(User, office.staff_id)
        service.complain(session, office.booking_id, by=staff, words="She wrote to us after three days.")
    office.staff.post(f"/admin/complaints/{office.booking_id}/decision", data={"outcome": "part", "amount": "47,50"})
    office.shop.work()
    assert [row.amount for row in office.shop.all(Refund)] == [4750]
    assert [(row.amount, row.status.value) for row in office.shop.all(Reversal)] == [(4037, "sent")]
    assert owes(office) == 0
    file = office.as_(office.coach_user_id).get("/coach/earnings.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {row["What"]: row["Sent to you"] for row in rows}["Taken back from your account"] == "-40.37"
    assert [round(sum(float(row[name] or 0) for row in rows), 2) for name in ("Your share", "Sent to you")] == [
        40.38
    ] * 2
    assert {row["Session"] for row in rows} == {"Form review"}
    office.shop.check()


def test_staff_do_not_decide_about_a_session_of_their_own(office):
    office.complain()
    with transaction() as session:
        from marketplace.accounts.models import User

        session.get_one(User, office.runner_id).is_staff = True
    runner = office.as_(office.runner_id)
    assert "somebody else of staff decides" in runner.get(f"/admin/complaints/{office.booking_id}").text
    answer = runner.post(f"/admin/complaints/{office.booking_id}/decision", data={"outcome": "all"})
    assert answer.status_code == 403
    assert office.shop.all(Refund) == []


@pytest.mark.parametrize("is_sent", [False, True])
def test_a_dispute_waits_its_evidence_is_sent_once_and_a_lost_one_costs_the_coach_her_share(office, is_sent):  # 24
    if is_sent:
        office.send_share()
    dispute = office.dispute()
    office.shop.work()
    assert len([key for key in mails(office) if "dispute" in key]) == 1
    page = office.staff.get("/admin").text
    assert "Disputes" in page and "not her payment" in page
    page = office.staff.get(f"/admin/disputes/{dispute}").text
    for told in ("Form review", "zoe@example.com", "chose the time and agreed", "100 % until", "confirmed"):
        assert told in page
    assert office.staff.post(f"/admin/disputes/{dispute}/evidence").status_code == 303
    again = office.staff.post(f"/admin/disputes/{dispute}/evidence")
    assert again.status_code == 409 and "sent already" in again.text
    there = office.shop.stripe._client.v1.disputes.retrieve(dispute)
    assert there.status == "under_review" and "FORM REVIEW" not in there.evidence.product_description
    assert "Zoë Łukasz" in there.evidence.uncategorized_text
    office.close(dispute, "lose")
    payments.release_due()
    assert len([key for key in mails(office) if "dispute_lost" in key]) == 1
    assert "Lost" in office.staff.get(f"/admin/disputes/{dispute}").text
    assert owes(office) == 0
    assert [row.amount for row in office.shop.all(Reversal)] == ([SHARE] if is_sent else [])
    assert [row.status for row in office.shop.all(Transfer)] == ["sent" if is_sent else "cancelled"]
    desk = office.as_(office.coach_user_id).get("/coach/earnings").text
    assert "$0" in desk
    assert "Nothing waits" in office.staff.get("/admin").text
    office.shop.check()


def test_what_both_say_of_an_absence_is_evidence_and_staff_hear_how_it_ended(office):
    with transaction() as session:
        said = {"words": "I waited at the gate", "objection": "I stood at the other one"}
        times = {"reported_at": clock.now(), "object_until": clock.now(), "ended_at": clock.now()}
        who = {"booking_id": office.booking_id, "absent": "coach", "reported_by": office.runner_id}
        session.add(Absence(status="dismissed", **who, **said, **times))
    dispute = office.dispute()
    page = office.staff.get(f"/admin/disputes/{dispute}").text
    assert all(each in page for each in ("Report that the coach did not come", *said.values(), "dismissed"))
    office.close(dispute, "win")
    assert len([key for key in mails(office) if "dispute_won" in key]) == 1


def test_the_evidence_is_one_file_that_a_reader_opens(office):
    dispute = office.dispute()
    answer = office.staff.get(f"/admin/disputes/{dispute}/evidence.pdf")
    assert answer.mimetype == "application/pdf"
    assert answer.data.startswith(b"%PDF-") and answer.data.rstrip().endswith(b"%%EOF")
    assert f"evidence-{dispute}.pdf" in answer.headers["Content-Disposition"]
    assert len(re.findall(rb"/Type /Page\b", answer.data)) >= 1


def test_stripe_away_sends_no_evidence_and_says_so(office):
    dispute = office.dispute()
    office.shop.browser.knobs(fail={"path": "/v1/disputes", "status": 500})
    answer = office.staff.post(f"/admin/disputes/{dispute}/evidence")
    assert answer.status_code == 409 and "does not answer" in answer.text
    assert office.shop.row(Dispute, dispute).evidence_sent_at is None


def test_money_that_did_not_move_waits_with_its_reason_and_is_tried_again(office):
    office.send_share()
    office.complain()
    office.shop.browser.knobs(reversals_refused=1, fail={"path": "/v1/refunds", "status": 400})
    office.staff.post(f"/admin/complaints/{office.booking_id}/decision", data={"outcome": "all"})
    office.shop.work()
    page = office.staff.get("/admin").text
    assert "Refunds that failed" in page and "can’t cover it" in page
    assert len([key for key in mails(office) if "money" in key]) == 2
    (refund,), (reversal,) = office.shop.all(Refund), office.shop.all(Reversal)
    assert office.staff.post(f"/admin/refunds/{refund.id}/attempts").status_code == 303
    assert office.staff.post(f"/admin/reversals/{reversal.id}/attempts").status_code == 303
    assert office.staff.post(f"/admin/reversals/{reversal.id}/attempts").status_code == 409
    office.shop.work()
    assert (office.shop.row(Refund, refund.id).status, office.shop.row(Reversal, reversal.id).status) == ("sent",) * 2
    assert "Nothing waits" in office.staff.get("/admin").text
    office.shop.check()


def test_what_a_coach_can_not_give_back_is_written_off(office):
    office.send_share()
    office.complain()
    office.shop.browser.knobs(reversals_refused=1)
    office.staff.post(f"/admin/complaints/{office.booking_id}/decision", data={"outcome": "all"})
    office.shop.work()
    assert owes(office) == SHARE
    (reversal,) = office.shop.all(Reversal)
    assert office.staff.post(f"/admin/reversals/{reversal.id}/loss").status_code == 303
    assert owes(office) == 0
    office.shop.check()


def test_a_transfer_that_stripe_refused_is_tried_again(office):
    office.shop.browser.knobs(fail={"path": "/v1/transfers", "status": 400})
    office.send_share()
    (transfer,) = office.shop.all(Transfer)
    assert "Transfers to coaches that failed" in office.staff.get("/admin").text
    assert office.staff.post(f"/admin/transfers/{transfer.id}/attempts").status_code == 303
    payments.release_due()
    assert office.shop.row(Transfer, transfer.id).status == "sent"


def test_a_job_that_was_given_up_waits_and_begins_anew(office):
    with transaction() as session:
        enqueue(session, "bookings.tell", booking_id=office.booking_id, news="confirmed")
        job = session.scalars(select(Job).where(Job.name == "bookings.tell").order_by(Job.id.desc())).first()
        job.status, job.attempts, job.error = JobStatus.DEAD, 12, "Traceback\nValueError: it broke"
        job_id = job.id
    assert "ValueError: it broke" in office.staff.get("/admin").text
    assert office.staff.post(f"/admin/jobs/{job_id}/attempts").status_code == 303
    assert office.staff.post(f"/admin/jobs/{job_id}/attempts").status_code == 409
    office.shop.work()
    assert office.shop.row(Job, job_id).status == JobStatus.DONE


def test_an_order_is_found_by_what_one_has_of_it_and_told_whole(office):
    payment = office.shop.payment(office.order_id)
    for wanted in ("zoe@example.com", "ZOË"[:2], str(office.order_id), str(office.booking_id), payment.charge_id):
        assert str(office.order_id) in office.staff.get("/admin/orders", query_string={"q": wanted}).text, wanted
    assert "None is found" in office.staff.get("/admin/orders?q=nobody").text
    office.send_share()
    office.complain()
    office.staff.post(f"/admin/complaints/{office.booking_id}/decision", data={"outcome": "part", "amount": "25"})
    office.shop.work()
    page = office.staff.get(f"/admin/orders/{office.order_id}").text
    for told in (payment.charge_id, "Back from the coach", "To the coach", "Refund", "uphold-complaint", "reversal"):
        assert told in page, told


def test_the_books_balance_day_by_day(office):
    office.send_share()
    page = office.staff.get("/admin/books").text
    row = re.search(r"<tbody>(.*?)</tbody>", page, re.S)[1]
    amounts = [int(float(found.replace(",", "")) * 100) for found in re.findall(r"(?<=money\">)-?\$?([\d.,]+)", row)]
    assert len(amounts) >= 4
    assert office.staff.get("/admin/books?month=2026-13").status_code == 422
    assert "Nothing was written" in office.staff.get("/admin/books?month=2001-01&currency=CAD").text


@pytest.mark.both_databases
def test_a_day_of_the_books_is_the_sum_of_all_before_it(app):
    from datetime import UTC, date, datetime

    from marketplace.admin import queries as books

    with app.app_context(), transaction() as session:
        for day, at in enumerate((datetime(2026, 1, 31, 23, 59, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC),
                                  datetime(2026, 2, 1, 23, 59, tzinfo=UTC))):  # fmt: skip
            entry = LedgerEntry(source=f"charge:{day}", currency="CAD", at=at)
            other = LedgerEntry(source=f"charge:e{day}", currency="EUR", at=at)
            session.add_all((entry, other))
            session.flush()
            session.add_all(
                LedgerLine(entry_id=row.id, account=account, amount=amount)
                for row in (entry, other)
                for account, amount in (("stripe", 100), (f"held:{day}", -100))
            )
        (first,) = books.days(session, "CAD", date(2026, 2, 1))
        assert (first.on, first.entries) == (date(2026, 2, 1), 2)
        assert first.balances == {"stripe": 300, "held": -300}
        assert books.months(session, "CAD") == [date(2026, 2, 1), date(2026, 1, 1)]
        assert books.used_currencies(session) == ["CAD", "EUR"]
        assert books.kinds([first]) == ["stripe", "held"]


def test_what_only_stripe_knows_is_named_and_taken_in(office):
    office.shop.browser.knobs(refund_charge=office.shop.payment(office.order_id).charge_id)
    refund = office.shop.stripe.list_refunds(office.shop.payment(office.order_id).charge_id)[0].id
    found = payments.differences(until=clock.now() + timedelta(minutes=1))
    assert [(each.source, each.ours, each.theirs) for each in found] == [(refund, None, -9500)]
    page = office.staff.get("/admin/books/differences").text
    assert "Stripe has never sent us news" in page
    with transaction() as session:
        payments.take_in(session, {"id": "evt_1", "type": "charge.succeeded"})
    assert "Stripe last sent us news" in office.staff.get("/admin/books/differences").text
    assert "No difference" in page  # a moment ago: it may be on its way
    assert office.staff.post("/admin/books/differences/looks").status_code == 303


def test_stripe_away_is_said_on_the_page_of_differences(office):
    office.shop.browser.knobs(fail={"path": "/v1/balance_transactions", "method": "GET", "status": 500})
    assert "does not answer" in office.staff.get("/admin/books/differences").text


def test_the_doctor_compares_the_books_with_stripe(office):
    settings = office.shop.app.extensions["settings"]
    alembic().stamp()
    assert not [line for line in doctor.findings(settings) if "Stripe has" in line]
    office.shop.browser.knobs(refund_charge=office.shop.payment(office.order_id).charge_id)
    (line,) = [line for line in doctor.findings(settings) if "Stripe has" in line]
    assert "CAD at Stripe" in line


def test_staff_read_of_disputes_that_wait_for_nothing_and_of_charges_that_nothing_was_sold_for(office):
    shop = office.shop
    second = charged_again(shop, office.order_id)
    for act, charge in (("block_charge", shop.payment(office.order_id).charge_id), ("dispute_charge", second)):
        shop.browser.knobs(**{act: charge})
    disputed, blocked = (each.id for each in shop.stripe._client.v1.disputes.list().data)
    for dispute in (blocked, disputed):
        payments.look_at_dispute(dispute)
    shop.work()
    assert len([key for key in mails(office) if "dispute_over" in key]) == 1
    assert "Nothing was sold for this charge" not in office.staff.get(f"/admin/disputes/{blocked}").text
    page = office.staff.get(f"/admin/disputes/{disputed}").text
    assert "Nothing was sold for this charge" in page and second in page
    assert "Send the evidence" not in page and "Paid back" not in page
    office.close(disputed, "lose")
    shop.browser.knobs(appeal_dispute=disputed)
    office.close(disputed, "win")
    assert "Lost, then won after all" in office.staff.get(f"/admin/disputes/{disputed}").text
    assert len([key for key in mails(office) if "dispute_recovered" in key]) == 1
    shop.check()


def test_staff_hear_of_a_charge_that_was_not_what_was_agreed(office):
    charged_otherwise(office.shop)
    office.shop.work()
    assert len([key for key in mails(office) if "admin:rejected:" in key]) == 1
