"""Sightings, added up into the day's counts and written: many in one transaction, by a thread of each web process."""

import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

from flask import Flask
from sqlalchemy import delete, select
from sqlmodel import Session, SQLModel, col

from marketplace import clock, log
from marketplace.coaches.models import Coach
from marketplace.db import insert, transaction
from marketplace.matching import sightings
from marketplace.matching.criteria import USUAL_KM
from marketplace.matching.masks import GOALS, ISSUES, ids
from marketplace.matching.models import AskedDay, CoachSearch, PlacedDay, SeenDay
from marketplace.matching.sightings import Seen, Shown, Sighting
from marketplace.places.geo import cells_around

WRITTEN_EVERY_SECONDS = 10
KEPT_FOR = timedelta(days=400)
NEAR_KM = USUAL_KM  # near a coach are searches from the cells that this ring around her touches
AT_ONCE = 400  # ids or rows of one statement
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Counted:
    """What counting knows of a coach: whose she is, what she lists, and the ranges of cells near her."""

    user_id: UUID
    lists: frozenset[str] = frozenset()
    near: Sequence[tuple[int, int]] = ()

    def is_near(self, cell: int | None) -> bool:
        """Whether a search from that cell is near her; from anywhere is not."""
        return cell is not None and any(first <= cell <= last for first, last in self.near)


@dataclass(slots=True)
class _Sums:
    """Counts by coach, by cell and word, by coach and word: each a row to be."""

    known: Mapping[UUID, Counted]
    seen: dict[tuple[UUID], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    asked: dict[tuple[int, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    placed: dict[tuple[UUID, str], Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, sighting: Sighting) -> None:
        """Count one."""
        if isinstance(sighting, Seen):
            if self._counts(sighting.coach_id, sighting):
                self.seen[sighting.coach_id,][sighting.what] += 1
            return
        words = (*ids(sighting.issues, ISSUES), *ids(sighting.goals, GOALS))
        if sighting.cell is not None and sighting.first == 1:
            for word in words:
                self.asked[sighting.cell, word]["searches"] += 1
        for place, coach_id in enumerate(sighting.coach_ids, sighting.first):
            if self._counts(coach_id, sighting):
                self._shown(coach_id, place, sighting, words)

    def _shown(self, coach_id: UUID, place: int, page: Shown, words: Sequence[str]) -> None:
        coach = self.known[coach_id]
        self.seen[coach_id,]["shown"] += 1
        if coach.is_near(page.cell):
            sums = {"shown": 1, "places": place, "among": max(page.among, place)}
            for word in coach.lists.intersection(words):
                self.placed[coach_id, word].update(sums)

    def _counts(self, coach_id: UUID, sighting: Sighting) -> bool:
        coach = self.known.get(coach_id)
        return coach is not None and coach.user_id != sighting.by


def flush() -> int:
    """Write what waits in this process; how many sightings. Needs an app context and no transaction."""
    taken = sightings.take()
    if not taken:
        return 0
    try:
        with transaction() as session:
            count(session, taken, clock.now().date())
    except Exception:
        sightings.put_back(taken)
        raise
    return len(taken)


def count(session: Session, taken: Sequence[Sighting], today: date) -> None:
    """Add sightings to the counts of a day."""
    sums = _Sums(_known(session, taken))
    for sighting in taken:
        sums.add(sighting)
    _add(session, SeenDay, ("coach_id",), "seen_on", today, sums.seen)
    _add(session, AskedDay, ("cell", "asked"), "asked_on", today, sums.asked)
    _add(session, PlacedDay, ("coach_id", "asked"), "placed_on", today, sums.placed)


def booked(session: Session, coach_id: UUID, today: date) -> None:
    """A booking of hers was confirmed."""
    _add(session, SeenDay, ("coach_id",), "seen_on", today, {(coach_id,): {"booked": 1}})


def forget(session: Session, today: date) -> None:
    """Delete the counts of days long past."""
    for table, day in ((SeenDay, SeenDay.seen_on), (AskedDay, AskedDay.asked_on), (PlacedDay, PlacedDay.placed_on)):
        session.execute(delete(table).where(col(day) < today - KEPT_FOR))


def start_thread(app: Flask) -> None:
    """Write this process's sightings every some seconds for as long as it lives."""
    threading.Thread(target=_keep_writing, args=(app,), name="counting", daemon=True).start()


def _keep_writing(app: Flask) -> None:
    while True:
        sightings.many_wait.wait(WRITTEN_EVERY_SECONDS)
        try:
            with app.app_context():
                flush()
        except Exception as error:  # a database that is away for a while is waited for
            log.error("counts not written", error=repr(error))
            time.sleep(WRITTEN_EVERY_SECONDS)


def _known(session: Session, taken: Sequence[Sighting]) -> dict[UUID, Counted]:
    """The coaches of those sightings who are there still; only listed ones list anything and are near anywhere."""
    wanted = {one for each in taken for one in (each.coach_ids if isinstance(each, Shown) else (each.coach_id,))}
    row = (CoachSearch.issues, CoachSearch.goals, CoachSearch.latitude, CoachSearch.longitude)
    hers = select(col(Coach.id), col(Coach.user_id), *(col(column) for column in row))
    hers = hers.outerjoin(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id))
    found: dict[UUID, Counted] = {}
    for some in _chunks(sorted(wanted)):
        for coach_id, user_id, issues, goals, latitude, longitude in session.execute(
            hers.where(col(Coach.id).in_(some))
        ):
            lists = frozenset((*ids(issues or 0, ISSUES), *ids(goals or 0, GOALS)))
            near = () if latitude is None else cells_around(latitude, longitude, NEAR_KM)
            found[coach_id] = Counted(user_id, lists, near)
    return found


def _add(
    session: Session,
    table: type[SQLModel],
    keys: Sequence[str],
    day: str,
    today: date,
    sums: Mapping[Any, Mapping[str, int]],
) -> None:
    """Add to the day's rows, always in the order of their keys: two processes that write at once never deadlock."""
    names = [name for name in table.model_fields if name not in (*keys, day)]
    rows = [
        dict(zip(keys, key, strict=True)) | {day: today} | {name: sums[key].get(name, 0) for name in names}
        for key in sorted(sums)
    ]
    for some in _chunks(rows):
        statement = insert(session, table).values(some)
        more = {name: table.__table__.c[name] + statement.excluded[name] for name in names}  # type: ignore[attr-defined]
        session.execute(statement.on_conflict_do_update(index_elements=[*keys, day], set_=more))


def _chunks(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    return (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
