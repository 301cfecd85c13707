"""What is booked. What is not yours is not found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlmodel import Session, col

from marketplace import db
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.bookings.queries.absences import is_unsettled
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import NotFound

TAKING = (BookingStatus.HELD, BookingStatus.CONFIRMED)
IN_FEED = (BookingStatus.CONFIRMED, BookingStatus.COMPLETED, BookingStatus.MISSED)
PLACED = (*TAKING, BookingStatus.COMPLETED, BookingStatus.MISSED)


@dataclass(frozen=True, slots=True)
class Listed:
    """A booking with the names that a list shows."""

    booking: Booking
    coach: Coach
    runner: User


@dataclass(frozen=True, slots=True)
class Parties:
    """Everybody and everything that a booking's page or mail speaks of."""

    booking: Booking
    offer: Offer
    coach: Coach
    runner: User
    coach_user: User

    @property
    def sides(self) -> tuple[tuple[User, Actor, str], ...]:
        """Who is written to: the person, in which part she meets the booking, and the other side's name."""
        return (self.runner, Actor.RUNNER, self.coach.name), (self.coach_user, Actor.COACH, self.runner.name)


def party_in(session: Session, booking: Booking, person: User) -> Actor:
    """In which part a person meets a booking; NotFound for a stranger."""
    if booking.runner_id == person.id:
        return Actor.RUNNER
    coach = session.get(Coach, booking.coach_id)
    if coach is not None and coach.user_id == person.id:
        return Actor.COACH
    if person.is_staff:
        return Actor.STAFF
    raise NotFound("booking")


def visible(session: Session, booking_id: UUID, party: User) -> Booking:
    """The booking, for those who have part in it."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise NotFound("booking")
    party_in(session, booking, party)
    return booking


def locked(session: Session, booking_id: UUID, party: User | None = None) -> Booking:
    """The booking, locked and read afresh; with `party`, for those who have part in it."""
    booking: Booking | None = db.locked(session, select(Booking).where(col(Booking.id) == booking_id))
    if booking is None:
        raise NotFound("booking")
    if party is not None:
        party_in(session, booking, party)
    return booking


def of_order(session: Session, order_id: UUID, *, with_credits: bool = False) -> Sequence[Booking]:
    """What an order bought, in order of time: one booking, or all of a series.

    `with_credits`: also what visits of a package that it bought pay.
    """
    bought = select(Booking).where(col(Booking.order_id) == order_id)
    if not with_credits:
        bought = bought.where(col(Booking.credit_id).is_(None))
    return session.execute(bought.order_by(col(Booking.starts_at), col(Booking.id))).scalars().all()


def together(session: Session, booking: Booking) -> Sequence[Booking]:
    """A booking and all that was held with it; one that a visit of a package pays is alone, whatever the others pay."""
    if booking.order_id is None or booking.credit_id is not None:
        return [booking]
    return of_order(session, booking.order_id)


def locked_of_order(session: Session, order_id: UUID, *, with_credits: bool = False) -> Sequence[Booking]:
    """The same, all locked and read afresh, before anything else is: a series meets every change as one.

    `with_credits`: also what visits of a package that it bought pay.
    """
    bought = (
        select(Booking)
        .where(col(Booking.order_id) == order_id)
        .order_by(col(Booking.id))
        .with_for_update(key_share=True)
    )
    if not with_credits:
        bought = bought.where(col(Booking.credit_id).is_(None))
    found = session.execute(bought, execution_options={"populate_existing": True}).scalars().all()
    return sorted(found, key=lambda each: (each.starts_at or each.created_at, each.id))


def locked_together(session: Session, booking_id: UUID, party: User | None = None) -> Sequence[Booking]:
    """A booking and all that was held with it, locked; with `party`, for those who have part in it."""
    booking = session.get(Booking, booking_id)
    if booking is None:
        raise NotFound("booking")
    if party is not None:
        party_in(session, booking, party)
    if booking.order_id is None or booking.credit_id is not None:
        return [locked(session, booking_id)]
    return locked_of_order(session, booking.order_id)


def parties(session: Session, booking: Booking) -> Parties:
    """The people and the offer of a booking."""
    offer, coach = session.get_one(Offer, booking.offer_id), session.get_one(Coach, booking.coach_id)
    runner, coach_user = session.get_one(User, booking.runner_id), session.get_one(User, coach.user_id)
    return Parties(booking, offer, coach, runner, coach_user)


def of_runner(session: Session, runner_id: UUID) -> list[Listed]:
    """All that a runner ever booked, the newest first; holds that came to nothing left out."""
    return _listed(session, _all().where(col(Booking.runner_id) == runner_id, _began()))


def open_holds(session: Session, runner_id: UUID, now: datetime) -> int:
    """How many times a runner keeps at `now` without having paid."""
    hers = (col(Booking.runner_id) == runner_id) & (col(Booking.status) == BookingStatus.HELD)
    held = select(func.count()).select_from(Booking).where(hers, col(Booking.hold_expires_at) > now)
    return int(session.execute(held).scalar_one())


def mine(session: Session, person: User, *, after: tuple[datetime, UUID] | None, limit: int) -> list[Listed]:
    """Bookings that a person has as runner or coach, the newest first, holds included.

    `after`: when the last one of the page before was made, and its id.
    """
    hers = _all().where(or_(col(Booking.runner_id) == person.id, col(Coach.user_id) == person.id))
    made_at, number = col(Booking.created_at), col(Booking.id)
    if after is not None:
        hers = hers.where(or_(made_at < after[0], and_(made_at == after[0], number < after[1])))
    rows = session.execute(hers.order_by(made_at.desc(), number.desc()).limit(limit))
    return [Listed(*row) for row in rows]


def living_id(session: Session, booking_id: UUID, runner_id: UUID) -> UUID:
    """The id for a form sent anew: its own, or a fresh one where the runner's booking of that id is over.

    The same form gives the same fresh id, so that a double click is still one booking.
    """
    known = session.get(Booking, booking_id)
    while known is not None and known.runner_id == runner_id and not known.holds_its_time:
        booking_id = uuid5(booking_id, "anew")
        known = session.get(Booking, booking_id)
    return booking_id


def overlapping(
    session: Session, runner_id: UUID, starts_at: datetime, ends_at: datetime, but: UUID | None = None
) -> Sequence[Booking]:
    """A runner's other bookings that hold some of that time."""
    hers = select(Booking).where(col(Booking.runner_id) == runner_id, col(Booking.status).in_(TAKING))
    hers = hers.where(col(Booking.starts_at) < ends_at, col(Booking.ends_at) > starts_at)
    if but is not None:
        hers = hers.where(col(Booking.id) != but)
    return session.execute(hers.order_by(col(Booking.starts_at))).scalars().all()


def ahead(session: Session, user_id: UUID) -> int:
    """How many holds, confirmed bookings and ones not settled yet a person has, as runner or as coach."""
    hers = select(func.count(col(Booking.id))).join(Coach, col(Coach.id) == col(Booking.coach_id))
    hers = hers.where(or_(col(Booking.runner_id) == user_id, col(Coach.user_id) == user_id))
    return int(session.execute(hers.where(or_(col(Booking.status).in_(TAKING), is_unsettled()))).scalar_one())


def places_taken(session: Session, offer_id: UUID, since: datetime, until: datetime) -> int:
    """How many places of an offer were taken in [since, until); those given up again don't count."""
    taken = select(func.count()).where(col(Booking.offer_id) == offer_id, col(Booking.status).in_(PLACED))
    return int(session.execute(taken.where(_between(since, until))).scalar_one())


def history(session: Session, booking_id: UUID) -> Sequence[BookingEvent]:
    """What happened to a booking, in order."""
    rows = select(BookingEvent).where(col(BookingEvent.booking_id) == booking_id)
    return session.execute(rows.order_by(col(BookingEvent.at), col(BookingEvent.id))).scalars().all()


def in_feed(session: Session, user_id: UUID, since: datetime) -> list[tuple[Booking, datetime]]:
    """The visits that a person has on either side and that start after `since`, each with when it last changed."""
    changed = select(col(BookingEvent.booking_id), func.max(col(BookingEvent.at)).label("at"))
    changes = changed.group_by(col(BookingEvent.booking_id)).subquery()
    hers = select(Booking, changes.c.at).join(Coach, col(Coach.id) == col(Booking.coach_id))
    hers = hers.join(changes, changes.c.booking_id == col(Booking.id))
    hers = hers.where(or_(col(Booking.runner_id) == user_id, col(Coach.user_id) == user_id))
    hers = hers.where(col(Booking.status).in_(IN_FEED), col(Booking.starts_at) > since)
    return [(row[0], row[1]) for row in session.execute(hers.order_by(col(Booking.starts_at), col(Booking.id)))]


def sharing(session: Session, booking: Booking) -> list[Listed]:
    """All confirmed bookings of the same visit, this one among them: several in a group clinic."""
    same = _all().where(col(Booking.visit_id) == booking.visit_id, col(Booking.status) == BookingStatus.CONFIRMED)
    return [Listed(*row) for row in session.execute(same.order_by(col(Booking.seat)))]


def _all() -> Select[Booking, Coach, User]:
    joined = select(Booking, Coach, User).join(Coach, col(Coach.id) == col(Booking.coach_id))
    return joined.join(User, col(User.id) == col(Booking.runner_id))


def _listed(session: Session, rows: Select[Booking, Coach, User]) -> list[Listed]:
    newest = func.coalesce(col(Booking.starts_at), col(Booking.due_at), col(Booking.created_at)).desc()
    return [Listed(*row) for row in session.execute(rows.order_by(newest))]


def _began() -> ColumnElement[bool]:
    return col(Booking.status) != BookingStatus.EXPIRED


def _between(since: datetime, until: datetime) -> ColumnElement[bool]:
    return (col(Booking.created_at) >= since) & (col(Booking.created_at) < until)
