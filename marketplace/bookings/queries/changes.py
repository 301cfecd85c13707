"""Proposals to move a booking, and the waitlist, read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import db
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking, Proposal, Wait
from marketplace.bookings.proposals import ProposalStatus
from marketplace.bookings.queries.booked import TAKING, locked
from marketplace.bookings.waits import WaitStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import NotFound


@dataclass(frozen=True, slots=True)
class Waited:
    """A place on a waitlist with what a list shows of it."""

    wait: Wait
    offer: Offer
    coach: Coach


def open_proposal(session: Session, booking_id: UUID) -> Proposal | None:
    """The proposal of a booking that waits for an answer."""
    waiting = (col(Proposal.booking_id) == booking_id) & (col(Proposal.status) == ProposalStatus.OPEN)
    return session.execute(select(Proposal).where(waiting)).scalar_one_or_none()


def proposal_for(session: Session, proposal_id: UUID, party: User) -> tuple[Proposal, Booking]:
    """A proposal and its booking, both locked, for those who have part in the booking."""
    found = session.get(Proposal, proposal_id)
    if found is None:
        raise NotFound("proposal")
    booking = locked(session, found.booking_id, party)
    proposal: Proposal = db.locked(session, select(Proposal).where(col(Proposal.id) == proposal_id))
    return proposal, booking


def proposals_of(session: Session, user_id: UUID) -> Sequence[Proposal]:
    """All that a person has proposed, in order."""
    hers = select(Proposal).where(col(Proposal.by_user_id) == user_id).order_by(col(Proposal.made_at))
    return session.execute(hers).scalars().all()


def past_proposals(session: Session, now: datetime, limit: int = 100) -> Sequence[UUID]:
    """Bookings with an open proposal whose last time is past."""
    waiting = select(col(Proposal.booking_id)).where(col(Proposal.status) == ProposalStatus.OPEN)
    return session.execute(waiting.where(col(Proposal.last_start) <= now).limit(limit)).scalars().all()


def waits_of(session: Session, runner_id: UUID) -> list[Waited]:
    """A runner's places on waitlists: waiting, or with a time held for her."""
    joined = select(Wait, Offer, Coach).join(Offer, col(Offer.id) == col(Wait.offer_id))
    joined = joined.join(Coach, col(Coach.id) == col(Wait.coach_id)).where(col(Wait.runner_id) == runner_id)
    joined = joined.where(col(Wait.status).in_((WaitStatus.WAITING, WaitStatus.OFFERED)))
    return [Waited(*row) for row in session.execute(joined.order_by(col(Wait.week_on), col(Wait.asked_at)))]


def awaited_weeks(session: Session, runner_id: UUID, offer_id: UUID) -> dict[date, Wait]:
    """The weeks of an offer for which a runner waits, by their Monday."""
    hers = select(Wait).where(col(Wait.runner_id) == runner_id, col(Wait.offer_id) == offer_id)
    hers = hers.where(col(Wait.status).in_((WaitStatus.WAITING, WaitStatus.OFFERED)))
    return {each.week_on: each for each in session.execute(hers).scalars()}


def locked_wait(session: Session, wait_id: UUID) -> Wait | None:
    """A place on a waitlist, locked and read afresh."""
    found: Wait | None = db.locked(session, select(Wait).where(col(Wait.id) == wait_id))
    return found


def is_awaited(session: Session, coach_id: UUID) -> bool:
    """Whether anybody waits for a time of a coach."""
    waiting = select(col(Wait.id)).where(col(Wait.coach_id) == coach_id, col(Wait.status) == WaitStatus.WAITING)
    return session.execute(waiting.limit(1)).first() is not None


def awaited_coaches(session: Session) -> Sequence[UUID]:
    """All coaches for whose time somebody waits."""
    waiting = select(col(Wait.coach_id)).where(col(Wait.status) == WaitStatus.WAITING).distinct()
    return session.execute(waiting).scalars().all()


def all_waiting(session: Session, coach_id: UUID) -> Sequence[Wait]:
    """Who waits for a coach's time, who asked first before the others."""
    waiting = select(Wait).where(col(Wait.coach_id) == coach_id, col(Wait.status) == WaitStatus.WAITING)
    return session.execute(waiting.order_by(col(Wait.asked_at), col(Wait.id))).scalars().all()


def has_booked_since(session: Session, place: Wait, since: datetime, until: datetime) -> bool:
    """Whether a runner has found a time in [since, until) of what she waits for by herself, after she asked."""
    hers = select(col(Booking.id)).where(
        col(Booking.runner_id) == place.runner_id,
        col(Booking.offer_id) == place.offer_id,
        col(Booking.status).in_(TAKING),
        col(Booking.created_at) > place.asked_at,
        col(Booking.starts_at) >= since,
        col(Booking.starts_at) < until,
    )
    return session.execute(hers.limit(1)).first() is not None


def wait_of_hold(session: Session, booking_id: UUID) -> Wait | None:
    """The place on a waitlist that a hold was made for, while it is not answered."""
    offered = (col(Wait.booking_id) == booking_id) & (col(Wait.status) == WaitStatus.OFFERED)
    found: Wait | None = db.locked(session, select(Wait).where(offered))
    return found


def past_waits(session: Session, before: date, limit: int = 200) -> Sequence[Wait]:
    """Who still waits for weeks that began before that date, the oldest first."""
    waiting = select(Wait).where(col(Wait.status) == WaitStatus.WAITING, col(Wait.week_on) < before)
    return session.execute(waiting.order_by(col(Wait.week_on)).limit(limit)).scalars().all()
