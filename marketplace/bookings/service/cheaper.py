"""Holds that cost less than their offer: paid by a visit of a package, or lowered by a promotion code."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.bookings.service.holding import hold, open_order
from marketplace.bookings.service.paying import confirm_at_once
from marketplace.coaches.models import Offer
from marketplace.money import Money
from marketplace.packages import service as packages
from marketplace.promotions import service as promotions


def hold_with_code(session: Session, *, code: str, fee_percent: Decimal, **asked: Any) -> Booking:
    """As `hold`, at the price that a code leaves; without one as it is. `price` is the offer's before the code.

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
    asked |= {"fee_percent": None, "price": None}
    booking = hold(session, booking_id=booking_id, offer_id=offer_id, starts_at=starts_at, by=by, **asked)
    if booking.order_id is not None:
        return booking  # the same id again
    package, credit = packages.spend(session, runner_id=by.id, offer_id=offer_id, booking_id=booking.id)
    booking.price, booking.order_id, booking.credit_id = credit.value, package.order_id, credit.id
    session.flush()
    confirm_at_once(session, booking)
    return booking


def give_back(session: Session, booking: Booking) -> bool:
    """What is cancelled with all of it back frees its code; True where its visit goes back too, instead of money."""
    promotions.free(session, booking.id)
    return booking.credit_id is not None and packages.take_back(session, booking.id)


def worth_of(booking: Booking) -> Money:
    """What its offer cost when it was booked, before any code."""
    return Money(booking.price + booking.discount, booking.currency)
