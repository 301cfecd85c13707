"""Threads that change the same bookings at one instant: seats, proposals, waitlists, series."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings import service
from marketplace.bookings.models import Booking, BookingEvent, Wait
from marketplace.bookings.series import Repeat
from marketplace.bookings.waits import WaitStatus, monday_of
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.errors import DomainError
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Claim, Visit
from tests import make
from tests.bookings.world import FEE, NO_PAIN, confirmed, hold, times
from tests.races.unguarded import look_then_sit

pytestmark = pytest.mark.both_databases
THREADS, SEATS = 8, 3


def race(app: Flask, *runs: Callable[[Session], Any]) -> Counter[str]:
    """What becomes of these when they start together: "done", or the kind of refusal."""
    gate = Barrier(len(runs))

    def one(run: Callable[[Session], Any]) -> str:
        with app.app_context():
            gate.wait()
            try:
                with transaction() as session:
                    return "done" if run(session) is not False else "nothing"
            except DomainError as refusal:
                return refusal.kind

    with ThreadPoolExecutor(len(runs)) as threads:
        return Counter(threads.map(one, runs))


class World:
    """An offer, its coach's person, and runners."""

    def __init__(self, app: Flask, **changes: Any) -> None:
        self.app = app
        with app.app_context(), transaction() as session:
            coach = make.coach(session)
            self.offer = make.offer(session, coach, **changes)
            self.coach_user = session.get_one(User, coach.user_id)
            self.runners = [make.user(session) for _ in range(THREADS)]
            self.times = times(session, self.offer)

    def booked(self, number: int, start: datetime) -> UUID:
        with self.app.app_context(), transaction() as session:
            runner = session.get_one(User, self.runners[number].id)
            return confirmed(session, session.get_one(Offer, self.offer.id), runner, start).id

    def holding(self, number: int, start: datetime) -> Callable[[Session], Any]:
        def run(session: Session) -> Booking:
            runner = session.get_one(User, self.runners[number].id)
            return hold(session, session.get_one(Offer, self.offer.id), runner, start)

        return run

    def found(self, statement: Any) -> Any:
        with self.app.app_context(), transaction(write=False) as session:
            return session.scalar(statement)


def test_so_many_sit_as_there_are_seats(app: Flask) -> None:
    world = World(app, seats=SEATS)
    start = world.times[4]
    answers = race(app, *(world.holding(number, start) for number in range(THREADS)))
    assert answers == {"done": SEATS, "time-gone": THREADS - SEATS}
    assert world.found(select(func.count(col(Visit.id)))) == 1
    assert world.found(select(col(Visit.seats_taken))) == SEATS
    assert world.found(select(func.count(func.distinct(col(Booking.seat))))) == SEATS


def test_without_the_guard_all_sit_down(app: Flask) -> None:
    world, gate = World(app, seats=SEATS), Barrier(THREADS)

    def sit(_number: int) -> bool:
        with app.app_context():
            return look_then_sit(world.offer.id, world.times[4], gate.wait)

    with ThreadPoolExecutor(THREADS) as threads:
        assert Counter(threads.map(sit, range(THREADS))) == {True: THREADS}


def test_seats_are_given_up_and_taken_at_one_instant(app: Flask) -> None:
    world = World(app, seats=SEATS)
    start = world.times[4]
    sitting = [world.booked(number, start) for number in range(SEATS)]

    def giving_up(number: int) -> Callable[[Session], Any]:
        runner = world.runners[number]
        return lambda session: service.cancel(session, sitting[number], by=session.get_one(User, runner.id))

    leaving = [giving_up(number) for number in range(SEATS)]
    coming = [world.holding(number, start) for number in range(SEATS, THREADS)]
    answers = race(app, *leaving, *coming)
    assert set(answers) <= {"done", "time-gone"} and answers["done"] >= SEATS
    came = answers["done"] - SEATS
    assert world.found(select(func.count(col(Booking.visit_id)))) == came
    assert world.found(select(func.coalesce(func.sum(col(Visit.seats_taken)), 0))) == came
    assert world.found(select(func.count(col(Visit.id)))) == (1 if came else 0)
    assert world.found(select(func.count(col(Claim.granule)))) == (6 if came else 0)


def test_a_group_is_moved_while_seats_are_taken_and_left(app: Flask) -> None:
    """Whoever is late sits at the old time or the new one, or is told; nobody's booking says what her visit doesn't."""
    world = World(app, seats=THREADS)
    start, later = world.times[4], world.times[9]
    first, second = (world.booked(number, start) for number in range(2))

    def leave(session: Session) -> Any:
        return service.cancel(session, second, by=session.get_one(User, world.runners[1].id))

    def move(session: Session) -> Any:
        by = session.get_one(User, world.coach_user.id)
        return service.reschedule_visit(session, first, by=by, starts_at=later)

    coming = [world.holding(number, start if number % 2 else later) for number in range(2, THREADS)]
    answers = race(app, move, leave, *coming)
    assert set(answers) <= {"done", "seat-unpaid", "seats-changed", "time-gone"}
    with app.app_context(), transaction(write=False) as session:
        rows = session.execute(select(Visit, Booking).join(Booking, col(Booking.visit_id) == col(Visit.id))).all()
        assert len(rows) == len({(visit.id, booking.seat) for visit, booking in rows})
        for visit, booking in rows:
            assert (visit.starts_at, visit.ends_at) == (booking.starts_at, booking.ends_at)
            assert visit.seats_taken == sum(other.id == visit.id for other, _ in rows)
        assert first in {booking.id for _, booking in rows} and second not in {booking.id for _, booking in rows}
        claims = session.scalar(select(func.count(col(Claim.granule))))
        assert (
            claims == 6 * len({visit.id for visit, _ in rows}) == 6 * session.scalar(select(func.count(col(Visit.id))))
        )


def test_one_answer_to_a_proposal_counts(app: Flask) -> None:
    world = World(app)
    booking_id = world.booked(0, world.times[0])
    with app.app_context(), transaction() as session:
        asks = session.get_one(User, world.coach_user.id)
        proposal_id = service.propose(session, booking_id, by=asks, times=world.times[4:7]).id

    def choosing(start: datetime) -> Callable[[Session], Any]:
        def run(session: Session) -> Any:
            return service.accept(session, proposal_id, by=session.get_one(User, world.runners[0].id), starts_at=start)

        return run

    def taking_back(session: Session) -> Any:
        return service.withdraw(session, proposal_id, by=session.get_one(User, world.coach_user.id))

    answers = race(app, *(choosing(start) for start in world.times[4:7]), taking_back)
    assert answers == {"done": 1, "move-impossible": 3}
    assert world.found(select(func.count(col(Visit.id)))) == 1


def test_a_freed_time_is_held_once_for_the_first_on_the_list(app: Flask) -> None:
    world = World(app, minutes=60, interval_minutes=60)
    with app.app_context(), transaction() as session:
        coach = session.get_one(Coach, world.offer.coach_id)
        scheduling.set_week(session, coach.id, {2: [(600, 660)]})
        offer = session.get_one(Offer, world.offer.id)
        start = times(session, offer, days=14)[0]
        taken = hold(session, offer, make.user(session), start)
        runners = [session.get_one(User, each.id) for each in world.runners[:3]]
        places = [service.wait(session, offer.id, by=each, week_on=monday_of(start.date())) for each in runners]
        service.expire(session, taken.id)
    looks = [lambda session: service.offer_freed(session, world.offer.coach_id)] * 4
    assert race(app, *looks) == {"done": 1, "nothing": 3}
    with app.app_context(), transaction(write=False) as session:
        statuses = [session.get_one(Wait, each.id).status for each in places]
    assert statuses == [WaitStatus.OFFERED, WaitStatus.WAITING, WaitStatus.WAITING]


def test_nobody_is_on_a_list_twice(app: Flask) -> None:
    world = World(app)
    with app.app_context(), transaction() as session:
        scheduling.set_week(session, world.offer.coach_id, {})

    def waiting(session: Session) -> Any:
        runner = session.get_one(User, world.runners[0].id)
        return service.wait(session, world.offer.id, by=runner, week_on=world.times[0].date() + timedelta(days=7))

    assert race(app, *([waiting] * 4)) == {"done": 4}
    assert world.found(select(func.count(col(Wait.id)))) == 1


def test_of_series_that_cross_one_is_held_whole(app: Flask) -> None:
    world = World(app, window_days=90)

    def holding(number: int) -> Callable[[Session], Any]:
        def run(session: Session) -> Any:
            return service.hold_series(
                session,
                booking_id=uuid4(),
                offer_id=world.offer.id,
                repeat=Repeat(world.times[0] + timedelta(weeks=number % 2), 1, 4),
                by=session.get_one(User, world.runners[number].id),
                fee_percent=FEE,
                intake=service.Intake(pain_screen=NO_PAIN),
            )

        return run

    assert race(app, *(holding(number) for number in range(4))) == {"done": 1, "series-clash": 3}
    assert world.found(select(func.count(col(Booking.id)))) == 4
    assert world.found(select(func.count(col(Claim.granule)))) == 24


def test_a_series_that_expires_while_it_is_given_up_and_looked_at_ends_once(app: Flask) -> None:
    """Whoever ends a series locks all of it first: none waits for the other for ever."""
    world = World(app, window_days=90)
    with app.app_context(), transaction() as session:
        held = service.hold_series(
            session,
            booking_id=uuid4(),
            offer_id=world.offer.id,
            repeat=Repeat(world.times[0], 1, 6),
            by=session.get_one(User, world.runners[0].id),
            fee_percent=FEE,
        )
        ids = [each.id for each in held]

    def ending(booking_id: UUID) -> Callable[[Session], Any]:
        return lambda session: service.expire(session, booking_id)

    assert race(app, *map(ending, ids)) == {"done": 6}
    assert world.found(select(func.count(col(Visit.id)))) == 0
    ended = select(func.count(col(BookingEvent.id))).where(col(BookingEvent.move) == "expire")
    assert world.found(ended) == 6
