"""What goes before some of a coach's time is taken, outside any transaction: a look at her calendars elsewhere, and
what has freed is held for those who wait for it.

For `@writes(first=…)`. Nobody is refused here: strangers and nonsense are passed over, the view itself says why not.
"""

from uuid import UUID

from sqlalchemy import Select, select
from sqlmodel import col

from marketplace.accounts.sessions import maybe_me
from marketplace.bookings import mails, service
from marketplace.bookings.models import Booking, Proposal
from marketplace.calendars import service as calendars
from marketplace.coaches.models import Offer
from marketplace.db import transaction


def for_offer(offer: UUID | str | None) -> None:
    """Before a time of this offer is held."""
    try:
        offer_id = UUID(str(offer))
    except ValueError:
        return
    _look(select(col(Offer.coach_id)).where(col(Offer.id) == offer_id, col(Offer.minutes).is_not(None)))


def for_booking(booking_id: UUID) -> None:
    """Before this booking is moved."""
    _look(select(col(Booking.coach_id)).where(col(Booking.id) == booking_id))


def for_proposal(proposal_id: UUID) -> None:
    """Before one of its times is taken."""
    proposed = select(col(Proposal.booking_id)).where(col(Proposal.id) == proposal_id).scalar_subquery()
    _look(select(col(Booking.coach_id)).where(col(Booking.id) == proposed))


def _look(whose: Select[UUID]) -> None:
    if maybe_me() is None:
        return
    with transaction(write=False) as session:
        coach_id = session.execute(whose).scalar_one_or_none()
    if coach_id is not None:
        calendars.fresh(coach_id, mails.settings())
        service.serve(coach_id, mails.settings())
