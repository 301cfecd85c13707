"""The job table is the outbox: jobs exist with their change, run at least once, and end as done or dead."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, jobs
from marketplace.db import transaction
from marketplace.jobs import Job, JobStatus

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def tasks(app: Flask) -> Iterator[list[str]]:  # the app first, whose features register their jobs for good
    """Jobs of this test only: `note` notes, `fail` notes and fails, `call` runs outside a transaction."""
    noted: list[str] = []
    before = dict(jobs.TASKS)

    @jobs.job("note")
    def note(session: Session, what: str) -> None:
        noted.append(what)

    @jobs.job("fail")
    def fail(session: Session, what: str) -> None:
        jobs.enqueue(session, "note", what="never")
        raise ConnectionError(what)

    @jobs.job("call", transactional=False)
    def call(what: str) -> None:
        with transaction() as session:
            jobs.enqueue(session, "note", what=f"{what} again")

    yield noted
    jobs.TASKS.clear()
    jobs.TASKS.update(before)


def _rows(app: Flask) -> list[Job]:
    with transaction(write=False) as session:
        return list(session.execute(select(Job).order_by(col(Job.created_at))).scalars())


def test_a_job_is_there_only_when_its_change_was_committed(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError), transaction() as session:
            jobs.enqueue(session, "note", what="lost")
            raise RuntimeError
        with transaction() as session:
            jobs.enqueue(session, "note", what="kept")
        assert jobs.run_due() == 1
    assert tasks == ["kept"]


def test_one_key_is_one_job(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        for what in ("first", "second"):
            with transaction() as session:
                jobs.enqueue(session, "note", key="once", what=what)
        jobs.run_due()
    assert tasks == ["first"]


def test_a_later_job_waits(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        with transaction() as session:
            jobs.enqueue(session, "note", run_at=clock.now() + timedelta(hours=1), what="later")
        assert jobs.run_due() == 0
    assert tasks == []


def test_a_failing_job_undoes_its_writes_waits_and_is_dead_in_the_end(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        with transaction() as session:
            jobs.enqueue(session, "fail", what="no line")
        for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
            assert jobs.run_next()
            (row,) = _rows(app)
            assert row.attempts == attempt and "no line" in (row.error or "")
            with transaction() as session:
                session.get_one(Job, row.id).run_at = clock.now()
        assert row.status is JobStatus.DEAD
        assert not jobs.run_next()
    assert tasks == []


def test_what_a_done_job_carried_is_emptied_and_its_key_stays(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        with transaction() as session:
            jobs.enqueue(session, "note", key="once", what="a private word")
        jobs.run_due()
        with transaction() as session:
            (row,) = session.execute(select(Job)).scalars()
            row.created_at = clock.now() - jobs.PAYLOAD_KEPT_FOR - timedelta(days=1)
        with transaction() as session:
            jobs.forget_old(session)
        (row,) = _rows(app)
    assert (row.key, row.payload) == ("once", {})


def test_a_job_whose_worker_died_is_taken_up_again(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        with transaction() as session:
            jobs.enqueue(session, "note", what="taken up")
        assert jobs._claim() is not None  # a worker takes it and dies
        assert not jobs.run_next()
        (row,) = _rows(app)
        with transaction() as session:
            session.get_one(Job, row.id).leased_until = clock.now() - timedelta(seconds=1)
        assert jobs.run_next()
    assert tasks == ["taken up"]


def test_a_job_that_kills_its_workers_is_dead_in_the_end(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        with transaction() as session:
            jobs.enqueue(session, "note", what="deadly")
            jobs.enqueue(session, "note", run_at=clock.now(), what="the next one")
        for _ in range(jobs.MOST_ATTEMPTS):
            assert jobs._claim() is not None
            (row, _next) = _rows(app)
            with transaction() as session:
                session.get_one(Job, row.id).leased_until = clock.now() - timedelta(seconds=1)
                session.get_one(Job, row.id).run_at = clock.now() - timedelta(hours=1)
        assert jobs.run_next()
        assert [row.status for row in _rows(app)] == [JobStatus.DEAD, JobStatus.DONE]
    assert tasks == ["the next one"]


def test_what_is_long_done_is_forgotten_and_recurring_jobs_soon(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        ages = {"recurring:a:1": 2, "recurring:a:2": 0, "mail:1": 2, "mail:2": 91}
        with transaction() as session:
            for key in ages:
                jobs.enqueue(session, "note", key=key, what=key)
        jobs.run_due()
        with transaction() as session:
            for row in session.execute(select(Job)).scalars():
                row.created_at -= timedelta(days=ages[row.key or ""])
            jobs.forget_old(session)
        assert {row.key for row in _rows(app)} == {"recurring:a:2", "mail:1"}


def test_work_outside_may_use_transactions_of_its_own(app: Flask, tasks: list[str]) -> None:
    with app.app_context():
        with transaction() as session:
            jobs.enqueue(session, "call", what="call")
        assert jobs.run_due() == 2
        assert {row.status for row in _rows(app)} == {JobStatus.DONE}
    assert tasks == ["call again"]
