"""A coach moves a group visit with all who sit in it; and what a visit's own time is worth to its move."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.jobs import Job, run_due
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Claim, Visit
from tests import make
from tests.bookings.world import confirmed, hold, sign_in, times
from tests.programs import Api, token_of

pytestmark = pytest.mark.both_databases


class Clinic:
    """Three runners in a group visit of four seats, and the coach's person."""

    def __init__(self, session: Session) -> None:
        coach = make.coach(session)
        self.offer: Offer = make.offer(session, coach, seats=4, title="Hill clinic")
        self.coach_user = session.get_one(User, coach.user_id)
        self.runners = [make.user(session, name=f"Runner {name}") for name in ("Ash", "Birch", "Cedar")]
        self.times = times(session, self.offer)
        self.start, self.later = self.times[4], self.times[9]
        self.seats = [confirmed(session, self.offer, each, self.start) for each in self.runners]

    def move(self, session: Session, to: datetime) -> None:
        service.reschedule_visit(session, self.seats[1].id, by=self.coach_user, starts_at=to)


@pytest.fixture
def clinic(session: Session) -> Clinic:
    return Clinic(session)


def visits(session: Session) -> dict[datetime, tuple[int, int]]:
    """Seats and those taken, by start."""
    return {each.starts_at: (each.seats, each.seats_taken) for each in session.scalars(select(Visit))}


def news(session: Session) -> list[str]:
    return [each.payload["news"] for each in session.scalars(select(Job).where(col(Job.name) == "bookings.tell"))]


def test_all_move_together_with_history_mails_and_a_free_way_out(session: Session, clinic: Clinic) -> None:
    clinic.move(session, clinic.later)
    assert visits(session) == {clinic.later: (4, 3)}
    assert session.scalar(select(func.count()).select_from(Claim)) == 6
    assert [each.seat for each in clinic.seats] == [1, 2, 3]
    for each in clinic.seats:
        assert (each.starts_at, each.ends_at) == (clinic.later, clinic.later + timedelta(minutes=30))
        assert each.full_hours == 0 and each.calendar_sequence == 1
        (moved,) = session.scalars(
            select(BookingEvent).where(col(BookingEvent.booking_id) == each.id, col(BookingEvent.move) == "reschedule")
        )
        assert (moved.by, moved.from_start, moved.to_start) == ("coach", clinic.start, clinic.later)
    assert news(session).count("rescheduled") == 3
    clinic.move(session, clinic.later)
    assert news(session).count("rescheduled") == 3, "moved to where it is, it stays as it is"


def test_all_or_none_move(session: Session, clinic: Clinic) -> None:
    others = [confirmed(session, clinic.offer, make.user(session), clinic.later) for _ in range(2)]
    before = visits(session)
    with pytest.raises(Conflict, match="time-gone") as refusal, session.begin_nested():
        clinic.move(session, clinic.later)
    assert refusal.value.facts["others"] and visits(session) == before
    with pytest.raises(Invalid, match="time-off-grid"), session.begin_nested():
        clinic.move(session, clinic.later + timedelta(minutes=5))
    service.cancel(session, others[0].id, by=clinic.coach_user)
    session.expire_all()
    clinic.move(session, clinic.later)
    assert visits(session) == {clinic.later: (4, 4)}, "where there are seats enough, both groups are one"


def test_only_the_coach_moves_all_and_not_under_a_payment(session: Session, clinic: Clinic) -> None:
    for by, refusal in ((clinic.runners[0], Forbidden), (make.user(session), NotFound)):
        with pytest.raises(refusal):
            service.reschedule_visit(session, clinic.seats[0].id, by=by, starts_at=clinic.later)
    unpaid = hold(session, clinic.offer, make.user(session), clinic.start)
    with pytest.raises(Conflict, match="seat-unpaid") as refused:
        clinic.move(session, clinic.later)
    assert unpaid.hold_expires_at and refused.value.facts["until"] == unpaid.hold_expires_at.isoformat()
    service.expire(session, unpaid.id)
    clinic.move(session, clinic.later)


def test_an_offer_with_fewer_seats_by_now_keeps_all_who_have_one(session: Session, clinic: Clinic) -> None:
    clinic.offer.seats = 2
    clinic.move(session, clinic.later)
    assert visits(session) == {clinic.later: (3, 3)}


def test_what_is_shown_for_a_move_is_what_can_be_had(session: Session, clinic: Clinic) -> None:
    """Limits and minutes count without the visit that moves, and a group only where it finds seats."""
    coach = session.get_one(Coach, clinic.offer.coach_id)
    scheduling.set_limits(session, coach.id, scheduling.Limits(per_day=1))
    clinic.offer.interval_minutes = 10
    for _ in range(2):
        confirmed(session, clinic.offer, make.user(session), clinic.times[20])
    between = clinic.start - timedelta(hours=1), clinic.start + timedelta(days=2)
    booking, now = clinic.seats[0], clinic.start - timedelta(days=3)

    def shown(seats: int) -> set[datetime]:
        found = queries.openings_for(session, booking, clinic.offer, between=between, now=now, seats=seats)
        return {each.starts_at for each in found}

    near = clinic.start + timedelta(minutes=10)
    assert near in shown(3) and clinic.start not in shown(3), "onto a part of its own time, on its own full day"
    assert near not in shown(1), "the others stay, and the day is full"
    assert clinic.times[20] in shown(1) and clinic.times[20] not in shown(3), "there are two seats left"
    clinic.move(session, near)
    assert near in visits(session)


def test_what_is_proposed_may_lie_in_the_visits_own_time(session: Session, clinic: Clinic) -> None:
    offer = make.offer(session, session.get_one(Coach, clinic.offer.coach_id), interval_minutes=10)
    runner = clinic.runners[0]
    booking = confirmed(session, offer, runner, clinic.times[12])
    near = clinic.times[12] + timedelta(minutes=10)
    proposal = service.propose(session, booking.id, by=clinic.coach_user, times=[near])
    assert service.still_open(session, proposal, booking, clinic.start - timedelta(days=3)) == [near]
    assert service.accept(session, proposal.id, by=runner, starts_at=near).starts_at == near


@pytest.fixture
def pages(app: Flask) -> Clinic:
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context(), transaction() as session:
        return Clinic(session)


def moved(app: Flask) -> set[datetime | None]:
    with app.app_context(), transaction(write=False) as session:
        return set(session.scalars(select(col(Booking.starts_at))))


def test_a_coach_moves_her_group_from_the_page(app: Flask, client: FlaskClient, pages: Clinic) -> None:
    browser, path = sign_in(client, pages.coach_user), f"/bookings/{pages.seats[0].id}"
    page = browser.get(path).text
    assert "Move the whole group" in page and "Move only Runner Ash" in page
    query = {"who": "all", "starts_at": pages.later.isoformat()}
    asked = browser.get(f"{path}/rescheduling", query_string=query).text
    assert "3 runners sit in this session" in asked and 'name="who" value="all"' in asked
    assert "Only Runner Ash moves" in browser.get(f"{path}/rescheduling").text
    done = browser.post(f"{path}/rescheduling", data=query, follow_redirects=True)
    assert "Moved, with all 3 runners." in done.text and moved(app) == {pages.later}
    with app.app_context():
        run_due()
        with transaction(write=False) as session:
            mails = session.scalars(select(Job).where(col(Job.name) == "mail.send")).all()
            told = {each.payload["to"] for each in mails if "New time" in each.payload["subject"]}
    assert {each.email for each in pages.runners} <= told


def test_a_refused_move_keeps_the_group_chosen(app: Flask, client: FlaskClient, pages: Clinic) -> None:
    with app.app_context(), transaction() as session:
        offer = session.get_one(Offer, pages.offer.id)
        for _ in range(4):
            confirmed(session, offer, make.user(session), pages.later)
    browser, path = sign_in(client, pages.coach_user), f"/bookings/{pages.seats[0].id}/rescheduling"
    answer = browser.post(path, data={"who": "all", "starts_at": pages.later.isoformat()})
    assert answer.status_code == 409 and "All of them move together" in answer.text
    runner = sign_in(app.test_client(), pages.runners[0])
    assert "whole group" not in runner.get(path).text
    assert runner.post(path, data={"who": "all", "starts_at": pages.times[0].isoformat()}).status_code == 403


def test_the_api_moves_one_or_all(app: Flask, client: FlaskClient, pages: Clinic) -> None:
    api, path = Api(client, token_of(app, pages.coach_user)), f"/bookings/{pages.seats[0].id}/rescheduling"
    one = api("POST", path, starts_at=pages.times[0].isoformat())
    assert one.status_code == 200 and moved(app) == {pages.times[0], pages.start}
    path = f"/bookings/{pages.seats[1].id}/rescheduling"
    rest = api("POST", path, starts_at=pages.later.isoformat(), who="all")
    assert rest.status_code == 200 and moved(app) == {pages.times[0], pages.later}
    assert api("POST", path, starts_at=pages.later.isoformat(), who="some").status_code == 422
