"""Everybody answers one report at one instant: one answer counts, and money moves once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.absence_models import Absence
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.payments import invariants
from marketplace.payments.models import Transfer
from tests import make
from tests.bookings.test_change_races import race
from tests.bookings.world import begin, complete_over, confirmed, refunds

pytestmark = pytest.mark.both_databases


def reported(app: Flask) -> tuple[UUID, dict[str, Any]]:
    """A visit that is over, to which its coach is said not to have come; its people by id."""
    with app.app_context(), transaction() as session:
        offer = make.offer(session, make.coach(session))
        runner = make.user(session)
        coach = session.get_one(User, session.get_one(Coach, offer.coach_id).user_id)
        booking = confirmed(session, session.get_one(Offer, offer.id), runner)
        begin(booking, 90)
        service.report_absence(session, booking.id, by=runner)
        return booking.id, {"runner": runner.id, "coach": coach.id}


def test_one_answer_counts_and_the_money_goes_one_way(app: Flask) -> None:
    booking_id, people = reported(app)

    def by(session: Any, who: str) -> User:
        found: User = session.get_one(User, people[who])
        return found

    answers = race(
        app,
        lambda session: service.admit_absence(session, booking_id, by=by(session, "coach")),
        lambda session: service.object_to_absence(session, booking_id, by=by(session, "coach"), words="I was there"),
        lambda session: service.retract_absence(session, booking_id, by=by(session, "runner")),
        lambda session: service.admit_absence(session, booking_id, by=by(session, "coach")),
        lambda session: service.complete(session, booking_id),
        lambda session: service.cancel(session, booking_id, by=by(session, "coach")),
    )
    with app.app_context(), transaction() as session:
        absence = session.scalars(select(Absence)).one()
        booking = session.get_one(Booking, booking_id)
        assert answers["done"] >= 1 and not absence.is_open
        complete_over(session)
        back, shares = sum(refunds(session)), len(list(session.scalars(select(col(Transfer.id)))))
        ends = {"counted": ("missed", 9500, 0), "contested": ("confirmed", 0, 0), "retracted": None}
        end = ends[absence.status.value]
        outcome = booking.status.value, back, shares
        assert outcome == end if end else outcome in (("completed", 0, 1), ("cancelled", 9500, 0))
        assert invariants.broken(session) == []


def test_who_only_looks_sees_it_open_as_all_others_do(app: Flask) -> None:
    """Without the lock each of them would go on."""
    booking_id, _people = reported(app)
    gate = Barrier(4)

    def look(_number: int) -> bool:
        with app.app_context():
            with transaction(write=False) as session:
                absence = queries.absence_of(session, booking_id)
            gate.wait()
            return absence is not None and absence.is_open

    with ThreadPoolExecutor(4) as threads:
        assert Counter(threads.map(look, range(4))) == {True: 4}


def test_an_answer_at_the_last_moment_and_the_clock_agree(app: Flask) -> None:
    booking_id, people = reported(app)
    with app.app_context(), transaction() as session:
        absence = queries.absence_of(session, booking_id)
        assert absence
        absence.object_until = clock.now() - timedelta(seconds=1)
    answers = race(
        app,
        lambda session: service.count_absence(session, booking_id),
        lambda session: service.count_absence(session, booking_id),
        lambda session: service.admit_absence(session, booking_id, by=session.get_one(User, people["coach"])),
    )
    with app.app_context(), transaction() as session:
        assert refunds(session) == [9500] and answers["done"] == 1
