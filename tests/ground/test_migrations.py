"""Migrations on a database that is in use: rows that point at each other stay, down and up again."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from marketplace import clock, create_app
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.coaches.cancelling import Policy
from marketplace.coaches.models import Offer
from marketplace.db import db, transaction
from marketplace.migrating import alembic
from marketplace.payments import queries
from marketplace.payments import service as payments
from marketplace.payments.answers import Sent
from marketplace.payments.models import StripeEvent
from marketplace.payments.models_back import Dispute
from marketplace.payments.service.refunding import note_sent
from marketplace.scheduling import service
from tests import make
from tests.bookings.world import confirmed
from tests.conftest import on_postgres, test_settings

BEFORE_SEASONS, BEFORE_SERIES, BEFORE_POLICIES, BEFORE_TAKING_BACK = "0004", "0007", "0009", "0010"
BEFORE_APPEALS = "0013"
TABLES = ("calendar", "weekly_window", "offer", "visit", "claim", "date_exception")
BOOKED = ("booking", "booking_event", "purchase_line", "visit")
SHARED = text("update booking set order_id = (select id from purchase limit 1)")


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database has no table yet."""
    if request.param == "sqlite":
        yield create_app(test_settings(tmp_path))
        return
    with on_postgres(request.getfixturevalue("postgres"), tmp_path) as app:
        yield app


def counts(tables: Sequence[str] = TABLES) -> dict[str, int]:
    with db.engine.connect() as connection:
        return {name: connection.execute(text(f"select count(*) from {name}")).scalar_one() for name in tables}


def test_models_and_migrations_are_equal(empty: Flask) -> None:
    with empty.app_context():
        assert alembic().compare_metadata(), "tables that no migration has made yet are missed"
        alembic().upgrade()
        assert not alembic().compare_metadata()


def test_a_calendar_in_use_goes_down_and_up_again(empty: Flask) -> None:
    with empty.app_context():
        alembic().upgrade()
        with transaction() as session:
            offer = make.offer(session, make.coach(session))
            start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
            service.claim(session, offer.coach_id, uuid4(), start, start + timedelta(minutes=30))
            service.set_exception(session, offer.coach_id, start.date(), [])
        before = counts()
        assert all(before.values())
        alembic().downgrade(BEFORE_SEASONS)
        assert counts() == before
        alembic().upgrade()
        assert counts() == before
        with transaction() as session:
            service.set_week(session, offer.coach_id, {0: [(600, 660)]})


def test_bookings_in_use_go_down_and_up_again_and_then_share_an_order(empty: Flask) -> None:
    """What points at bookings stays, and still has to point at one."""
    with empty.app_context():
        alembic().upgrade()
        with transaction() as session:
            offer = make.offer(session, make.coach(session))
            for runner in (make.user(session), make.user(session)):
                confirmed(session, offer, runner)
        before = counts(BOOKED)
        assert all(before.values())
        alembic().downgrade(BEFORE_SERIES)
        assert counts(BOOKED) == before
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(SHARED)
        alembic().upgrade()
        assert counts(BOOKED) == before
        with transaction() as session:
            session.execute(SHARED)
        with pytest.raises(IntegrityError), transaction() as session:
            session.add(BookingEvent(booking_id=uuid4(), move="hold", by="runner", at=clock.now()))
            session.flush()


def test_an_offers_hours_become_the_nearest_policy_and_a_booking_keeps_its_own(empty: Flask) -> None:
    hours = {0: "flexible", 12: "flexible", 24: "moderate", 36: "moderate", 48: "strict", 336: "strict"}
    with empty.app_context():
        alembic().upgrade()
        with transaction() as session:
            coach = make.coach(session)
            offers = [make.offer(session, coach) for _ in hours]
            booking = confirmed(session, offers[0], make.user(session))
        alembic().downgrade(BEFORE_POLICIES)
        with transaction() as session:
            session.execute(text("update booking set cancel_hours = 30"))
            for offer, given in zip(offers, hours, strict=True):
                where = {"hours": given, "id": offer.id.hex if session.bind.dialect.name == "sqlite" else offer.id}
                session.execute(text("update offer set cancel_hours = :hours where id = :id"), where)
        alembic().upgrade()
        with transaction() as session:
            session.expire_all()  # as the database has them now
            kept = session.get_one(Booking, booking.id)
            assert kept.policy == Policy(30), "all back until its hours, then nothing"
            found = [session.get_one(Offer, offer.id).cancellation.value for offer in offers]
            assert found == list(hours.values())
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text("update offer set cancellation = 'kind'"))


def test_money_in_use_goes_down_and_up_again_and_knows_what_moved_it_at_stripe(empty: Flask) -> None:
    with empty.app_context():
        alembic().upgrade()
        with transaction() as session:
            booking = confirmed(session, make.offer(session, make.coach(session)), make.user(session))
            refund = payments.refund(
                session, booking.order_id, amount=900, key="x", reason="x", by="staff", reference_id=booking.id
            )
            note_sent(session, refund, Sent("re_1", "succeeded", 900, None, refund.charge_id))
        with db.engine.connect() as connection:
            before = connection.execute(text("select source, at_stripe from ledger_entry order by source")).all()
        assert all(there for _, there in before) and len(before) == 2
        alembic().downgrade(BEFORE_TAKING_BACK)
        alembic().upgrade()
        with db.engine.connect() as connection:
            after = connection.execute(text("select source, at_stripe from ledger_entry order by source")).all()
        assert after == before
        with transaction() as session:
            session.execute(text("update refund set status = 'cancelled'"))
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text("update refund set status = 'lost'"))
        with pytest.raises(IntegrityError), transaction() as session:
            session.execute(text("update refund set amount = 0"))


def test_disputes_in_use_learn_their_charge_and_events_forget_who_paid(empty: Flask) -> None:
    with empty.app_context():
        alembic().upgrade()
        with transaction() as session:
            booking = confirmed(session, make.offer(session, make.coach(session)), make.user(session))
            paid = queries.payment_of(session, booking.order_id)
            payment_id, charge = paid.id, paid.charge_id
            facts = {"amount": 9500, "currency": "CAD", "reason": "fraudulent", "opened_at": clock.now()}
            known = {"id": "du_1", "payment_id": payment_id, "status": "recovered"}
            session.add(Dispute(charge_id=str(charge), **known, **facts))
        alembic().downgrade(BEFORE_APPEALS)
        thing = {"object": "refund", "id": "re_1", "email": "ada@example.com"}
        account = {"account": "acct_1", "data": {"object": {"object": "application", "name": "Ada"}}}
        with transaction() as session:
            session.execute(text("update dispute set status = 'open'"))
            for number, said in enumerate(({"data": {"object": thing}}, account, {"data": None, "name": "Ada"})):
                session.add(StripeEvent(id=f"evt_{number}", type="x", payload=said, received_at=clock.now()))
        alembic().upgrade()
        with transaction(write=False) as session:
            row = session.get_one(Dispute, "du_1")
            assert (row.payment_id, row.charge_id, row.status, row.amount) == (payment_id, charge, "open", 9500)
            kept = [session.get_one(StripeEvent, f"evt_{number}").payload for number in range(3)]
        assert kept == [{"object": "refund", "id": "re_1"}, {"object": "account", "id": "acct_1"}, {}]
