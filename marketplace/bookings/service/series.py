"""A series: the same time of the week, held all or none on one order; then each visit is a booking of its own."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.series import Repeat, Turn, wanted
from marketplace.bookings.service.holding import Intake, Shown, begin, check_terms, new, open_order
from marketplace.bookings.service.time import take_time
from marketplace.bookings.states import Actor
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict, Invalid
from marketplace.scheduling import queries as calendars

Clash = dict[str, Any]
"""The local date `on`, the start as text (None where the clocks skip it), the `reason`, the nearest `others`."""


def hold_series(
    session: Session,
    *,
    booking_id: UUID,
    offer_id: UUID,
    repeat: Repeat,
    by: User,
    fee_percent: Decimal,
    shown: Shown | None = None,
    intake: Intake | None = None,
) -> Sequence[Booking]:
    """Hold every visit of a series until all are paid together, or none. The same id again is the same series.

    `booking_id` is that of the first visit, the price `shown` that of each. Refusals as `hold`; Conflict `series-clash`
    with all `clashes` where any visit can't be had, Invalid `series-empty` where all but one are left out.
    """
    now = clock.now()
    offer, calendar = begin(session, offer_id, repeat.first, by)
    turns = wanted(calendar.timezone, repeat)
    if len(turns) < 2:
        raise Invalid("series-empty", field="repeat")
    if (known := session.get(Booking, booking_id)) is not None:
        return _same(session, known, by, offer, turns)
    check_terms(session, offer, by, shown, now, many=len(turns))
    _check_first(session, offer, repeat.first, now)
    with session.begin_nested():
        held = _hold_all(session, booking_id, offer, turns, by, intake or Intake(), now)
    open_order(session, held, fee_percent)
    return held


def _check_first(session: Session, offer: Offer, first: datetime, now: datetime) -> None:
    """Invalid for a first time that never was one; others of the series may well be."""
    reason = calendars.why_closed(session, offer, first, now)
    if reason is not None and reason.was_never_open:
        raise Invalid(f"time-{reason.value}", field="starts_at")


def _hold_all(
    session: Session, first_id: UUID, offer: Offer, turns: Sequence[Turn], by: User, intake: Intake, now: datetime
) -> list[Booking]:
    held: list[Booking] = []
    closed: list[tuple[Turn, str]] = []
    for number, turn in enumerate(turns):
        reason = _closed(session, offer, turn, by, now)
        if reason or turn.starts_at is None:
            closed.append((turn, str(reason)))
            continue
        booking = new(uuid5(first_id, str(number)) if number else first_id, offer, by, now, intake)
        take_time(session, booking, offer, turn.starts_at)
        session.add(booking)
        booking.make("hold", by=Actor.RUNNER, at=now, person=by.id)
        session.flush()
        held.append(booking)
    if closed:
        raise Conflict("series-clash", field="repeat", clashes=[_clash(session, offer, *each, now) for each in closed])
    return held


def _closed(session: Session, offer: Offer, turn: Turn, by: User, now: datetime) -> str | None:
    """Why a visit can't be had: skipped by the clocks, hers already, or a reason of the calendar."""
    if turn.starts_at is None:
        return "skipped"
    if queries.same_visit(session, offer.id, turn.starts_at, by.id):
        return "yours"
    return calendars.why_closed(session, offer, turn.starts_at, now)


def _clash(session: Session, offer: Offer, turn: Turn, reason: str, now: datetime) -> Clash:
    start = turn.starts_at
    others = queries.open_near(session, offer, start, now) if start else []
    return {
        "on": turn.on.isoformat(),
        "starts_at": start.isoformat() if start else None,
        "reason": reason,
        "others": [each.isoformat() for each in others],
    }


def _same(session: Session, known: Booking, by: User, offer: Offer, turns: Sequence[Turn]) -> Sequence[Booking]:
    """The series that was already held under this id, if it is this one and not over."""
    series = queries.of_order(session, known.order_id) if known.order_id else [known]
    theirs = {each.starts_at for each in series}
    if not known.holds_its_time or known.runner_id != by.id or known.offer_id != offer.id:
        raise Conflict("id-taken", field="id")
    if theirs != {turn.starts_at for turn in turns}:
        raise Conflict("id-taken", field="id")
    return series
