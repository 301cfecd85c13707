"""The job table is the outbox: a job exists if and only if the change that asked for it was committed.

Workers claim due rows, at least once, with a lease and back-off. A job that keeps failing ends as `dead`, which staff
can see and send again. Events are handled at once, in the publisher's transaction.
"""

import traceback
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Index, delete, or_, select, update
from sqlmodel import JSON, Column, Field, Session, SQLModel, col

from marketplace import clock, log
from marketplace.db import Instant, TextEnum, insert, locked, new_id, one_of, transaction
from marketplace.errors import Conflict, DomainError, NotFound

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 12
KEPT_FOR = timedelta(days=90)
PAYLOAD_KEPT_FOR = timedelta(days=7)
RECURRING_KEY, RECURRING_KEPT_FOR = "recurring:", timedelta(days=1)
F = TypeVar("F", bound=Callable[..., object])


class JobStatus(StrEnum):
    """Where a job stands."""

    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(SQLModel, table=True):
    """One thing to do later. `key` makes it unique: a second enqueue under the same key is none."""

    __table_args__ = (one_of("status", JobStatus), Index("ix_job_due", "status", "run_at"))

    id: UUID = Field(default_factory=new_id, primary_key=True)
    name: str
    payload: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    key: str | None = Field(default=None, unique=True)
    status: JobStatus = Field(default=JobStatus.READY, sa_type=TextEnum(JobStatus))
    run_at: datetime = Field(sa_type=Instant)
    leased_until: datetime | None = Field(default=None, sa_type=Instant)
    attempts: int = 0
    error: str | None = None
    created_at: datetime = Field(sa_type=Instant)


@dataclass(frozen=True)
class Task:
    """What a job name stands for."""

    run: Callable[..., object]
    transactional: bool


TASKS: dict[str, Task] = {}
_listeners: dict[str, list[Callable[..., object]]] = defaultdict(list)


def job(name: str, *, transactional: bool = True) -> Callable[[F], F]:
    """Register the function that does jobs of this name.

    Transactional: called with (session, **payload), its writes and the job's end commit together. Otherwise called
    with (**payload) outside any transaction, for what leaves the machine or takes long; it must look before it acts.
    """

    def register(function: F) -> F:
        TASKS[name] = Task(function, transactional)
        return function

    return register


def on(event: str) -> Callable[[F], F]:
    """Register a handler, called with (session, **facts) in the publisher's transaction."""

    def register(function: F) -> F:
        if function not in _listeners[event]:
            _listeners[event].append(function)
        return function

    return register


def publish(session: Session, event: str, **facts: object) -> None:
    """Tell what has happened, in this transaction. A handler's refusal undoes the change it answers to."""
    for listener in _listeners[event]:
        listener(session, **facts)


def enqueue(
    session: Session, name: str, *, key: str | None = None, run_at: datetime | None = None, **payload: object
) -> None:
    """Ask for a job after this transaction commits (or at `run_at`). The payload must be JSON; ids go as text."""
    now = clock.now()
    plain = {field: str(value) if isinstance(value, UUID) else value for field, value in payload.items()}
    values = {"id": new_id(), "name": name, "key": key, "payload": plain, "status": JobStatus.READY}
    values |= {"run_at": run_at or now, "created_at": now, "attempts": 0}
    session.execute(insert(session, Job).values(values).on_conflict_do_nothing(index_elements=["key"]))


def revive(session: Session, job_id: UUID) -> Job:
    """Let a job that was given up begin anew. NotFound `job`, Conflict `job-not-dead`."""
    row: Job | None = locked(session, select(Job).where(col(Job.id) == job_id))
    if row is None:
        raise NotFound("job")
    if row.status != JobStatus.DEAD:
        raise Conflict("job-not-dead", status=row.status.value)
    row.status, row.attempts, row.run_at = JobStatus.READY, 0, clock.now()
    return row


def do_each(ids: Sequence[UUID], act: Callable[[Session, UUID], object]) -> int:
    """Do something for each in a transaction of its own; for how many it was done. Must be called outside any.

    What is refused for one, which has changed a moment ago, keeps no other waiting.
    """
    done = 0
    for each in ids:
        try:
            with transaction() as session:
                act(session, each)
            done += 1
        except DomainError as refusal:
            log.warning("left for the next time", act=act.__name__, id=str(each), kind=refusal.kind)
    return done


def run_next() -> bool:
    """Do one due job; False when none is due. Needs an app context."""
    claimed = _claim()
    if claimed is None:
        return False
    job_id, name, payload, attempt = claimed
    try:
        _run(job_id, TASKS[name], payload, attempt)
    except Exception as error:  # whatever a handler raises is the job's failure, not the worker's
        log.warning("job failed", job=name, id=str(job_id), attempt=attempt, error=repr(error))
        _put_back(job_id, attempt, traceback.format_exc(limit=-8))
    return True


def run_due(limit: int = 1000) -> int:
    """Do due jobs until none is left; how many were done."""
    done = 0
    while done < limit and run_next():
        done += 1
    return done


def _claim() -> tuple[UUID, str, dict[str, Any], int] | None:
    now = clock.now()
    ready = (col(Job.status) == JobStatus.READY) & (col(Job.run_at) <= now)
    lost = (col(Job.status) == JobStatus.RUNNING) & (col(Job.leased_until) < now)
    due = select(Job).where(or_(ready, lost), col(Job.name).in_(TASKS)).order_by(col(Job.run_at)).limit(1)
    with transaction(write=False) as session:
        if session.execute(due).first() is None:
            return None
    with transaction() as session:
        row = session.execute(due.with_for_update(skip_locked=True)).scalar_one_or_none()
        if row is None:
            return None
        if row.attempts < MOST_ATTEMPTS:
            row.status, row.leased_until, row.attempts = JobStatus.RUNNING, now + LEASE, row.attempts + 1
            return row.id, row.name, row.payload, row.attempts
        row.status, row.leased_until, row.error = JobStatus.DEAD, None, "no worker survived it"
    return _claim()


def _run(job_id: UUID, task: Task, payload: dict[str, Any], attempt: int) -> None:
    if not task.transactional:
        task.run(**payload)
        with transaction() as session:
            _finish(session, job_id, attempt)
        return
    with transaction() as session:
        if _finish(session, job_id, attempt):
            task.run(session, **payload)


def _finish(session: Session, job_id: UUID, attempt: int) -> bool:
    """Mark it done unless another worker has taken it over meanwhile."""
    row: Job = locked(session, select(Job).where(col(Job.id) == job_id))
    if row.attempts != attempt or row.status != JobStatus.RUNNING:
        return False
    row.status, row.leased_until, row.error = JobStatus.DONE, None, None
    return True


def _put_back(job_id: UUID, attempt: int, error: str) -> None:
    with transaction() as session:
        row: Job = locked(session, select(Job).where(col(Job.id) == job_id))
        if row.attempts != attempt:
            return
        row.status = JobStatus.DEAD if attempt >= MOST_ATTEMPTS else JobStatus.READY
        row.run_at = clock.now() + min(timedelta(seconds=5 * 2**attempt), timedelta(hours=3))
        row.leased_until, row.error = None, error


@job("jobs.forget")
def forget_old(session: Session) -> None:
    """Delete jobs that were done long ago; recurring ones, thousands a day, whose slot is over.

    What a done job carried (a mail's text) is emptied sooner; its key stays, so that nothing is done twice.
    """
    now = clock.now()
    carried = (col(Job.status) == JobStatus.DONE) & (col(Job.created_at) < now - PAYLOAD_KEPT_FOR)
    session.execute(update(Job).where(carried).values(payload={}))
    old = col(Job.created_at) < now - KEPT_FOR
    recurred = col(Job.key).startswith(RECURRING_KEY) & (col(Job.created_at) < now - RECURRING_KEPT_FOR)
    session.execute(delete(Job).where(col(Job.status) == JobStatus.DONE, or_(old, recurred)))
