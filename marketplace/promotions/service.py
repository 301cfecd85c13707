"""What is done with promotion codes: made, ended, used for a booking, freed again."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.coaches.models import Offer
from marketplace.db import locked
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.promotions import queries
from marketplace.promotions.models import Promotion, PromotionUse
from marketplace.promotions.rules import discount, lowest_free, refusal


@dataclass(frozen=True, slots=True)
class Draft:
    """A code to be made: per cent, or an amount (minor units) of a currency. Empty limits: none."""

    code: str
    percent: int | None = None
    amount: int | None = None
    currency: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    most_uses: int | None = None
    most_each: int | None = 1
    offers: tuple[UUID, ...] = ()


def create(session: Session, coach_id: UUID | None, draft: Draft) -> Promotion:
    """Make a code: a coach's for her own offers, or the site's. Conflict `code-taken`; NotFound `offer`."""
    code, now = queries.plain(draft.code), clock.now()
    same = select(Promotion).where(col(Promotion.code) == code, col(Promotion.coach_id) == coach_id)
    if session.execute(same).first() is not None:
        raise Conflict("code-taken", field="code")
    for offer_id in draft.offers:
        offer = session.get(Offer, offer_id)
        if offer is None or (coach_id is not None and offer.coach_id != coach_id):
            raise NotFound("offer")
    made = Promotion(
        coach_id=coach_id,
        code=code,
        percent=draft.percent,
        amount=draft.amount,
        currency=draft.currency if draft.amount else None,
        valid_from=draft.valid_from or now,
        valid_until=draft.valid_until,
        most_uses=draft.most_uses,
        most_each=draft.most_each,
        offers=[str(each) for each in draft.offers],
        created_at=now,
    )
    session.add(made)
    session.flush()
    return made


def end(session: Session, promotion_id: UUID, *, coach_id: UUID | None) -> Promotion:
    """Let nobody use a code any more; what is held or booked with it stays as it is. NotFound for another's."""
    found = _locked(session, promotion_id)
    if found is None or found.coach_id != coach_id:
        raise NotFound("code")
    found.ended_at = found.ended_at or clock.now()
    return found


def quote(session: Session, code: str, offer: Offer, runner_id: UUID) -> int:
    """What a code would take off an offer's price for this runner now, in minor units. Refusals as `use`."""
    promotion = _valid(session, code, offer)
    _numbers(session, promotion, runner_id)
    return discount(promotion.terms, offer.price)


def use(session: Session, code: str, offer: Offer, *, runner_id: UUID, booking_id: UUID) -> tuple[Promotion, int]:
    """Use a code for a booking; what it takes off the offer's price, in minor units.

    Invalid `code-unknown`, `code-other-offer`, `code-other-currency`, Conflict `code-not-yet`, `code-over`,
    `code-used-up` (by all), `code-used` (by her); all name the field `code`.
    """
    found = _locked(session, _valid(session, code, offer).id)
    assert found is not None  # noqa: S101  (it has just been found, and none is deleted)
    _check(found, offer)
    _add(session, found, runner_id, booking_id)
    return found, discount(found.terms, offer.price)


def free(session: Session, booking_id: UUID) -> None:
    """The code that a booking was made with can be used again. Nothing to do for a booking without one."""
    use = session.get(PromotionUse, booking_id)
    if use is not None:
        _locked(session, use.promotion_id)
        use.freed_at = use.freed_at or clock.now()
        session.flush()


def use_again(session: Session, booking_id: UUID) -> None:
    """A booking whose hold was over was paid all the same: its code counts again. Conflict as `use` if used up."""
    use = session.get(PromotionUse, booking_id)
    if use is not None and use.freed_at is not None:
        found = _locked(session, use.promotion_id)
        assert found is not None  # noqa: S101  (a use has a code)
        use.number, use.own_number = _numbers(session, found, use.runner_id)
        use.freed_at = None
        session.flush()


def borne(session: Session, promotion_id: UUID | None, off: int) -> int:
    """How much of what a code took off we bear ourselves: all of it with a code of ours."""
    promotion = queries.of_booking(session, promotion_id)
    return off if promotion is not None and promotion.is_ours else 0


def _valid(session: Session, code: str, offer: Offer) -> Promotion:
    found = queries.for_offer(session, code, offer)
    if found is None:
        raise Invalid("code-unknown", field="code")
    _check(found, offer)
    return found


def _check(promotion: Promotion, offer: Offer) -> None:
    kind = refusal(promotion.terms, offer_id=offer.id, currency=offer.currency, now=clock.now())
    if kind in ("code-not-yet", "code-over"):
        raise Conflict(kind, field="code")
    if kind is not None:
        raise Invalid(kind, field="code")


def _add(session: Session, promotion: Promotion, runner_id: UUID, booking_id: UUID) -> None:
    number, own_number = _numbers(session, promotion, runner_id)
    use = PromotionUse(
        booking_id=booking_id,
        promotion_id=promotion.id,
        runner_id=runner_id,
        number=number,
        own_number=own_number,
        used_at=clock.now(),
    )
    session.add(use)
    session.flush()


def _numbers(session: Session, promotion: Promotion, runner_id: UUID) -> tuple[int, int]:
    """The number of another use among all and among hers. Conflict where there is none left."""
    uses = queries.standing_uses(session, promotion.id)
    number = lowest_free({each.number for each in uses}, promotion.most_uses)
    if number is None:
        raise Conflict("code-used-up", field="code")
    own = lowest_free({each.own_number for each in uses if each.runner_id == runner_id}, promotion.most_each)
    if own is None:
        raise Conflict("code-used", field="code")
    return number, own


def _locked(session: Session, promotion_id: UUID) -> Promotion | None:
    found: Promotion | None = locked(session, select(Promotion).where(col(Promotion.id) == promotion_id))
    return found
