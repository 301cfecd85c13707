"""What a coach is found for, and how often she was: sums of the days' counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.coaches.models import Coach
from marketplace.matching.counting import NEAR_KM
from marketplace.matching.models import AskedDay, PlacedDay, SeenDay
from marketplace.places.queries import in_cells

SPAN = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Counts:
    """How often she was shown in results, her page opened, a booking begun and confirmed."""

    shown: int = 0
    viewed: int = 0
    begun: int = 0
    booked: int = 0


@dataclass(frozen=True, slots=True)
class Asked:
    """An issue or goal of hers: searches near her that asked for it, in how many she was shown, and where on average.

    `place` and `among` are rounded means ("3rd of 12"), None while she was not shown.
    """

    id: str
    searches: int
    shown: int
    place: int | None
    among: int | None


def counts(session: Session, coach_id: UUID, today: date) -> tuple[Counts, Counts]:
    """Of the 28 days that end today, and of the 28 before."""
    tomorrow = today + timedelta(days=1)
    return (
        _counts(session, coach_id, tomorrow - SPAN, tomorrow),
        _counts(session, coach_id, tomorrow - 2 * SPAN, tomorrow - SPAN),
    )


def asked(session: Session, coach: Coach, ids: Sequence[str], today: date) -> list[Asked]:
    """Those issues and goals over the 28 days that end today, the most asked for first."""
    since = today + timedelta(days=1) - SPAN
    searches, placed = _searches(session, coach, ids, since), _placed(session, coach.id, ids, since)
    found = [_asked(each, searches.get(each, 0), *placed.get(each, (0, 0, 0))) for each in ids]
    return sorted(found, key=lambda each: -each.searches)


def _counts(session: Session, coach_id: UUID, since: date, until: date) -> Counts:
    columns = (SeenDay.shown, SeenDay.viewed, SeenDay.begun, SeenDay.booked)
    sums = select(*(func.coalesce(func.sum(col(column)), 0) for column in columns))
    days = col(SeenDay.seen_on) >= since, col(SeenDay.seen_on) < until
    row = session.execute(sums.where(col(SeenDay.coach_id) == coach_id, *days)).one()
    return Counts(*map(int, row))


def _searches(session: Session, coach: Coach, ids: Sequence[str], since: date) -> dict[str, int]:
    sums = select(col(AskedDay.asked), func.sum(col(AskedDay.searches))).group_by(col(AskedDay.asked))
    near = in_cells(col(AskedDay.cell), round(coach.latitude, 2), round(coach.longitude, 2), NEAR_KM)
    rows = session.execute(sums.where(near, col(AskedDay.asked).in_(ids), col(AskedDay.asked_on) >= since))
    return {row[0]: int(row[1]) for row in rows}


def _placed(session: Session, coach_id: UUID, ids: Sequence[str], since: date) -> dict[str, tuple[int, int, int]]:
    columns = (PlacedDay.shown, PlacedDay.places, PlacedDay.among)
    sums = select(col(PlacedDay.asked), *(func.sum(col(column)) for column in columns))
    hers = sums.where(col(PlacedDay.coach_id) == coach_id, col(PlacedDay.asked).in_(ids))
    rows = session.execute(hers.where(col(PlacedDay.placed_on) >= since).group_by(col(PlacedDay.asked)))
    return {row[0]: (int(row[1]), int(row[2]), int(row[3])) for row in rows}


def _asked(word: str, searches: int, shown: int, places: int, among: int) -> Asked:
    """A search counts where its first page was seen, a coach where hers was: a link to a later page is no search."""
    if not shown:
        return Asked(word, searches, 0, None, None)
    return Asked(word, max(searches, shown), shown, round(places / shown), round(among / shown))
