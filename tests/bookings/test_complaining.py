"""Complaints from the first word to the decision: who may, what happens to the money, who is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.complaint_models import Complaint
from marketplace.bookings.models import Booking
from marketplace.db import transaction
from marketplace.errors import Conflict, Forbidden, NotFound
from marketplace.jobs import Job
from marketplace.payments import queries as money
from marketplace.payments.models import Refund, Transfer
from tests import make
from tests.bookings.world import confirmed
from tests.programs import Api, token_of

WORDS = "The coach was on the phone for half of it."
SHARE = 9500 - 1425


@pytest.fixture
def done(session):
    """A booking whose visit ended an hour ago, and its people."""
    coach, runner, staff = make.coach(session), make.user(session), make.user(session, is_staff=True)
    booking = confirmed(session, make.offer(session, coach), runner)
    over(booking)
    service.complete(session, booking.id)
    return booking, runner, session.get_one(User, coach.user_id), staff


def over(booking: Booking, hours: float = 1) -> None:
    """Let its visit have ended so long ago."""
    length = booking.ends_at - booking.starts_at
    booking.ends_at = clock.now() - timedelta(hours=hours)
    booking.starts_at = booking.ends_at - length


def transfer(session) -> Transfer:
    return session.scalars(select(Transfer)).one()


def back(session) -> list[int]:
    return list(session.scalars(select(Refund.amount)))


def told(session) -> list[str]:
    rows = session.scalars(select(Job).where(Job.name == "bookings.tell_complaint").order_by(Job.id))
    return [row.payload["news"] for row in rows]


def test_a_complaint_keeps_the_coachs_share_back_and_is_told_to_both(session, done):
    booking, runner, coach_user, _ = done
    first = service.complain(session, booking.id, by=runner, words=WORDS)
    assert service.complain(session, booking.id, by=runner, words="again, by a double click").id == first.id
    assert transfer(session).stopped_at is not None
    assert money.transfers_due(session, now=clock.now() + timedelta(days=3), limit=9) == []
    assert told(session) == ["opened"]


def test_the_coach_answers_and_may_mend_her_answer(session, done):
    booking, runner, coach_user, _ = done
    service.complain(session, booking.id, by=runner, words=WORDS)
    for words in ("It was a short call.", "It was a call of one minute."):
        complaint = service.answer_complaint(session, booking.id, by=coach_user, words=words)
    assert complaint.answer == "It was a call of one minute."
    with pytest.raises(Forbidden):
        service.answer_complaint(session, booking.id, by=runner, words=WORDS)


@pytest.mark.parametrize(
    ("refund", "status", "sent"), [(0, "dismissed", SHARE), (2500, "upheld", 5950), (9500, "upheld", 0)]
)
@pytest.mark.both_databases
def test_staff_give_back_none_a_part_or_all_and_the_coach_gets_the_rest(session, done, refund, status, sent):
    booking, runner, _, staff = done
    service.complain(session, booking.id, by=runner, words=WORDS)
    complaint = service.decide_complaint(session, booking.id, by=staff, refund=refund, words="We have listened.")
    assert (complaint.status, complaint.refund) == (status, refund)
    assert back(session) == ([refund] if refund else [])
    row = transfer(session)
    assert row.stopped_at is None and row.due_at <= clock.now(), "what is hers is sent at once"
    assert (row.amount if row.status == "pending" else 0) == sent
    assert [event.move for event in queries.history(session, booking.id)][-1] in (
        "refund", "dismiss-complaint", "uphold-complaint",
    )  # fmt: skip
    with pytest.raises(Conflict):
        service.decide_complaint(session, booking.id, by=staff, refund=0)
    assert told(session) == ["opened", "decided"]


def test_a_complaint_taken_back_pays_the_coach_and_can_not_be_made_again(session, done):
    booking, runner, coach_user, _ = done
    service.complain(session, booking.id, by=runner, words=WORDS)
    with pytest.raises(Forbidden):
        service.withdraw_complaint(session, booking.id, by=coach_user)
    service.withdraw_complaint(session, booking.id, by=runner)
    assert transfer(session).stopped_at is None and transfer(session).due_at <= clock.now()
    with pytest.raises(Conflict) as refused:
        service.complain(session, booking.id, by=runner, words=WORDS)
    assert refused.value.kind == "complained"


def test_more_than_was_paid_and_not_given_back_yet_is_not_given_back(session, done):
    booking, runner, _, staff = done
    service.complain(session, booking.id, by=runner, words=WORDS)
    with pytest.raises(Conflict) as refused, session.begin_nested():
        service.decide_complaint(session, booking.id, by=staff, refund=9501)
    assert (refused.value.kind, refused.value.field) == ("refund-too-much", "amount")


def test_after_a_day_the_runner_is_too_late_and_staff_are_not(session, done):
    booking, runner, _, staff = done
    over(booking, hours=25)
    with pytest.raises(Conflict) as refused:
        service.complain(session, booking.id, by=runner, words=WORDS)
    assert refused.value.kind == "complaint-too-late"
    assert service.complain(session, booking.id, by=staff, words=WORDS).is_open


def test_who_has_no_part_in_it_finds_nothing_and_the_coach_does_not_complain(session, done):
    booking, _, coach_user, _ = done
    with pytest.raises(NotFound):
        service.complain(session, booking.id, by=make.user(session), words=WORDS)
    with pytest.raises(Forbidden):
        service.complain(session, booking.id, by=coach_user, words=WORDS)
    with pytest.raises(NotFound):
        service.answer_complaint(session, booking.id, by=coach_user, words=WORDS)


def test_staff_do_not_decide_about_their_own_sessions(session, done):
    booking, runner, coach_user, _ = done
    runner.is_staff = coach_user.is_staff = True
    service.complain(session, booking.id, by=runner, words=WORDS)
    for party in (runner, coach_user):
        with pytest.raises(Forbidden), session.begin_nested():
            service.decide_complaint(session, booking.id, by=party, refund=9500)


def test_a_session_that_is_over_and_not_completed_yet_can_be_complained_of(session):
    runner = make.user(session)
    booking = confirmed(session, make.offer(session, make.coach(session)), runner)
    with pytest.raises(Conflict) as refused:
        service.complain(session, booking.id, by=runner, words=WORDS)
    assert refused.value.kind == "not-over-yet"
    over(booking, hours=0.1)
    service.complain(session, booking.id, by=runner, words=WORDS)
    assert booking.status == "completed"
    assert transfer(session).stopped_at is not None


def test_both_sides_are_mailed_once_in_words_of_their_own(app):
    with app.app_context():
        with transaction() as session:
            coach, runner = make.coach(session), make.user(session, name="Rae", language="fr")
            staff = make.user(session, is_staff=True)
            booking = confirmed(session, make.offer(session, coach), runner)
            over(booking)
            service.complain(session, booking.id, by=runner, words=WORDS)
            coach_user = session.get_one(User, coach.user_id)
            service.answer_complaint(session, booking.id, by=coach_user, words="A call of one minute.")
            service.decide_complaint(session, booking.id, by=staff, refund=2500, words="A fair part.")
        for _ in range(2):
            while jobs.run_next():
                pass
        with transaction(write=False) as session:
            mails = session.scalars(
                select(Job).where(Job.name == "mail.send", Job.key.contains("bookings:complaint"))
            ).all()
            found = {(part := mail.key.split(":"))[4] + ":" + part[-1]: mail.payload for mail in mails}
    assert len(found) == 6
    assert "A fair part." in found["decided:runner"]["text"]
    assert "25" in found["decided:coach"]["text"]
    assert WORDS in found["opened:coach"]["text"]


def test_pages_for_runner_and_coach_from_the_form_to_the_answer(app, client):
    with app.app_context(), transaction() as session:
        coach, runner, stranger = make.coach(session), make.user(session), make.user(session)
        booking = confirmed(session, make.offer(session, coach), runner)
        over(booking)
        ids = booking.id, runner.id, coach.user_id, stranger.id
    address = f"/bookings/{ids[0]}/complaint"
    make.signed_in(client, ids[1])
    assert "Something went wrong?" in client.get(f"/bookings/{ids[0]}").text
    refused = client.post(address, data={"words": "bad"})
    assert refused.status_code == 422 and ">\nbad</textarea>" in refused.text
    assert client.post(address, data={"words": WORDS}).status_code == 303
    page = client.get(address).text
    assert WORDS in page and "Take the complaint back" in page
    make.signed_in(client, ids[2])
    assert "Answer it" in client.get(f"/bookings/{ids[0]}").text
    assert client.post(f"{address}/answer", data={"words": "It was one minute."}).status_code == 303
    assert client.post(f"{address}/withdrawal").status_code == 403
    make.signed_in(client, ids[3])
    assert client.get(address).status_code == 404
    assert client.post(address, data={"words": WORDS}).status_code == 404
    make.signed_in(client, ids[1])
    assert "It was one minute." in client.get(address).text
    assert client.post(f"{address}/withdrawal").status_code == 303
    assert "taken back" in client.get(address).text


def test_the_api_complains_answers_and_takes_back(app, client):
    with app.app_context(), transaction() as session:
        coach, runner = make.coach(session), make.user(session)
        booking = confirmed(session, make.offer(session, coach), runner)
        over(booking)
        coach_user = session.get_one(User, coach.user_id)
        address = f"/bookings/{booking.id}/complaint"
    as_runner, as_coach = Api(client, token_of(app, runner)), Api(client, token_of(app, coach_user))
    assert as_runner("GET", address).status_code == 404
    assert as_runner("POST", address, words="no").status_code == 422
    made = as_runner("POST", address, words=WORDS)
    assert made.status_code == 201
    assert made.json["status"] == "open" and made.json["refund"] == {"amount": 0, "currency": "CAD"}
    assert as_coach("POST", f"{address}/answer", words="It was one minute.").json["answer"] == "It was one minute."
    assert as_coach("POST", f"{address}/withdrawal").status_code == 403
    assert as_runner("POST", f"{address}/withdrawal").json["status"] == "withdrawn"
    assert as_runner("GET", address).json["ended_at"] is not None


def test_what_a_person_complained_of_is_in_the_copy_of_her_data(session, done):
    booking, runner, *_ = done
    service.complain(session, booking.id, by=runner, words=WORDS)
    (mine,) = queries.complaints_of(session, runner.id)
    assert isinstance(mine, Complaint) and mine.words == WORDS
    assert queries.record(session, runner_id=runner.id) == queries.Record(1, 1, 0, 1, 0)
    assert queries.record(session, coach_id=booking.coach_id).complaints == 1
