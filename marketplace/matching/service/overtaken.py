"""What time alone changes of the rows of many coaches: their next openings, how much room they have, how new they are.

Everything else of a row is as it was, since whoever changes it has the coach looked at again (refreshing.py).
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlmodel import Session, col

from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.matching.masks import TRAITS, mask
from marketplace.matching.models import CoachSearch, CoachTopic
from marketplace.matching.service.facts import AHEAD_DAYS, Selling, places_taken
from marketplace.matching.service.record import offers, standing_of, times, version
from marketplace.matching.stored import newness
from marketplace.scheduling import queries as calendars

Row = dict[str, Any]
OF_TIME = ("next_opening_at", "turnaround_hours", "availability", "traits", "newcomer", "standing", "card", "version")
_TIMES = ("stale_at", *OF_TIME)
FREE = mask(TRAITS[:2], TRAITS)  # in the evening, at weekends
_ROWS = select(*CoachSearch.__table__.columns)  # type: ignore[attr-defined]


def look_again(session: Session, coach_ids: Sequence[UUID], now: datetime) -> None:
    """Bring the rows of these coaches up to `now`."""
    connection = session.connection()
    rows = {row.coach_id: dict(row._mapping) for row in connection.execute(_of(coach_ids))}
    coaches = {each.id: each for each in session.scalars(select(Coach).where(col(Coach.id).in_(rows)))}
    sold: dict[UUID, list[Offer]] = defaultdict(list)
    selling = select(Offer).where(col(Offer.coach_id).in_(rows), col(Offer.withdrawn_at).is_(None))
    for offer in session.scalars(selling.order_by(col(Offer.position), col(Offer.id))):
        sold[offer.coach_id].append(offer)
    starts = calendars.starts_of_many(session, [each for found in sold.values() for each in found], now, AHEAD_DAYS)
    reviews = [each for found in sold.values() for each in found if _is_counted(each)]
    taken = places_taken(session, {each.id: coaches[each.coach_id].timezone for each in reviews}, now)
    changed = [
        _changed(rows[coach_id], Selling(coach=coaches[coach_id], sold=found, starts=starts, places_taken=taken), now)
        for coach_id, found in sold.items()
    ]
    _write(session, changed, {coach_id: row["standing"] for coach_id, row in rows.items()})


def _of(coach_ids: Sequence[UUID]) -> Any:
    return _ROWS.where(col(CoachSearch.coach_id).in_(coach_ids))


def _is_counted(offer: Offer) -> bool:
    return offer.kind is OfferKind.CLIP_REVIEW and offer.weekly_places is not None


def _changed(row: Row, selling: Selling, now: datetime) -> Row:
    """The columns of a row that are others now, with `whose`."""
    coach = selling.coach
    values = row | times(selling, now)
    values["traits"] |= row["traits"] & ~FREE
    values["newcomer"] = round(newness(now - coach.created_at, row["strength"]), 2)
    values["standing"] = standing_of(values)
    values["card"] = json.dumps(json.loads(row["card"]) | {"offers": offers(selling)}, separators=(",", ":"))
    shown = {name: value for name, value in values.items() if name not in ("version", "listed_at")}
    values["version"] = version(shown)
    return {"whose": coach.id} | {name: values[name] for name in _TIMES}


def _write(session: Session, changed: Sequence[Row], before: Mapping[UUID, float]) -> None:
    connection = session.connection()
    if changed:
        mine = col(CoachSearch.coach_id) == bindparam("whose")
        connection.execute(update(CoachSearch).where(mine).values({name: bindparam(name) for name in _TIMES}), changed)
    moved = [row for row in changed if row["standing"] != before[row["whose"]]]
    if moved:
        hers = col(CoachTopic.coach_id) == bindparam("whose")
        moves = [{"whose": row["whose"], "stands": row["standing"]} for row in moved]
        connection.execute(update(CoachTopic).where(hers).values(standing=bindparam("stands")), moves)
