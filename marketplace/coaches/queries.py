"""Coaches and what they sell, read."""

from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select
from sqlmodel import Session, col

from marketplace import db
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach, Credential, GoalSpecialism, Offer, Specialism
from marketplace.errors import Conflict, NotFound

_LISTED = col(Coach.status) == CoachStatus.APPROVED, col(Coach.paused_at).is_(None)
_SOLD = (
    select(*Offer.__table__.columns)  # type: ignore[attr-defined]
    .join(Coach, col(Coach.id) == col(Offer.coach_id))
    .where(col(Offer.id) == bindparam("offer_id"), col(Offer.withdrawn_at).is_(None))
    .where(col(Coach.slug) == bindparam("slug"), *_LISTED)
)


def by_slug(session: Session, slug: str) -> Coach:
    """The coach of that address, listed or not; NotFound `coach` when there is none."""
    return _found(session.scalars(select(Coach).where(col(Coach.slug) == slug)).one_or_none())


def by_id(session: Session, coach_id: UUID) -> Coach:
    """The coach; NotFound `coach` when there is none."""
    return _found(session.get(Coach, coach_id))


def of_user(session: Session, user_id: UUID) -> Coach | None:
    """The coach that this person is, or None."""
    return session.scalars(select(Coach).where(col(Coach.user_id) == user_id)).one_or_none()


def locked(session: Session, user_id: UUID) -> Coach:
    """The coach that this person is, locked for a change; NotFound `coach` when she is none."""
    return _found(db.locked(session, select(Coach).where(col(Coach.user_id) == user_id)))


def listed(session: Session) -> list[Coach]:
    """Every coach whom runners may find, by name."""
    return list(session.scalars(select(Coach).where(*_LISTED).order_by(col(Coach.name), col(Coach.id))))


def offers(session: Session, coach_id: UUID, *, withdrawn: bool = False) -> list[Offer]:
    """What the coach sells now, in her order; with `withdrawn` also what she no longer sells."""
    hers = select(Offer).where(col(Offer.coach_id) == coach_id)
    if not withdrawn:
        hers = hers.where(col(Offer.withdrawn_at).is_(None))
    return list(session.scalars(hers.order_by(col(Offer.position), col(Offer.id))))


def offer(session: Session, offer_id: UUID) -> Offer:
    """The offer, withdrawn ones too (see `Offer.is_sold`); NotFound `offer` when there is none."""
    found = session.get(Offer, offer_id)
    if found is None:
        raise NotFound("offer")
    return found


def on_sale(session: Session, offer_id: UUID) -> tuple[Offer, Coach]:
    """An offer that can be booked, and its coach. NotFound `offer` where it is withdrawn, Conflict `coach-away`."""
    found = offer(session, offer_id)
    if not found.is_sold:
        raise NotFound("offer")
    coach = session.get_one(Coach, found.coach_id)
    if not coach.is_listed:
        raise Conflict("coach-away")
    return found, coach


def sold(session: Session, slug: str, offer_id: UUID) -> Any:
    """The columns of the offer, where the coach at that address is listed and sells it; NotFound `offer` for any other.

    Asked by many, for what many share: no entity is made, and the statement is put together once.
    """
    found = session.connection().execute(_SOLD, {"offer_id": offer_id, "slug": slug}).one_or_none()
    if found is None:
        raise NotFound("offer")
    return found


def specialisms(session: Session, coach_id: UUID) -> list[Specialism]:
    """The issues she fixes, the main ones first."""
    hers = select(Specialism).where(col(Specialism.coach_id) == coach_id)
    return list(session.scalars(hers.order_by(col(Specialism.is_main).desc(), col(Specialism.issue))))


def goals(session: Session, coach_id: UUID) -> list[str]:
    """The distances she prepares runners for."""
    hers = select(col(GoalSpecialism.goal)).where(col(GoalSpecialism.coach_id) == coach_id)
    return list(session.scalars(hers.order_by(col(GoalSpecialism.goal))))


def credentials(session: Session, coach_id: UUID) -> list[Credential]:
    """Her certificates, the newest first."""
    hers = select(Credential).where(col(Credential.coach_id) == coach_id)
    return list(session.scalars(hers.order_by(col(Credential.year).desc(), col(Credential.title))))


def _found(coach: Coach | None) -> Coach:
    if coach is None:
        raise NotFound("coach")
    return coach
