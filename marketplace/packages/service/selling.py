"""Which packages of an offer a coach sells."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import LEAST_PRICE
from marketplace.coaches.models import Coach, Offer
from marketplace.db import locked
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.packages import queries
from marketplace.packages.models import Deal
from marketplace.packages.rules import is_dearer


def offer_packages(session: Session, user_id: UUID, offer_id: UUID, prices: Mapping[int, int]) -> Sequence[Deal]:
    """Sell these packages of an offer from now on: visits -> price in minor units. What is bought stays as agreed.

    NotFound `offer`; Conflict `package-of-free` for a free offer; Invalid `package-dearer` (its field is
    `visits_<n>`) where a package would cost more than its visits one by one, `package-too-little` where less than a
    card payment.
    """
    coach = coaches.of_user(session, user_id)
    offer: Offer | None = locked(session, select(Offer).where(col(Offer.id) == offer_id))
    if coach is None or offer is None or offer.coach_id != coach.id:
        raise NotFound("offer")
    if not offer.price and prices:
        raise Conflict("package-of-free")
    for visits, price in prices.items():
        if is_dearer(offer.price, visits, price):
            raise Invalid("package-dearer", field=f"visits_{visits}")
        if price < LEAST_PRICE:
            facts = {"visits": visits, "price": price, "least": LEAST_PRICE, "currency": offer.currency}
            raise Invalid("package-too-little", field=f"visits_{visits}", **facts)
    known = {each.visits: each for each in queries.deals(session, offer_id)}
    for visits in known.keys() - prices.keys():
        session.delete(known[visits])
    for visits, price in prices.items():
        row = known.get(visits) or Deal(offer_id=offer_id, visits=visits, price=price)
        row.price = price
        session.add(row)
    session.flush()
    return queries.deals(session, offer_id)


def seller(session: Session, deal: Deal) -> tuple[Offer, Coach]:
    """What a package is of, and whose; Conflict `coach-away` where it can't be booked at all."""
    offer = session.get_one(Offer, deal.offer_id)
    coach = session.get_one(Coach, offer.coach_id)
    if not offer.is_sold or not coach.is_listed:
        raise Conflict("coach-away")
    return offer, coach
