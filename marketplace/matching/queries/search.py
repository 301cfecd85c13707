"""A search in two steps: who comes on this page, ranked by the database over the whole ring; then their cards."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.errors import Invalid
from marketplace.matching.criteria import USUAL_KM, Criteria
from marketplace.matching.masks import IN_PERSON, ONLINE
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries.cards import Card, cards, cards_of
from marketplace.matching.queries.chosen import MOST_COUNTED, Where, chosen, counted
from marketplace.matching.queries.conditions import horizon
from marketplace.matching.queries.ranking import keys
from marketplace.matching.queries.sql import Values, as_id, rows, stored_id
from marketplace.matching.reasons import Reason, reasons
from marketplace.matching.score import Candidate, fit
from marketplace.memory import Memory
from marketplace.places.geo import distance_km, on_sphere

Key = tuple[Any, ...]
"""Three numbers by which a row is ordered, and its id."""


@dataclass(frozen=True)
class Hit:
    """A coach in the results. `distance_km` is None for those far away; `elsewhere`: she comes into question online."""

    card: Card
    criteria: Criteria
    distance_km: float | None
    elsewhere: bool

    @cached_property
    def candidate(self) -> Candidate:
        """What she is scored by."""
        card, asked = self.card, self.criteria
        return Candidate(
            strength=card.strength,
            goals=card.goals,
            languages=card.languages,
            traits=card.traits,
            price=self.price,
            currency=card.currency,
            distance_km=self.distance_km,
            meets_in_person=not self.elsewhere and bool(card.modes & IN_PERSON),
            works_online=bool(card.modes & ONLINE),
            same_zone=asked.zone is not None and asked.zone == card.zone,
            newcomer=card.newcomer,
            availability=card.availability,
            rating_sum=card.rating_sum,
            rating_count=card.rating_count,
            reply_hours=card.reply_hours,
        )

    @cached_property
    def fit(self) -> int:
        """How well she fits, 0–100."""
        return fit(self.criteria.wish, self.candidate)

    @cached_property
    def reasons(self) -> Sequence[Reason]:
        """Why, the weightiest first."""
        opens = self.card.next_opening_at
        opens = opens if opens is not None and opens > self.criteria.now else None
        return reasons(self.criteria.wish, self.candidate, opens, self.card.turnaround_hours)

    @property
    def next_at(self) -> datetime | None:
        """When she can help next: her next opening, or else the earliest promised answer to a clip."""
        return self.card.next_time(self.criteria.now)

    @property
    def price(self) -> int:
        """The least that counts here, in minor units."""
        return self.card.price_of(self.criteria.modes)

    @property
    def issues(self) -> int:
        """Those asked for that she fixes, as a mask."""
        return self.card.issues & (self.criteria.issues | self.criteria.past)

    @property
    def is_matched(self) -> bool:
        """Whether issues or goals were asked for, so that the fit says much."""
        return bool(self.criteria.issues | self.criteria.past | self.criteria.goals)


@dataclass(frozen=True, slots=True)
class Results:
    """A page of a search. `near` of `total` meet in person in the ring; `after` is where the next page begins."""

    hits: Sequence[Hit]
    total: int
    near: int
    first: int
    after: list[object] | None


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page begins: the instant that the search was reckoned at, the number of its first row, the key before."""

    as_of: datetime
    first: int
    key: Key


def search(session: Session, criteria: Criteria, after: Sequence[object] | None = None) -> Results:
    """The coaches who qualify, in order, `criteria.limit` of them from the position `after` on.

    With a centre, those who meet in person in the ring come first, then those online, of whom those far away are the
    best of a bounded list for each issue. Without one, from such lists alone. Invalid `cursor` for a position that was
    never given.
    """
    position = _position(after) if after is not None else None
    criteria = criteria.at(position.as_of) if position else criteria
    ranked, total, near = _ranked(session, criteria, position.key if position else None)
    page, more = ranked[: criteria.limit], len(ranked) > criteria.limit
    first = position.first if position else 1
    last = [criteria.now.timestamp(), first + len(page), *page[-1][:3], str(as_id(page[-1][3]))] if more else None
    shown = cards_of(session, [(as_id(row[3]), row[4]) for row in page])
    return Results(_hits(criteria, shown), total, near, first, last)


def standing(session: Session, coach_id: UUID, criteria: Criteria) -> Hit | None:
    """One coach as the results would show her; None when she is not listed."""
    return next(iter(_hits(criteria, list(cards(session, [coach_id]).values()))), None)


def is_listed(session: Session, coach_id: UUID) -> bool:
    """Whether search finds her."""
    found_id = session.execute(select(col(CoachSearch.coach_id)).where(col(CoachSearch.coach_id) == coach_id))
    return found_id.one_or_none() is not None


def _ranked(session: Session, criteria: Criteria, after: Key | None) -> tuple[list[Key], int, int]:
    """The keys of one more than a page, how many qualify in all, and how many of them meet in person in the ring."""
    if criteria.centre is None:
        anybody, total, _meeting = _first(session, criteria, after, Where.ANYWHERE)
        return anybody, total, 0
    near, total, meeting = _first(session, criteria, after, Where.RING)
    if criteria.modes & IN_PERSON:
        return near, total, meeting
    x, y, z = on_sphere(*criteria.centre)
    edge = horizon(criteria)
    far = [row for row in _online(session, criteria) if row.x * x + row.y * y + row.z * z < edge]
    behind = (*after[:3], stored_id(session, after[3])) if after else None
    rest = [row.key for row in far if behind is None or row.key[:4] > behind]
    return sorted([*near, *rest[: criteria.limit + 1]])[: criteria.limit + 1], total + len(far), meeting


@dataclass(frozen=True, slots=True)
class _Online:
    """A coach who works online, by her key, and where she is on the sphere."""

    key: Key
    x: float
    y: float
    z: float


_lists: Memory[list[_Online]] = Memory(12, seconds=60, fleeting=True)


def _online(session: Session, criteria: Criteria) -> list[_Online]:
    """Those who work online and qualify, of bounded lists, in order: the same from wherever they are asked for."""
    asked = replace(criteria.asked, sort=criteria.sort, likes=criteria.likes, centre=None, within_km=USUAL_KM)
    return _lists.get(
        (str(session.get_bind().engine.url), asked), lambda: _read_online(session, criteria.at(asked.now))
    )


def _read_online(session: Session, criteria: Criteria) -> list[_Online]:
    value = Values(session)
    tables, rest = chosen(criteria, value, Where.ELSEWHERE)
    a, b, c = keys(criteria, value, ring=False)
    page = f"SELECT {a} AS a, {b} AS b, {c} AS c, coach_id, version, x, y, z FROM {rest}"  # nosec B608
    found = rows(session, f"{tables} {page} ORDER BY a, b, c, coach_id", value)
    return [_Online(tuple(row[:5]), *row[5:]) for row in found]


def _first(session: Session, criteria: Criteria, after: Key | None, where: Where) -> tuple[list[Key], int, int]:
    """The first rows from there that come after a key, how many there are, and how many of them meet in person.

    More than a page of them are read, so that few are counted without asking again.
    """
    value = Values(session)
    tables, rest = chosen(criteria, value, where)
    a, b, c = keys(criteria, value, ring=where is Where.RING)
    page = f"SELECT {a} AS a, {b} AS b, {c} AS c, coach_id, version FROM {rest}"  # nosec B608
    if after:
        place = ", ".join(value(each) for each in after)
        page = f"SELECT * FROM ({page}) AS every WHERE (a, b, c, coach_id) > ({place})"  # nosec B608
    order = f"ORDER BY a, b, c, coach_id LIMIT {value(MOST_COUNTED + 1)}"
    found = rows(session, f"{tables} {page} {order}", value)
    if after is None and len(found) <= MOST_COUNTED:
        total, meeting = len(found), sum(row[0] == 0 for row in found)
    else:
        total, meeting = counted(session, criteria, where)
    meets = where is Where.RING and criteria.modes != ONLINE
    return [tuple(row) for row in found], total, meeting if meets else 0


def _hits(criteria: Criteria, page: Sequence[Card]) -> list[Hit]:
    return [_hit(criteria, card) for card in page]


def _hit(criteria: Criteria, card: Card) -> Hit:
    km = distance_km(criteria.centre, (card.latitude, card.longitude)) if criteria.centre else None
    inside = km is not None and km <= criteria.within_km
    meets = bool(card.modes & IN_PERSON) and criteria.modes != ONLINE
    elsewhere = criteria.centre is not None and not (inside and meets)
    return Hit(card, criteria, km if inside else None, elsewhere)


def _position(after: Sequence[object]) -> _Position:
    numbers, last = after[:-1], after[-1] if after else None
    known = len(after) == 6 and isinstance(last, str) and all(_is_number(number) for number in numbers)
    as_of, first = (numbers[0], numbers[1]) if known else (None, None)
    if not isinstance(as_of, int | float) or not isinstance(first, int) or not 0 < first < 10**6:
        raise Invalid("cursor", field="cursor")
    if not 0 < as_of < 2**33:
        raise Invalid("cursor", field="cursor")
    return _Position(datetime.fromtimestamp(as_of, UTC), first, (*numbers[2:], _id(str(last))))


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid("cursor", field="cursor") from None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15
