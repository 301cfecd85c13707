"""Proposing another time: one side names up to three, the other takes one; taking one is the reschedule."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.models import Booking, Proposal
from marketplace.bookings.policy import check_propose
from marketplace.bookings.proposals import MOST_TIMES
from marketplace.bookings.service.changing import move_to
from marketplace.bookings.service.time import check_open
from marketplace.bookings.states import Actor
from marketplace.coaches.models import Offer
from marketplace.errors import Conflict, Forbidden, Invalid
from marketplace.jobs import enqueue
from marketplace.scheduling import queries as calendars
from marketplace.scheduling import service as scheduling


def propose(session: Session, booking_id: UUID, *, by: User, times: Sequence[datetime], message: str = "") -> Proposal:
    """Ask the other side to choose one of up to three open times; what was asked before is answered by it.

    Invalid `times-to-propose`, Forbidden for staff, Conflict as `policy.check_propose`, and `time-gone` for a time that
    is not open.
    """
    now, starts = clock.now(), sorted(set(times))
    booking = queries.locked(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    if actor is Actor.STAFF:
        raise Forbidden("move-forbidden", move="propose", by=actor.value)
    check_propose(booking.terms, is_confirmed=booking.is_confirmed, now=now)
    _check_times(session, booking, starts, now)
    if (earlier := queries.open_proposal(session, booking_id)) is not None:
        earlier.make("withdraw" if earlier.by is actor else "decline", by=actor, at=now, person=by.id)
    proposal = Proposal(
        booking_id=booking_id,
        by=actor,
        by_user_id=by.id,
        times=[each.isoformat() for each in starts],
        last_start=starts[-1],
        message=message,
        made_at=now,
    )
    session.add(proposal)
    proposal.make("propose", by=actor, at=now, person=by.id)
    _tell(session, proposal, "proposed")
    return proposal


def accept(session: Session, proposal_id: UUID, *, by: User, starts_at: datetime) -> Booking:
    """Move the visit to one of the proposed times. Both sides have agreed, so its terms stay.

    Forbidden for who proposed it, Invalid `time-not-proposed`, Conflict `move-impossible` for what is answered or
    past, and `time-gone` with the `others` of the proposal that are still open.
    """
    now = clock.now()
    proposal, booking = queries.proposal_for(session, proposal_id, by)
    actor = queries.party_in(session, booking, by)
    if starts_at not in proposal.starts:
        raise Invalid("time-not-proposed", field="starts_at")
    try:
        with session.begin_nested():
            proposal.make("accept", by=actor, at=now, person=by.id)
            check_propose(booking.terms, is_confirmed=booking.is_confirmed, now=now)
            return move_to(session, [booking], starts_at, actor=actor, by=by, now=now, agreed=True)[0]
    except (Conflict, Invalid) as refusal:
        if not refusal.kind.startswith("time-"):
            raise
    others = [each.isoformat() for each in still_open(session, proposal, booking, now)]
    raise Conflict("time-gone", field="starts_at", others=others)


def decline(session: Session, proposal_id: UUID, *, by: User) -> Proposal:
    """Stay with the time as it is."""
    return _answer(session, proposal_id, "decline", "declined", by)


def withdraw(session: Session, proposal_id: UUID, *, by: User) -> Proposal:
    """Take back what one has proposed oneself."""
    return _answer(session, proposal_id, "withdraw", "withdrawn", by)


def lapse(session: Session, booking_id: UUID) -> None:
    """End what was proposed for a booking that has moved or is over, or of which all times are past."""
    proposal = queries.open_proposal(session, booking_id)
    if proposal is not None:
        proposal.make("lapse", by=Actor.SYSTEM, at=clock.now())


def lapse_past(session: Session) -> int:
    """End the proposals whose last time is past; how many."""
    past = sorted(queries.past_proposals(session, clock.now()))
    for booking_id in past:
        queries.locked(session, booking_id)
        lapse(session, booking_id)
    return len(past)


def still_open(session: Session, proposal: Proposal, booking: Booking, now: datetime) -> list[datetime]:
    """Those of the proposed times that can be had now."""
    offer, freed = _offer(session, booking), queries.freed_by(session, booking)
    return [each for each in proposal.starts if calendars.why_closed(session, offer, each, now, freed) is None]


def _check_times(session: Session, booking: Booking, starts: Sequence[datetime], now: datetime) -> None:
    if not 0 < len(starts) <= MOST_TIMES or booking.starts_at in starts:
        raise Invalid("times-to-propose", field="times", most=MOST_TIMES)
    scheduling.lock(session, booking.coach_id)
    offer, freed = _offer(session, booking), queries.freed_by(session, booking)
    for start in starts:
        check_open(session, offer, start, now, freed)


def _answer(session: Session, proposal_id: UUID, move: str, news: str, by: User) -> Proposal:
    proposal, booking = queries.proposal_for(session, proposal_id, by)
    actor = queries.party_in(session, booking, by)
    proposal.make(move, by=actor, at=clock.now(), person=by.id)
    _tell(session, proposal, news)
    return proposal


def _offer(session: Session, booking: Booking) -> Offer:
    """The offer that a booking was made of; Conflict `offer-changed` when it has another length by now."""
    offer = session.get_one(Offer, booking.offer_id)
    if offer.minutes != booking.minutes:
        raise Conflict("offer-changed")
    return offer


def _tell(session: Session, proposal: Proposal, news: str) -> None:
    key = f"bookings.tell_proposal:{proposal.id}:{news}"
    enqueue(session, "bookings.tell_proposal", key=key, proposal_id=proposal.id, news=news)
