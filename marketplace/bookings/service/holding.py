"""From a chosen time to a hold, and holds that come to nothing."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.service import changing
from marketplace.bookings.service.time import check_open, check_place, give_time_back, take_time
from marketplace.bookings.states import Actor
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import locked, transaction
from marketplace.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from marketplace.money import Money
from marketplace.payments import service as payments
from marketplace.scheduling import service as scheduling

HOLD = timedelta(minutes=35)
"""A Checkout Session lives at least 30 minutes (Stripe's rule); the rest leaves room for a second attempt."""

NEEDED = timedelta(minutes=31)
"""What must be left of a hold when a Checkout Session is made."""

LONGEST = timedelta(hours=2)
"""A hold that is extended by paying late ends so long after it was made, at the latest."""

MOST_HOLDS = 24
"""Times that one runner may keep unpaid at once, so that nobody empties a coach’s weeks for nothing."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Intake:
    """What the runner tells the coach. `pain_screen` None: not answered yet."""

    issues: list[str] = field(default_factory=list)
    goal: str = ""
    note: str = ""
    story: str = ""
    pain_screen: dict[str, Any] | None = None


def hold(
    session: Session,
    *,
    booking_id: UUID,
    offer_id: UUID,
    starts_at: datetime | None,
    by: User,
    fee_percent: Decimal,
    price: Money | None = None,
    intake: Intake | None = None,
) -> Booking:
    """Hold a time (or for a clip review a place of the week) until it is paid. The same id again is the same hold.
    The id of what is over is `id-taken`.

    `price` as the runner was shown it. A free booking is confirmed at once. Raises NotFound, Forbidden
    `address-not-verified` or `own-offer`, Invalid, Conflict `price-changed`, `time-gone`, `no-place-this-week`,
    `too-many-holds`.
    """
    now = clock.now()
    offer, coach = _offer(session, offer_id, starts_at)
    _check_runner(by, coach)
    locked(session, select(User).where(col(User.id) == by.id))  # her open holds are counted one at a time
    calendar = scheduling.lock(session, coach.id)
    if (known := session.get(Booking, booking_id)) is not None:
        return _same(known, by, offer, starts_at)
    _check_price(session, offer, price)
    if queries.open_holds(session, by.id, now) >= MOST_HOLDS:
        raise Conflict("too-many-holds", most=MOST_HOLDS)
    booking = _new(booking_id, offer, by, now, intake or Intake())
    if starts_at is None:
        check_place(session, offer, calendar.timezone, now)
    else:
        check_open(session, offer, starts_at, now)
        take_time(session, booking, offer, starts_at)
    session.add(booking)
    booking.make("hold", by=Actor.RUNNER, at=now, person=by.id)
    session.flush()
    line = payments.Line("booking", booking.id, booking.title, booking.price)
    order = payments.open_order(
        session,
        payer_id=by.id,
        coach_id=coach.id,
        lines=[line],
        currency=booking.currency,
        expires_at=now + HOLD,
        fee_percent=fee_percent,
    )
    booking.order_id = order.id
    session.flush()
    return booking


def answer_pain_screen(session: Session, booking_id: UUID, *, by: User, answers: dict[str, Any]) -> Booking:
    """Keep what the runner says about pain; before the visit only."""
    booking = queries.locked(session, booking_id, by)
    if queries.party_in(session, booking, by) is not Actor.RUNNER:
        raise Forbidden("runner-only")
    if not booking.holds_its_time:
        raise Conflict("booking-over", status=booking.status.value)
    booking.pain_screen = answers
    return booking


def take_notes(session: Session, booking_id: UUID, *, by: User, notes: str) -> Booking:
    """Keep the coach's own notes on a booking; nobody else reads them."""
    booking = queries.locked(session, booking_id, by)
    if queries.party_in(session, booking, by) is not Actor.COACH:
        raise NotFound("booking")
    booking.coach_notes = notes
    return booking


def extend_hold(session: Session, booking_id: UUID, *, by: User) -> Booking:
    """Make sure that a hold lives as long as the payment page that is about to open.

    Forbidden for others than the runner, Conflict `pain-screen-first`, or `hold-over` when it can't be paid any more.
    """
    now = clock.now()
    booking = queries.locked(session, booking_id, by)
    if booking.runner_id != by.id:
        raise Forbidden("runner-only")
    expires_at = booking.hold_expires_at
    if not booking.is_held or expires_at is None or expires_at <= now:
        raise Conflict("hold-over", status=booking.status.value)
    if not booking.pain_is_screened:
        raise Conflict("pain-screen-first", field="pain")
    if expires_at - now < NEEDED:
        if now + HOLD > booking.created_at + LONGEST:
            raise Conflict("hold-over", status=booking.status.value)
        booking.hold_expires_at = now + HOLD
    return booking


def give_up(booking_id: UUID, *, by: User, reason: str = "") -> None:
    """The runner lets a hold go. Asks Stripe first, in transactions of its own.

    Had she just paid, the booking is cancelled by its policy instead.
    """
    with transaction(write=False) as session:
        booking = queries.visible(session, booking_id, by)
        if booking.runner_id != by.id:
            raise Forbidden("runner-only")
        order_id = booking.order_id
    unpaid = order_id is None or payments.abandon(order_id)
    with transaction() as session:
        booking = queries.locked(session, booking_id, by)
        if unpaid and booking.is_held:
            booking.make("abandon", by=Actor.RUNNER, at=clock.now(), person=by.id, reason=reason)
            give_time_back(session, booking)
        elif booking.is_confirmed:
            changing.cancel(session, booking_id, by=by, reason=reason)


def expire(session: Session, booking_id: UUID) -> None:
    """End a hold that was not paid, and free its time. Nothing to do for any other booking."""
    booking = queries.locked(session, booking_id)
    if booking.is_held:
        booking.make("expire", by=Actor.SYSTEM, at=clock.now())
        give_time_back(session, booking)


def sweep(limit: int = 50) -> int:
    """End the holds that are over, unless Stripe says that one was paid. Its own transactions; how many ended."""
    with transaction(write=False) as session:
        due = queries.overdue_holds(session, clock.now(), limit)
    ended = 0
    for booking_id, order_id in due:
        try:
            if order_id is None or payments.abandon(order_id):
                with transaction() as session:
                    expire(session, booking_id)
                ended += 1
        except DomainError as error:  # Stripe is away: the time stays held until it answers
            log.warning("hold can't be ended", booking=str(booking_id), kind=error.kind)
    return ended


def _offer(session: Session, offer_id: UUID, starts_at: datetime | None) -> tuple[Offer, Coach]:
    offer = session.get(Offer, offer_id)
    if offer is None or offer.withdrawn_at is not None:
        raise NotFound("offer")
    coach = session.get_one(Coach, offer.coach_id)
    if not coach.is_listed:
        raise Conflict("coach-away")
    if offer.kind == OfferKind.CLIP_REVIEW and starts_at is not None:
        raise Invalid("no-fixed-hour", field="starts_at")
    if offer.kind != OfferKind.CLIP_REVIEW and starts_at is None:
        raise Invalid("time-needed", field="starts_at")
    return offer, coach


def _check_runner(by: User, coach: Coach) -> None:
    if not by.is_verified:
        raise Forbidden("address-not-verified")
    if coach.user_id == by.id:
        raise Forbidden("own-offer")


def _check_price(session: Session, offer: Offer, price: Money | None) -> None:
    if price is not None and price != offer.cost:
        raise Conflict("price-changed", field="price", amount=offer.price, currency=offer.currency)
    if offer.price > 0 and not payments.can_be_paid(session, offer.coach_id):
        raise Conflict("coach-away")


def _same(known: Booking, by: User, offer: Offer, starts_at: datetime | None) -> Booking:
    """The booking that was already made under this id, if it is this one and not over."""
    if not known.holds_its_time:
        raise Conflict("id-taken", field="id")
    if known.runner_id != by.id or known.offer_id != offer.id or known.starts_at != starts_at:
        raise Conflict("id-taken", field="id")
    return known


def _new(booking_id: UUID, offer: Offer, by: User, now: datetime, intake: Intake) -> Booking:
    return Booking(
        id=booking_id,
        runner_id=by.id,
        coach_id=offer.coach_id,
        offer_id=offer.id,
        kind=offer.kind,
        title=offer.title,
        turnaround_hours=offer.turnaround_hours,
        price=offer.price,
        currency=offer.currency,
        cancel_hours=offer.cancel_hours,
        issues=intake.issues,
        goal=intake.goal,
        story=intake.story,
        note=intake.note,
        pain_screen=intake.pain_screen,
        hold_expires_at=now + HOLD,
        created_at=now,
    )
