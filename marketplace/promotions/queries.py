"""Promotion codes, read."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from marketplace.coaches.models import Offer
from marketplace.promotions.models import Promotion, PromotionUse


def plain(code: str) -> str:
    """A code as it is kept: without blanks, in upper case."""
    return "".join(code.split()).upper()


def for_offer(session: Session, code: str, offer: Offer) -> Promotion | None:
    """The code as it counts for an offer: its coach's own, else the site's."""
    hers = or_(col(Promotion.coach_id) == offer.coach_id, col(Promotion.coach_id).is_(None))
    found = select(Promotion).where(col(Promotion.code) == plain(code), hers)
    both: Sequence[Promotion] = session.execute(found).scalars().all()
    return min(both, key=lambda each: each.is_ours, default=None)


def of_coach(session: Session, coach_id: UUID | None) -> list[tuple[Promotion, int]]:
    """A coach's codes (None: the site's), the newest first, each with how often it is used."""
    used = func.count(col(PromotionUse.booking_id)).filter(col(PromotionUse.freed_at).is_(None))
    hers = select(Promotion, used).outerjoin(PromotionUse, col(PromotionUse.promotion_id) == col(Promotion.id))
    hers = hers.where(col(Promotion.coach_id) == coach_id).group_by(col(Promotion.id))
    return [(row[0], row[1]) for row in session.execute(hers.order_by(col(Promotion.created_at).desc()))]


def of_booking(session: Session, promotion_id: UUID | None) -> Promotion | None:
    """The code that a booking was made with."""
    return None if promotion_id is None else session.get(Promotion, promotion_id)


def standing_uses(session: Session, promotion_id: UUID) -> Sequence[PromotionUse]:
    """The uses of a code that stand."""
    uses = select(PromotionUse).where(col(PromotionUse.promotion_id) == promotion_id)
    return session.execute(uses.where(col(PromotionUse.freed_at).is_(None))).scalars().all()
