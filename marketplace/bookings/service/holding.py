"""From a chosen time to a hold."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.bookings.service.time import check_not_hers, check_open, check_place, take_time
from marketplace.bookings.states import Actor
from marketplace.coaches import queries as coaches
from marketplace.coaches.cancelling import Preset
from marketplace.coaches.kinds import Mode, OfferKind
from marketplace.coaches.models import Offer
from marketplace.coaches.service import check_buyer
from marketplace.db import locked
from marketplace.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.money import Money
from marketplace.payments import service as payments
from marketplace.promotions import service as promotions
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Calendar

MOST_HOLDS = 24
"""Times that one runner may keep unpaid at once, so that nobody empties a coach’s weeks for nothing."""


@dataclass(frozen=True, slots=True)
class Intake:
    """What the runner tells the coach. `pain_screen` None: not answered yet."""

    issues: list[str] = field(default_factory=list)
    goal: str = ""
    note: str = ""
    story: str = ""
    pain_screen: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The price and the policy that the runner was shown; None for what she was not."""

    price: Money | None = None
    policy: Preset | None = None


def hold(
    session: Session,
    *,
    booking_id: UUID,
    offer_id: UUID,
    starts_at: datetime | None,
    by: User,
    fee_percent: Decimal | None,
    shown: Shown | None = None,
    intake: Intake | None = None,
) -> Booking:
    """Hold a time (or for a clip review a place of the week) until it is paid. The same id again is the same hold.
    The id of what is over is `id-taken`.

    A free booking is confirmed at once. Without `fee_percent` there is no order
    yet: it is held for her unasked, and opened when she says yes. Raises NotFound, Forbidden
    `address-not-verified` or `own-offer`, Invalid, Conflict `price-changed` or `policy-changed` where it is
    not as `shown`, `coach-unpaid`, `time-gone`, `time-yours`, `no-place-this-week`, `too-many-holds`.
    """
    now = clock.now()
    offer, calendar = begin(session, offer_id, starts_at, by)
    if (known := session.get(Booking, booking_id)) is not None:
        return _same(session, known, by, offer, starts_at)
    check_terms(session, offer, by, shown, now)
    booking = new(booking_id, offer, by, now, intake or Intake())
    if starts_at is None:
        check_place(session, offer, calendar.timezone, now)
    else:
        check_not_hers(session, offer, starts_at, by.id)
        check_open(session, offer, starts_at, now)
        take_time(session, booking, offer, starts_at)
    session.add(booking)
    booking.make("hold", by=Actor.RUNNER, at=now, person=by.id)
    session.flush()
    if fee_percent is not None:
        open_order(session, [booking], fee_percent)
    return booking


def begin(session: Session, offer_id: UUID, starts_at: datetime | None, by: User) -> tuple[Offer, Calendar]:
    """What is to be held, with the coach's calendar locked. Refusals of what `by` may not hold at all."""
    offer, coach = coaches.on_sale(session, offer_id)
    if offer.kind == OfferKind.CLIP_REVIEW and starts_at is not None:
        raise Invalid("no-fixed-hour", field="starts_at")
    if offer.kind != OfferKind.CLIP_REVIEW and starts_at is None:
        raise Invalid("time-needed", field="starts_at")
    check_buyer(by, coach)
    locked(session, select(User).where(col(User.id) == by.id))  # her open holds are counted one at a time
    return offer, scheduling.lock(session, coach.id)


def check_terms(session: Session, offer: Offer, by: User, shown: Shown | None, now: datetime, many: int = 1) -> None:
    """Conflict `price-changed`, `policy-changed`, `coach-unpaid`, or `too-many-holds` with `many` more."""
    _check_shown(offer, shown or Shown())
    check_payable(session, offer.coach_id, offer.price)
    if queries.open_holds(session, by.id, now) + many > MOST_HOLDS:
        raise Conflict("too-many-holds", most=MOST_HOLDS)


def open_order(session: Session, bookings: Sequence[Booking], fee_percent: Decimal) -> None:
    """One order, and one payment, for what is held together."""
    first = bookings[0]
    assert first.hold_expires_at  # noqa: S101  (what is held has an end)
    order = payments.open_order(
        session,
        payer_id=first.runner_id,
        coach_id=first.coach_id,
        lines=[_line(session, each) for each in bookings],
        currency=first.currency,
        expires_at=first.hold_expires_at,
        fee_percent=fee_percent,
    )
    for each in bookings:
        each.order_id = order.id
    session.flush()


def _line(session: Session, booking: Booking) -> payments.Line:
    borne = promotions.borne(session, booking.promotion_id, booking.discount)
    on_screen = booking.mode is Mode.ONLINE
    return payments.Line("booking", booking.id, booking.title, booking.price, on_screen, borne)


def answer_pain_screen(session: Session, booking_id: UUID, *, by: User, answers: dict[str, Any]) -> Booking:
    """Keep what the runner says about pain, for all that she holds together; before the visit only."""
    together = queries.locked_together(session, booking_id, by)
    booking = next(each for each in together if each.id == booking_id)
    if queries.party_in(session, booking, by) is not Actor.RUNNER:
        raise Forbidden("runner-only")
    if not booking.holds_its_time:
        raise Conflict("booking-over", status=booking.status.value)
    for each in together:
        if each is booking or each.is_held:
            each.pain_screen = answers
    return booking


def take_notes(session: Session, booking_id: UUID, *, by: User, notes: str) -> Booking:
    """Keep the coach's own notes on a booking; nobody else reads them."""
    booking = queries.locked(session, booking_id, by)
    if queries.party_in(session, booking, by) is not Actor.COACH:
        raise NotFound("booking")
    booking.coach_notes = notes
    return booking


def _check_shown(offer: Offer, shown: Shown) -> None:
    """Both are told at once: whoever looks again agrees to all that she sees."""
    terms = {"policy": offer.preset, "policy_changed": shown.policy not in (None, offer.preset)}
    if shown.price is not None and shown.price != offer.cost:
        raise Conflict("price-changed", field="price", amount=offer.price, currency=offer.currency, **terms)
    if terms["policy_changed"]:
        raise Conflict("policy-changed", field="policy", **terms)


def check_payable(session: Session, coach_id: UUID, price: int) -> None:
    """Conflict `coach-unpaid` where something costs money and the coach can't be paid."""
    if price > 0 and not payments.can_be_paid(session, coach_id):
        raise Conflict("coach-unpaid")


def _same(session: Session, known: Booking, by: User, offer: Offer, starts_at: datetime | None) -> Booking:
    """The booking that was already made under this id, if it is this one, by itself and not over."""
    in_series = known.order_id is not None and len(queries.of_order(session, known.order_id)) > 1
    if not known.holds_its_time or in_series:
        raise Conflict("id-taken", field="id")
    if known.runner_id != by.id or known.offer_id != offer.id or known.starts_at != starts_at:
        raise Conflict("id-taken", field="id")
    return known


def new(booking_id: UUID, offer: Offer, by: User, now: datetime, intake: Intake) -> Booking:
    """A booking that is about to be held, on the terms of this moment."""
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
        full_hours=offer.policy.full_hours,
        part_percent=offer.policy.part_percent,
        part_hours=offer.policy.part_hours,
        issues=intake.issues,
        goal=intake.goal,
        story=intake.story,
        note=intake.note,
        pain_screen=intake.pain_screen,
        hold_expires_at=now + payments.TO_PAY,
        created_at=now,
    )
