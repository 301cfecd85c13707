"""Who locks the same rows at one instant waits for the other, and never each for each: who has locked a row lingers.

Only PostgreSQL locks rows; writers on SQLite queue before they begin.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, col

from marketplace import clock, jobs
from marketplace.accounts import service as accounts
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking, Wait
from marketplace.bookings.series import Repeat
from marketplace.bookings.waits import monday_of
from marketplace.coaches import service as coaches
from marketplace.coaches.models import Coach, Offer
from marketplace.db import db, transaction
from marketplace.errors import DomainError
from marketplace.payments import queries as money
from marketplace.payments import service as payments
from marketplace.promotions import service as promotions
from marketplace.promotions.service import Draft
from tests import make
from tests.bookings.world import FEE, NO_PAIN, begin, confirmed, pay_order, times
from tests.payments.conftest import Shop, at_once, sandbox, sandbox_app, shop

__all__ = ["sandbox", "sandbox_app", "shop"]
pytestmark = pytest.mark.parametrize("app", ["postgres"], indirect=True)
LINGERS = 0.3  # seconds after each lock: whoever locks the other way round surely comes in between
Act = Callable[[], object]


def race(app: Flask, *acts: Act) -> list[object]:
    """What these give or raise that begin together, when whoever has locked something takes her time."""
    with app.app_context():
        engine = db.engine

    def linger(_c: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FOR NO KEY UPDATE" in statement or "FOR UPDATE" in statement:
            time.sleep(LINGERS)

    event.listen(engine, "after_cursor_execute", linger)
    try:
        return at_once(app, *acts)
    finally:
        event.remove(engine, "after_cursor_execute", linger)


def within(act: Callable[[Session], object]) -> Act:
    """In a write transaction."""

    def run() -> object:
        with transaction() as session:
            return act(session)

    return run


def nobody_is_shut_out(answers: list[object]) -> None:
    """A refusal is an answer; that two waited for each other is none."""
    assert [each for each in answers if isinstance(each, Exception) and not isinstance(each, DomainError)] == []


class World:
    """A coach, her offer, a runner, in the test's database."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context(), transaction() as session:
            self.coach = make.coach(session)
            self.offer = make.offer(session, self.coach)
            self.runner, self.other = make.user(session), make.user(session)
            self.times = times(session, self.offer, days=3)

    def person(self, session: Session, whom: User) -> User:
        return session.get_one(User, whom.id)

    def coach_person(self, session: Session) -> User:
        return session.get_one(User, self.coach.user_id)

    def series(self, session: Session) -> list[UUID]:
        """Three visits that one payment has paid."""
        held = service.hold_series(
            session,
            booking_id=uuid4(),
            offer_id=self.offer.id,
            repeat=Repeat(self.times[0], every_weeks=1, times=3),
            by=self.person(session, self.runner),
            fee_percent=FEE,
            intake=service.Intake(pain_screen=NO_PAIN),
        )
        assert held[0].order_id
        pay_order(session, held[0].order_id)
        return [each.id for each in held]

    def with_code(self, session: Session, whom: User, start: datetime) -> Booking:
        asked: dict[str, Any] = {"booking_id": uuid4(), "offer_id": self.offer.id, "starts_at": start}
        asked |= {"by": self.person(session, whom), "fee_percent": FEE, "intake": service.Intake(pain_screen=NO_PAIN)}
        return service.hold_with_code(session, code="SPRING", **asked)

    def open_time(self) -> datetime:
        """The second open time that is left."""
        with self.app.app_context(), transaction(write=False) as session:
            return times(session, session.get_one(Offer, self.offer.id))[1]


@pytest.fixture
def world(app: Flask) -> World:
    return World(app)


def test_who_locks_crosswise_is_shut_out(app: Flask, world: World) -> None:
    """The control: two rows, each way round."""
    with app.app_context(), transaction() as session:
        booking = confirmed(session, session.get_one(Offer, world.offer.id), world.person(session, world.runner))
        booking_id, order_id = booking.id, booking.order_id

    def down(session: Session) -> None:
        queries.locked(session, booking_id)
        money.locked_payment(session, order_id=order_id)

    def up(session: Session) -> None:
        money.locked_payment(session, order_id=order_id)
        queries.locked(session, booking_id)

    shut_out = [each for each in race(app, within(down), within(up)) if isinstance(each, OperationalError)]
    assert len(shut_out) == 1 and "deadlock" in str(shut_out[0])


@pytest.mark.parametrize("act", ["cancel", "complete"])
def test_a_session_ends_while_the_bank_takes_its_money_back(shop: Shop, act: str) -> None:  # noqa: F811
    with transaction() as session:
        runner, coach = session.get_one(User, shop.runner_id), session.get_one(Coach, shop.coach_id)
        offer = make.offer(session, coach)
        booking = service.hold(
            session,
            booking_id=uuid4(),
            offer_id=offer.id,
            starts_at=times(session, offer)[0],
            by=runner,
            fee_percent=FEE,
            intake=service.Intake(pain_screen=NO_PAIN),
        )
        booking_id, order_id, person_id = booking.id, booking.order_id, coach.user_id
    assert order_id
    payments.settle(shop.pay(order_id))
    shop.browser.knobs(dispute_charge=shop.payment(order_id).charge_id)
    dispute: str = shop.stripe._client.v1.disputes.list().data[0].id
    payments.look_at_dispute(dispute)
    shop.browser.knobs(lose_dispute=dispute)

    def end(session: Session) -> object:
        if act == "complete":
            return service.complete(session, booking_id)
        return service.cancel(session, booking_id, by=session.get_one(User, person_id))

    nobody_is_shut_out(race(shop.app, within(end), lambda: payments.look_at_dispute(dispute)))
    jobs.run_due()
    assert shop.row(Booking, booking_id).status == ("completed" if act == "complete" else "cancelled")
    shop.check()


def test_visits_of_one_payment_complete_and_are_cancelled(app: Flask, world: World) -> None:
    with app.app_context(), transaction() as session:
        visits = world.series(session)
        for each in visits:
            begin(session.get_one(Booking, each), 90)

    def cancel(session: Session) -> Booking:
        return service.cancel(session, visits[-1], by=world.coach_person(session))

    nobody_is_shut_out(race(app, service.complete_over, within(cancel), service.complete_over))
    with app.app_context(), transaction(write=False) as session:
        ends = [session.get_one(Booking, each).status for each in visits]
    assert ends[:-1] == ["completed"] * 2 and ends[-1] in ("completed", "cancelled")


def test_a_code_is_freed_while_another_uses_it(app: Flask, world: World) -> None:
    with app.app_context(), transaction() as session:
        promotions.create(session, world.coach.id, Draft("SPRING", percent=10))
        held = world.with_code(session, world.runner, world.times[0]).id
    start = world.open_time()
    answers = race(
        app,
        within(lambda session: service.expire(session, held)),
        within(lambda session: world.with_code(session, world.other, start)),
    )
    nobody_is_shut_out(answers)
    assert isinstance(answers[1], Booking)


def test_who_waits_leaves_the_site_while_a_time_is_held_for_her(app: Flask, world: World) -> None:
    with app.app_context(), transaction() as session:
        monday = monday_of(world.times[0].date())
        asked: dict[str, Any] = {"runner_id": world.runner.id, "coach_id": world.coach.id, "offer_id": world.offer.id}
        session.add(Wait(**asked, week_on=monday, asked_at=clock.now() - timedelta(hours=1)))
    nobody_is_shut_out(
        race(
            app,
            within(lambda session: service.offer_freed(session, world.coach.id)),
            within(lambda session: accounts.close(session, world.runner.id)),
        )
    )
    with app.app_context():
        jobs.run_due()
        with transaction(write=False) as session:
            found = session.scalars(select(Wait).where(col(Wait.runner_id) == world.runner.id)).one()
            assert found.status in ("offered", "left")


def test_a_coach_moves_house_while_she_is_booked(app: Flask, world: World) -> None:
    def change(session: Session) -> object:
        session.get_one(Coach, world.coach.id).timezone = "America/Vancouver"
        return coaches.pause(session, world.coach.user_id)

    def book(session: Session) -> Booking:
        offer = session.get_one(Offer, world.offer.id)
        return confirmed(session, offer, world.person(session, world.runner))

    nobody_is_shut_out(race(app, within(change), within(book)))
