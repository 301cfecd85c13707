"""A search, whole: candidates, their fit, their order, a page of them, and the cards of that page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.errors import Invalid
from marketplace.matching.criteria import Criteria, Sort
from marketplace.matching.masks import ONLINE
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries.candidates import Found, found, row_of
from marketplace.matching.queries.cards import Card, cards
from marketplace.matching.score import Reason, average, fit, next_time, reasons

FAR = 1e6  # where there is no distance
NEVER = 1e12  # where there is no next opening
Key = list[float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A coach in the results. `distance_km` is None for those far away; `next_at` an instant.

    `issues`: those asked for that she fixes; `is_matched`: issues or goals were asked for, so that the fit says much.
    """

    card: Card
    distance_km: float | None
    elsewhere: bool
    fit: int
    reasons: Sequence[Reason]
    next_at: datetime | None
    price: int
    issues: int
    is_matched: bool


@dataclass(frozen=True, slots=True)
class Results:
    """A page of a search. `near` of `total` meet in person in the ring; `after` is where the next page begins."""

    hits: Sequence[Hit]
    total: int
    near: int
    first: int
    after: list[object] | None


def search(session: Session, criteria: Criteria, after: Sequence[object] | None = None) -> Results:
    """The coaches who qualify, in order, `criteria.limit` of them from the position `after` on.

    Without a centre, from anywhere. With one, those who meet in person in the ring come first, then those online.
    Cost is bounded, so `total` counts at most some thousand. Invalid `cursor` for a position that was never given.
    """
    position = _position(after) if after is not None else None
    criteria = criteria.at(position.as_of) if position else criteria
    wish = criteria.wish
    keyed = (
        (_key(each, criteria, fit(wish, each.candidate)), str(each.coach_id), each) for each in found(session, criteria)
    )
    ordered = sorted(keyed, key=itemgetter(0, 1))
    behind = [row for row in ordered if not position or [*row[0], row[1]] > position.key]
    page = behind[: criteria.limit]
    first = position.first if position else 1
    last = [criteria.now.timestamp(), first + len(page), *page[-1][0], page[-1][1]] if page else None
    return Results(
        hits=_hits(session, criteria, [each for _, _, each in page]),
        total=len(ordered),
        near=sum(not each.elsewhere for _, _, each in ordered) if criteria.centre else 0,
        first=first,
        after=last if len(behind) > len(page) else None,
    )


def standing(session: Session, coach_id: UUID, criteria: Criteria) -> Hit | None:
    """One coach as the results would show her; None when she is not listed."""
    row = row_of(session, coach_id, criteria)
    return _hits(session, criteria, [row])[0] if row else None


def is_listed(session: Session, coach_id: UUID) -> bool:
    """Whether search finds her."""
    found_id = session.execute(select(col(CoachSearch.coach_id)).where(col(CoachSearch.coach_id) == coach_id))
    return found_id.one_or_none() is not None


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page begins: the instant that the search was reckoned at, the number of its first row, the key before."""

    as_of: datetime
    first: int
    key: list[object]


def _position(after: Sequence[object]) -> _Position:
    numbers, last = after[:-1], after[-1] if after else None
    known = len(after) == 6 and isinstance(last, str) and all(_is_number(number) for number in numbers)
    as_of, first = (numbers[0], numbers[1]) if known else (None, None)
    if not isinstance(as_of, int | float) or not isinstance(first, int) or not 0 < first < 10**6:
        raise Invalid("cursor", field="cursor")
    if not 0 < as_of < 2**33:
        raise Invalid("cursor", field="cursor")
    return _Position(datetime.fromtimestamp(as_of, UTC), first, [*numbers[2:], last])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _key(each: Found, criteria: Criteria, how_well: int) -> Key:
    """Three numbers, least first: whether she is elsewhere, then by what is asked, then by fit."""
    coach = each.candidate
    km = FAR if coach.distance_km is None else coach.distance_km
    if criteria.sort == Sort.PRICE:
        return [_group(each, criteria), coach.price + (coach.currency != criteria.currency) * 1e9, -how_well]
    if criteria.sort == Sort.SOONEST:
        at = next_time(coach, criteria.now)
        return [_group(each, criteria), at.timestamp() if at else NEVER, -how_well]
    if criteria.sort == Sort.RATING:
        return [_group(each, criteria), -(average(coach) or 0), -coach.rating_count]
    if criteria.sort == Sort.DISTANCE:
        return [_group(each, criteria), km, -how_well]
    return [_group(each, criteria), -how_well, km]


def _group(each: Found, criteria: Criteria) -> float:
    """Online coaches come after those in the ring, unless it is online coaches that were asked for."""
    return float(each.elsewhere and criteria.modes != ONLINE)


def _hits(session: Session, criteria: Criteria, page: Sequence[Found]) -> list[Hit]:
    shown = cards(session, [each.coach_id for each in page])
    return [_hit(each, shown[each.coach_id], criteria) for each in page if each.coach_id in shown]


def _hit(each: Found, card: Card, criteria: Criteria) -> Hit:
    coach, wish = each.candidate, criteria.wish
    return Hit(
        card=card,
        distance_km=coach.distance_km,
        elsewhere=each.elsewhere,
        fit=fit(wish, coach),
        reasons=reasons(wish, coach),
        next_at=next_time(coach, criteria.now),
        price=coach.price,
        issues=coach.issues & (wish.issues | wish.past),
        is_matched=bool(wish.issues | wish.past | wish.goals),
    )
