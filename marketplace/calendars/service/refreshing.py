"""Reading calendars kept elsewhere: regularly by a job, and just before a time of hers is taken.

What is fetched is fetched outside any transaction, several at once; then each outcome is written in one of its own.
A calendar that can't be read keeps what it blocked last.
"""

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, wait
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlmodel import Session, col

from marketplace import clock, db
from marketplace.accounts.models import User
from marketplace.calendars import queries
from marketplace.calendars.models import Account, Source
from marketplace.calendars.outgoing import MOST_SECONDS, Way
from marketplace.calendars.reading import Asked, Known, Reading, read
from marketplace.calendars.sealing import unseal
from marketplace.calendars.trouble import Trouble
from marketplace.coaches.models import Coach
from marketplace.db import new_id, transaction
from marketplace.jobs import enqueue
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Busy
from marketplace.settings import Settings

PERIOD = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=1)
TELL_AFTER = 2
"""Failures in a row after which she is told: a server that stumbles once is no news."""

FRESH = timedelta(minutes=2)
FRESH_SECONDS = 3.0
READ_SECONDS = MOST_SECONDS + 6  # to fetch, and to read what came
AT_ONCE = 12
PATIENCE = timedelta(seconds=20)


def refresh_due(settings: Settings) -> int:
    """Read the calendars that are due, some at once, for as long as others can wait; how many."""
    until, done = clock.now() + PATIENCE, 0
    while clock.now() < until:
        with transaction(write=False) as session:
            ids = queries.due(session, clock.now(), AT_ONCE)
        if not ids:
            break
        _refresh(ids, settings)
        done += len(ids)
    return done


def refresh_one(source_id: UUID, settings: Settings) -> None:
    """Read one calendar now."""
    _refresh([source_id], settings)


def read_whole(session: Session, coach_id: UUID) -> None:
    """Take nothing that was seen of her calendars for known when they are read next."""
    session.execute(update(Source).where(col(Source.coach_id) == coach_id).values(expanded_on=None))


def fresh(coach_id: UUID, settings: Settings) -> None:
    """See that a coach's calendars were looked at within the last minutes, before some of her time is taken.

    Takes FRESH_SECONDS at most and never fails: where a calendar does not answer in time, what it said last counts,
    and the job that reads it regularly finds out what is wrong. Must be called outside any transaction.
    """
    began_at = clock.now()
    with transaction(write=False) as session:
        asked = _asked(session, queries.stale(session, coach_id, began_at - FRESH), settings)
    if not asked:
        return
    readings = _read(asked, FRESH_SECONDS)
    with transaction() as session:
        for source_id in asked:
            reading = readings.get(source_id)
            if reading is not None and reading.trouble is None:
                _take(session, source_id, reading, began_at)
            elif source := _locked(session, source_id):
                source.tried_at, source.due_at = began_at, min(source.due_at, clock.now())


def _refresh(ids: Sequence[UUID], settings: Settings) -> None:
    began_at = clock.now()
    with transaction(write=False) as session:
        asked = _asked(session, ids, settings)
    readings = _read(asked, READ_SECONDS)
    for source_id in asked:
        with transaction() as session:
            _take(session, source_id, readings.get(source_id, Reading(trouble="too-slow")), began_at)


def _asked(session: Session, ids: Sequence[UUID], settings: Settings) -> dict[UUID, Asked | Reading]:
    """What to ask, with all that is secret; where that can't be unsealed, the trouble instead."""
    found: dict[UUID, Asked | Reading] = {}
    for source_id in ids:
        source = session.get(Source, source_id)
        if source is None or not source.blocks:
            continue
        account = session.get(Account, source.account_id) if source.account_id else None
        coach = session.get_one(Coach, source.coach_id)
        person = session.get_one(User, coach.user_id)
        try:
            url, way = access(source, account, settings)
        except Trouble as trouble:
            found[source_id] = Reading(trouble=trouble.kind)
            continue
        found[source_id] = Asked(
            url=url,
            way=way,
            is_dav=account is not None,
            at=clock.now(),
            zone=coach.timezone,
            own_host=urlsplit(settings.base_url).hostname or "localhost",
            calendar_zone=source.zone,
            addresses=[person.email, *(account.addresses if account else ()), *([account.login] if account else ())],
            known=Known(source.etag, source.modified, source.digest, source.expanded_on),
        )
    return found


def access(source: Source, account: Account | None, settings: Settings) -> tuple[str, Way]:
    """Where a calendar is and how to get in. Trouble `key-changed`."""
    url, login = unseal(settings.secret_key, source.sealed)["url"], None
    if account is not None:
        facts = unseal(settings.secret_key, account.sealed)
        login = (facts["user"], facts["password"])
    return url, Way(settings.local_networks, login)


def _read(asked: Mapping[UUID, Asked | Reading], seconds: float) -> dict[UUID, Reading]:
    """All of them at once, each in a thread; those that did not come in time are left out."""
    futures = {source_id: _begin(source_id, one, seconds) for source_id, one in asked.items()}
    wait(futures.values(), timeout=seconds)
    return {source_id: future.result() for source_id, future in futures.items() if future.done()}


_under_way: dict[tuple[UUID, float], Future[Reading]] = {}
_guard = threading.Lock()


def _begin(source_id: UUID, asked: Asked | Reading, seconds: float) -> Future[Reading]:
    """The reading of one calendar that is under way in this process, or a new one."""
    future: Future[Reading] = Future()
    if isinstance(asked, Reading):
        future.set_result(asked)
        return future
    with _guard:
        under_way = _under_way.setdefault((source_id, seconds), future)
    if under_way is future:
        threading.Thread(target=_run, args=(source_id, asked, seconds, future), daemon=True).start()
    return under_way


def _run(source_id: UUID, asked: Asked, seconds: float, future: Future[Reading]) -> None:
    reading = read(asked, seconds)
    with _guard:
        del _under_way[source_id, seconds]
    future.set_result(reading)


def _take(session: Session, source_id: UUID, reading: Reading, began_at: datetime) -> None:
    """Write down what came of a reading, unless a later one was quicker or the calendar is no longer wanted."""
    source = session.get(Source, source_id)
    if source is None:
        return
    scheduling.lock(session, source.coach_id)
    source = _locked(session, source_id)
    if source is None or not source.blocks or (source.read_at is not None and source.read_at > began_at):
        return
    source.tried_at = began_at
    if reading.trouble is not None:
        _failed(session, source, reading.trouble)
        return
    now = clock.now()
    if source.failing_since is not None:
        source.mended_at = now
    source.failures, source.failing_since, source.trouble = 0, None, None
    source.read_at, source.due_at = began_at, now + PERIOD
    known = reading.known
    source.etag, source.modified, source.digest, source.expanded_on = known.etag, known.modified, known.digest, known.on
    if reading.busy is not None:
        _replace(session, source, reading)


def _replace(session: Session, source: Source, reading: Reading) -> None:
    """Her busy times are these, all at once; whoever shows her openings hears of it if they are others."""
    kept = select(col(Busy.starts_at), col(Busy.ends_at), col(Busy.title)).where(col(Busy.source_id) == source.id)
    new = [
        (datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC), title)
        for start, end, title in reading.busy or ()
    ]
    if sorted(map(tuple, session.execute(kept))) == new:
        return
    session.execute(delete(Busy).where(col(Busy.source_id) == source.id))
    of = {"coach_id": source.coach_id, "source_id": source.id}
    rows = [of | {"id": new_id(), "starts_at": start, "ends_at": end, "title": title} for start, end, title in new]
    db.insert_many(session, Busy, rows)
    scheduling.changed(session, source.coach_id)


def _failed(session: Session, source: Source, trouble: str) -> None:
    """It keeps blocking what it blocked last. She is told once for each time that it goes wrong."""
    now = clock.now()
    source.failures += 1
    source.failing_since, source.trouble, source.mended_at = source.failing_since or now, trouble, None
    source.due_at = now + min(FIRST_PAUSE * 3 ** min(source.failures - 1, 6), LONGEST_PAUSE)
    if source.failures >= TELL_AFTER:
        key = f"calendars.failing:{source.id}:{source.failing_since.isoformat()}"
        enqueue(session, "calendars.tell_failing", key=key, source_id=source.id)


def _locked(session: Session, source_id: UUID) -> Source | None:
    found: Source | None = db.locked(session, select(Source).where(col(Source.id) == source_id))
    return found
