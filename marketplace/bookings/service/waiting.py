"""The waitlist of a full week: who asked first gets the first time that frees, held for her while she decides."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from marketplace import clock, log
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Wait
from marketplace.bookings.service.holding import check_payable, hold
from marketplace.bookings.states import Actor
from marketplace.bookings.waits import monday_of, span_of
from marketplace.calendars import service as elsewhere
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Offer
from marketplace.coaches.service import check_buyer
from marketplace.db import new_id, transaction
from marketplace.errors import Conflict, DomainError, Invalid, NotFound
from marketplace.jobs import enqueue
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service as scheduling
from marketplace.settings import Settings

MOST_WAITS = 20
"""Weeks for which one runner may wait at once."""


def wait(session: Session, offer_id: UUID, *, by: User, week_on: date) -> Wait:
    """Put a runner on the waitlist of an offer's full week (any of its days, in the coach's zone). Twice is once.

    NotFound, Forbidden `address-not-verified` or `own-offer`, Invalid `week-to-wait-for`, Conflict `week-has-times`,
    `coach-away`, `coach-unpaid`, `too-many-waits`.
    """
    now, monday = clock.now(), monday_of(week_on)
    offer, coach = coaches.on_sale(session, offer_id)
    if offer.minutes is None:
        raise Invalid("no-fixed-hour", field="offer")
    check_payable(session, coach.id, offer.price)
    check_buyer(by, coach)
    calendar = scheduling.lock(session, coach.id)
    hers = queries.awaited_weeks(session, by.id, offer_id)
    if monday in hers:
        return hers[monday]
    since, until = span_of(calendar.timezone, monday)
    if until <= now or since > now + timedelta(days=offer.window_days):
        raise Invalid("week-to-wait-for", field="week_on")
    if calendars.openings(session, offer, between=(since, until), now=now):
        raise Conflict("week-has-times", field="week_on")
    if len(queries.waits_of(session, by.id)) >= MOST_WAITS:
        raise Conflict("too-many-waits", most=MOST_WAITS)
    place = Wait(runner_id=by.id, coach_id=coach.id, offer_id=offer_id, week_on=monday, asked_at=now)
    session.add(place)
    place.make("ask", by=Actor.RUNNER, at=now)
    return place


def leave(session: Session, wait_id: UUID, *, by: User) -> Wait:
    """Take a runner off a waitlist; off already is off. A time that is held for her is let go with its booking."""
    place = queries.locked_wait(session, wait_id)
    if place is None or place.runner_id != by.id:
        raise NotFound("wait")
    if place.is_waiting:
        place.make("leave", by=Actor.RUNNER, at=clock.now())
    return place


def leave_all(session: Session, runner_id: UUID) -> None:
    """Take a runner who leaves the site off every list."""
    for each in queries.waits_of(session, runner_id):
        if each.wait.is_waiting:
            each.wait.make("leave", by=Actor.RUNNER, at=clock.now())


def serve(coach_id: UUID, settings: Settings) -> int:
    """Hold what is free of a coach's time for those who wait, by what her calendars elsewhere say now; how many.

    They are looked at only where there is something to hold. Must be called outside any transaction.
    """
    with transaction(write=False) as session:
        if not any(_served(session, queries.all_waiting(session, coach_id), clock.now())):
            return 0
    elsewhere.fresh(coach_id, settings)
    served = 0
    while True:
        with transaction() as session:
            if not offer_freed(session, coach_id):
                return served
        served += 1


def offer_freed(session: Session, coach_id: UUID) -> bool:
    """Hold the next free time of a coach for the first who waits for its week, and tell her; False when nobody can be.

    The hold is an ordinary one, so that nobody else takes it. One in a transaction. Who has booked a time of that week
    since she asked keeps her place, and is asked again should she cancel.
    """
    now, places = clock.now(), queries.all_waiting(session, coach_id)
    locked = (queries.locked_wait(session, each.id) for each in places)
    return any(_hold_for(session, *each, now) for each in _served(session, locked, now))


def close_past(session: Session) -> int:
    """End the waiting for weeks that are past in every zone; how many waits."""
    now = clock.now()
    past = queries.past_waits(session, now.date() - timedelta(days=8))
    for place in past:
        place.make("close", by=Actor.SYSTEM, at=now)
    return len(past)


def _served(session: Session, places: Iterable[Wait | None], now: datetime) -> Iterator[tuple[Wait, datetime]]:
    """Those who wait for a week that has an open time, with the first one."""
    full: set[tuple[UUID, date]] = set()
    for place in places:
        if place is None or not place.is_waiting or (place.offer_id, place.week_on) in full:
            continue
        calendar, offer = calendars.calendar_of(session, place.coach_id), session.get_one(Offer, place.offer_id)
        between = span_of(calendar.timezone, place.week_on)
        found = calendars.openings(session, offer, between=between, now=now)
        if not found:
            full.add((place.offer_id, place.week_on))
        elif not queries.has_booked_since(session, place, *between):
            yield place, found[0].starts_at


def _hold_for(session: Session, place: Wait, start: datetime, now: datetime) -> bool:
    """Hold it for her; False where that is refused: then she keeps her place, and the next one is asked."""
    runner, booking_id = session.get_one(User, place.runner_id), new_id()
    try:
        with session.begin_nested():
            hold(
                session,
                booking_id=booking_id,
                offer_id=place.offer_id,
                starts_at=start,
                by=runner,
                fee_percent=None,
            )
            place.booking_id = booking_id
            place.make("offer", by=Actor.SYSTEM, at=now)
    except DomainError as refusal:
        log.info("waitlist place can't be served", wait=str(place.id), kind=refusal.kind)
        return False
    enqueue(session, "bookings.tell", key=f"bookings.tell:{booking_id}:freed", booking_id=booking_id, news="freed")
    return True
