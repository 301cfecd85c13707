"""Transactions: writers queue and lose nothing, readers see one state, instants keep their zone."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlmodel import Field, SQLModel, col

from marketplace.db import Instant, current_session, db, locked, new_id, transaction

WRITERS, TURNS = 8, 25


class Tally(SQLModel, table=True):
    """A number that many writers raise; lives only in these tests."""

    id: int = Field(primary_key=True)
    number: int
    at: datetime | None = Field(default=None, sa_type=Instant)


SQLModel.metadata.remove(SQLModel.metadata.tables["tally"])


@pytest.fixture
def tally(app: Flask) -> Flask:
    with app.app_context():
        Tally.__table__.create(db.engine)  # type: ignore[attr-defined]
        with transaction() as session:
            session.add(Tally(id=1, number=0))
    return app


@pytest.mark.both_databases
def test_eight_writers_lose_no_increment(tally: Flask) -> None:
    def raise_it() -> None:
        for _ in range(TURNS):
            with tally.app_context(), transaction() as session:
                row: Tally = locked(session, select(Tally).where(col(Tally.id) == 1))
                row.number += 1

    assert _after(tally, raise_it) == WRITERS * TURNS


def test_without_the_write_turn_increments_are_lost(tally: Flask) -> None:
    """The positive control: the same race with plain reads shows what the turn guards against."""

    def raise_it() -> None:
        for _ in range(TURNS):
            with tally.app_context():
                with transaction(write=False) as session:
                    number = session.get_one(Tally, 1).number
                with transaction() as session:
                    session.execute(update(Tally).values(number=number + 1))

    assert _after(tally, raise_it) < WRITERS * TURNS


@pytest.mark.both_databases
def test_an_instant_comes_back_aware_and_the_same(tally: Flask) -> None:
    given = datetime(2026, 11, 1, 1, 30, tzinfo=timezone(timedelta(hours=-5)))
    with tally.app_context():
        with transaction() as session:
            session.get_one(Tally, 1).at = given
        with transaction(write=False) as session:
            found = session.get_one(Tally, 1).at
    assert found == given and found.tzinfo is UTC


def test_a_naive_time_is_refused(tally: Flask) -> None:
    with tally.app_context(), pytest.raises(Exception, match="aware"), transaction() as session:
        session.get_one(Tally, 1).at = datetime(2026, 11, 1, 1, 30)  # noqa: DTZ001


def test_a_transaction_inside_a_transaction_is_a_mistake(app: Flask) -> None:
    with app.app_context(), transaction(), pytest.raises(RuntimeError), transaction():
        pass


@pytest.mark.both_databases
def test_what_is_raised_rolls_back(tally: Flask) -> None:
    with tally.app_context():
        with pytest.raises(ZeroDivisionError), transaction() as session:
            session.get_one(Tally, 1).number = 9
            session.flush()
            raise ZeroDivisionError
        with transaction(write=False) as session:
            assert session.get_one(Tally, 1).number == 0
        assert not current_session().in_transaction()


def test_ids_are_of_version_seven_and_sort_by_time() -> None:
    ids = [new_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert all(UUID(str(one)).version == 7 for one in ids)
    assert ids == sorted(ids), "what is made one after the other within a millisecond too"


def _after(app: Flask, work: object) -> int:
    threads = [threading.Thread(target=work) for _ in range(WRITERS)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(Tally, 1).number
