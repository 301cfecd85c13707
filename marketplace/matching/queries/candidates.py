"""Step one of a search: who may come into question, as columns of the search table, at a bounded cost.

Coaches who meet in person are looked for in the ring by its cells, the nearest first; coaches online in a list
bounded by standing. Everything is filtered by place before anything else.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import cos, radians
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, select
from sqlmodel import Session, col

from marketplace.matching.criteria import Criteria
from marketplace.matching.masks import IN_PERSON, ONLINE
from marketplace.matching.models import CoachSearch
from marketplace.matching.score import Candidate, next_time
from marketplace.places.geo import distance_km
from marketplace.places.queries import in_cells

MOST_IN_RING = 4000
MOST_ELSEWHERE = 400
COLUMNS: tuple[Any, ...] = (
    col(CoachSearch.coach_id),
    col(CoachSearch.latitude),
    col(CoachSearch.longitude),
    col(CoachSearch.modes),
    col(CoachSearch.issues),
    col(CoachSearch.main_issues),
    col(CoachSearch.goals),
    col(CoachSearch.languages),
    col(CoachSearch.price),
    col(CoachSearch.price_online),
    col(CoachSearch.price_in_person),
    col(CoachSearch.currency),
    col(CoachSearch.gender),
    col(CoachSearch.evenings),
    col(CoachSearch.weekends),
    col(CoachSearch.rating_sum),
    col(CoachSearch.rating_count),
    col(CoachSearch.next_opening_at),
    col(CoachSearch.turnaround_hours),
)


@dataclass(frozen=True, slots=True)
class Found:
    """A candidate with her id, place and modes; `elsewhere`: she comes into question online only."""

    coach_id: UUID
    point: tuple[float, float]
    modes: int
    elsewhere: bool
    candidate: Candidate


def found(session: Session, criteria: Criteria) -> list[Found]:
    """Everybody who qualifies, in no order: in the ring, and online."""
    if criteria.centre is None:
        rows = session.execute(_standing(_qualifying(criteria)).limit(MOST_IN_RING))
        everybody = [_found(row, criteria, None) for row in rows]
    else:
        everybody = [*_in_ring(session, criteria), *_elsewhere(session, criteria)]
        everybody = list({each.coach_id: each for each in reversed(everybody)}.values())
    until = criteria.available_until
    if until is None:
        return everybody
    times = ((each, next_time(each.candidate, criteria.now)) for each in everybody)
    return [each for each, at in times if at is not None and at <= until]


def row_of(session: Session, coach_id: UUID, criteria: Criteria) -> Found | None:
    """One coach by her row, whatever is asked; None when she is not listed."""
    row = session.execute(select(*COLUMNS).where(col(CoachSearch.coach_id) == coach_id)).one_or_none()
    if row is None:
        return None
    km = distance_km(criteria.centre, (row[1], row[2])) if criteria.centre else None
    return _found(row, criteria, km)


def _in_ring(session: Session, criteria: Criteria) -> Iterator[Found]:
    """Coaches within the ring; those who only work online too, since they may be near all the same."""
    assert criteria.centre is not None  # noqa: S101  (the caller has looked)
    latitude, longitude = criteria.centre
    narrow = cos(radians(latitude))
    north, east = col(CoachSearch.latitude) - latitude, (col(CoachSearch.longitude) - longitude) * narrow
    near = _qualifying(criteria).where(in_cells(col(CoachSearch.cell), latitude, longitude, criteria.within_km))
    for row in session.execute(near.order_by(north * north + east * east, COLUMNS[0]).limit(MOST_IN_RING)):
        km = distance_km(criteria.centre, (row[1], row[2]))
        if km <= criteria.within_km:
            yield _found(row, criteria, km)


def _elsewhere(session: Session, criteria: Criteria) -> Iterator[Found]:
    """Coaches who work online, wherever they are: those of the best standing."""
    if criteria.modes & IN_PERSON:
        return
    online = _qualifying(criteria).where(col(CoachSearch.modes).bitwise_and(ONLINE) != 0)
    for row in session.execute(_standing(online).limit(MOST_ELSEWHERE)):
        yield _found(row, criteria, None)


def _qualifying(criteria: Criteria) -> Select[*tuple[Any, ...]]:
    """The rows that have what is asked for, anywhere."""
    return select(*COLUMNS).where(*conditions(criteria))


def conditions(criteria: Criteria) -> Iterator[ColumnElement[bool]]:
    """What a row must have for what is asked; its place and its next opening aside."""
    issues, goals = criteria.issues | criteria.past, criteria.goals
    any_issue, any_goal = (
        col(CoachSearch.issues).bitwise_and(issues) != 0,
        col(CoachSearch.goals).bitwise_and(goals) != 0,
    )
    if issues and goals:
        yield any_issue | any_goal
    elif issues or goals:
        yield any_issue if issues else any_goal
    for column, wanted in ((CoachSearch.languages, criteria.languages), (CoachSearch.modes, criteria.modes)):
        if wanted:
            yield col(column).bitwise_and(wanted) == wanted
    if criteria.most_price is not None:
        yield col(CoachSearch.currency) == criteria.currency
        yield _price(criteria) <= criteria.most_price
    if criteria.least_rating is not None:
        hundredths = round(criteria.least_rating * 100)
        yield col(CoachSearch.rating_count) > 0
        yield col(CoachSearch.rating_sum) * 100 >= col(CoachSearch.rating_count) * hundredths


def _price(criteria: Criteria) -> Any:
    if criteria.modes == ONLINE:
        return col(CoachSearch.price_online)
    return col(CoachSearch.price_in_person) if criteria.modes == IN_PERSON else col(CoachSearch.price)


def _standing(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return statement.order_by(col(CoachSearch.rating_count).desc(), col(CoachSearch.coach_id).desc())


def _found(row: Row[*tuple[Any, ...]], criteria: Criteria, km: float | None) -> Found:
    values: dict[str, Any] = dict(zip((column.key for column in COLUMNS), row, strict=True))
    coach_id, latitude, longitude = (values.pop(name) for name in ("coach_id", "latitude", "longitude"))
    modes, by_mode = values.pop("modes"), {ONLINE: values.pop("price_online"), IN_PERSON: values.pop("price_in_person")}
    meets = bool(modes & IN_PERSON) and criteria.modes != ONLINE
    elsewhere = criteria.centre is not None and (km is None or not meets)
    candidate = Candidate(**values, distance_km=km, meets_in_person=meets and not elsewhere)
    if (price := by_mode.get(criteria.modes)) is not None:
        candidate = replace(candidate, price=price)
    return Found(coach_id, (latitude, longitude), modes, elsewhere, candidate)
