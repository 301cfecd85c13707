"""What must be true between bookings and what made them cheaper; `marketplace doctor` asks, and so do the tests."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.bookings.models import Booking
from marketplace.bookings.queries import TAKING
from marketplace.bookings.queries.absences import is_unsettled
from marketplace.bookings.states import BookingStatus
from marketplace.packages.models import Credit
from marketplace.packages.states import CreditStatus
from marketplace.payments import queries as money
from marketplace.promotions.models import Promotion, PromotionUse

STANDING = (*TAKING, BookingStatus.COMPLETED)
"""A missed one may have given back what paid for it: that is so where its coach did not come."""
OVER = (BookingStatus.COMPLETED, BookingStatus.CANCELLED, BookingStatus.EXPIRED, BookingStatus.MISSED)
AT_ONCE = 400  # names in one question to the database


def broken(session: Session) -> list[str]:
    """What is wrong, in sentences; empty when nothing is."""
    checks = (_unpaid_by_credit, _unused_credits, _uncounted, _miscounted, _still_held)
    return [sentence for check in checks for sentence in check(session)]


def _still_held(session: Session) -> Iterator[str]:
    """A booking that is over holds nothing but what is on its way back; one that was missed, once that is settled."""
    held = money.held_of(session, money.references_held(session))
    held = {what: amount for what, amount in held.items() if amount}
    for booking in _over(session, list(held)):
        yield f"booking {booking.id} is {booking.status.value}, and {held[booking.id]} is held for it"


def _over(session: Session, references: Sequence[UUID]) -> Iterator[Booking]:
    over = select(Booking).where(col(Booking.status).in_(OVER), ~is_unsettled())
    for first in range(0, len(references), AT_ONCE):
        yield from session.scalars(over.where(col(Booking.id).in_(references[first : first + AT_ONCE])))


def _unpaid_by_credit(session: Session) -> Iterator[str]:
    """A booking that stands and names a visit of a package has used it, and its price is what that is worth."""
    paid = select(Booking, Credit).join(Credit, col(Credit.id) == col(Booking.credit_id))
    for booking, credit in session.execute(paid.where(col(Booking.status).in_(STANDING))):
        used = (CreditStatus.USED, booking.id, booking.price)
        if (credit.status, credit.booking_id, credit.value) != used:
            yield f"booking {booking.id} is not paid by the visit that it names"


def _unused_credits(session: Session) -> Iterator[str]:
    """A used visit of a package is used by a booking that names it."""
    used = select(col(Credit.id), Booking).outerjoin(Booking, col(Booking.id) == col(Credit.booking_id))
    for credit_id, booking in session.execute(used.where(col(Credit.status) == CreditStatus.USED)):
        if booking is None or booking.credit_id != credit_id:
            yield f"credit {credit_id} is used for nothing"


def _uncounted(session: Session) -> Iterator[str]:
    """A booking that stands and has a code counts as a use of it."""
    having = select(col(Booking.id), col(PromotionUse.freed_at), col(PromotionUse.promotion_id) == Booking.promotion_id)
    having = having.outerjoin(PromotionUse, col(PromotionUse.booking_id) == col(Booking.id))
    having = having.where(col(Booking.promotion_id).is_not(None), col(Booking.status).in_(STANDING))
    for booking_id, freed_at, is_its in session.execute(having):
        if freed_at is not None or not is_its:
            yield f"the code of booking {booking_id} is not counted"


def _miscounted(session: Session) -> Iterator[str]:
    """Every use that counts is of a booking that is not over unpaid, and within the code's limits."""
    uses = select(PromotionUse, Promotion, Booking).join(Promotion, col(Promotion.id) == PromotionUse.promotion_id)
    uses = uses.outerjoin(Booking, col(Booking.id) == col(PromotionUse.booking_id))
    for use, promotion, booking in session.execute(uses.where(col(PromotionUse.freed_at).is_(None))):
        if booking is None or booking.status == BookingStatus.EXPIRED:
            yield f"a use of code {promotion.code} counts for no booking"
        if use.number > (promotion.most_uses or use.number) or use.own_number > (promotion.most_each or use.own_number):
            yield f"code {promotion.code} is used too often"
