"""Holds that cost less than their offer: paid by a visit of a package, or lowered by a promotion code."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.bookings.service.holding import Shown, hold, open_order
from marketplace.bookings.service.paying import confirm_at_once
from marketplace.coaches.models import Offer
from marketplace.packages import service as packages
from marketplace.promotions import service as promotions


def hold_with_code(session: Session, *, code: str, fee_percent: Decimal, **asked: Any) -> Booking:
    """As `hold`, at the price that a code leaves; without one as it is. `shown` is the offer's price.

    What a code makes free is confirmed at once. Further refusals as `promotions.service.use`.
    """
    if not code:
        return hold(session, fee_percent=fee_percent, **asked)
    booking = hold(session, fee_percent=None, **asked)
    if booking.order_id is not None:
        return booking  # the same id again
    offer = session.get_one(Offer, booking.offer_id)
    promotion, off = promotions.use(session, code, offer, runner_id=booking.runner_id, booking_id=booking.id)
    booking.price, booking.discount, booking.promotion_id = offer.price - off, off, promotion.id
    session.flush()
    open_order(session, [booking], fee_percent)
    return booking


def hold_with_credit(
    session: Session, *, booking_id: UUID, offer_id: UUID, starts_at: datetime | None, by: User, **asked: Any
) -> Booking:
    """As `hold`, paid with a visit of the runner's package of this offer and confirmed at once.

    Its price is what that visit is worth; from here on it is a booking like any other. Further refusals as
    `packages.service.spend`.
    """
    shown: Shown | None = asked.pop("shown", None)
    asked |= {"fee_percent": None, "shown": Shown(policy=shown.policy) if shown else None}
    booking = hold(session, booking_id=booking_id, offer_id=offer_id, starts_at=starts_at, by=by, **asked)
    if booking.order_id is not None:
        return booking  # the same id again
    package, credit = packages.spend(session, runner_id=by.id, offer_id=offer_id, booking_id=booking.id)
    booking.price, booking.order_id, booking.credit_id = credit.value, package.order_id, credit.id
    session.flush()
    confirm_at_once(session, booking)
    return booking
