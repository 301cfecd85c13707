"""Clips, read. What is not yours is not found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, or_, select, true
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.clips.models import Clip
from marketplace.clips.policy import may_delete, may_watch, must_open_first
from marketplace.clips.reminders import clip_due_at, clip_owed
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach
from marketplace.errors import NotFound

DAYS_NEAR = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Seen:
    """A clip as one of the two sees it."""

    clip: Clip
    booking: Booking
    by: Actor

    @property
    def must_open_first(self) -> bool:
        """Whether the coach has to start the review before she sees it."""
        opened = self.booking.opened_at is not None
        return must_open_first(self.by, self.booking.kind, self.booking.status, is_opened=opened)

    @property
    def may_delete(self) -> bool:
        """Whether this person may delete it now."""
        opened = self.booking.opened_at is not None
        return self.by is Actor.RUNNER and may_delete(self.booking.status, is_opened=opened)


def visible(session: Session, clip_id: UUID, party: User) -> Seen:
    """The clip, for the runner and the coach of its booking; NotFound for anybody else, staff too."""
    clip = session.get(Clip, clip_id)
    if clip is None:
        raise NotFound("clip")
    booking = session.get_one(Booking, clip.booking_id)
    by = part_of(session, booking, party)
    if not may_watch(by, booking.status):
        raise NotFound("clip")
    return Seen(clip, booking, by)


def part_of(session: Session, booking: Booking, person: User) -> Actor:
    """Whether a person is the runner or the coach of a booking; NotFound for anybody else."""
    if booking.runner_id == person.id:
        return Actor.RUNNER
    if session.get_one(Coach, booking.coach_id).user_id == person.id:
        return Actor.COACH
    raise NotFound("booking")


def of_booking(session: Session, booking_id: UUID) -> Sequence[Clip]:
    """A booking's clips, the first one first."""
    rows = select(Clip).where(col(Clip.booking_id) == booking_id).order_by(col(Clip.created_at), col(Clip.id))
    return session.execute(rows).scalars().all()


def of_runner(session: Session, runner_id: UUID) -> Sequence[Clip]:
    """Every clip that a runner ever attached and has not deleted."""
    return session.execute(select(Clip).where(col(Clip.runner_id) == runner_id)).scalars().all()


def count_of(session: Session, booking_id: UUID) -> int:
    """How many clips a booking has."""
    rows = select(func.count()).select_from(Clip).where(col(Clip.booking_id) == booking_id)
    return int(session.execute(rows).scalar_one())


def wanted(session: Session, now: datetime, booking_id: UUID | None = None) -> list[tuple[UUID, datetime]]:
    """Bookings (or that one, if it is) whose runner is to be asked for a clip now, with the mark by which she is.

    Of video calls only those are looked at that were booked, or start, within DAYS_NEAR.
    """
    near = or_(col(Booking.starts_at) <= now + DAYS_NEAR, col(Booking.confirmed_at) > now - DAYS_NEAR)
    calls = (col(Booking.kind) == OfferKind.VIDEO_CALL) & (col(Booking.starts_at) > now) & near
    reviews = (col(Booking.kind) == OfferKind.CLIP_REVIEW) & (col(Booking.due_at) > now)
    has_none = ~select(col(Clip.id)).where(col(Clip.booking_id) == col(Booking.id)).exists()
    mine = (col(BookingEvent.booking_id) == col(Booking.id)) & (col(BookingEvent.move) == "ask-clip")
    asked_at = select(func.max(col(BookingEvent.at))).where(mine).scalar_subquery()
    facts = (Booking.id, Booking.kind, Booking.starts_at, Booking.due_at, Booking.confirmed_at)
    rows = select(*map(col, facts), asked_at).where(col(Booking.status) == BookingStatus.CONFIRMED, has_none)
    rows = rows.where(or_(calls, reviews), col(Booking.id) == booking_id if booking_id else true())
    found = []
    for id_, kind, starts_at, due_at, confirmed_at, asked in session.execute(rows):
        clip_due = clip_due_at(kind, starts_at=starts_at, due_at=due_at)
        if mark := clip_owed(clip_due, booked_at=confirmed_at, asked_at=asked, now=now):
            found.append((id_, mark))
    return found


def left_over(session: Session, before: datetime, limit: int) -> Sequence[Clip]:
    """Clips of bookings that came to nothing before that instant."""
    nothing = (BookingStatus.EXPIRED, BookingStatus.CANCELLED)
    rows = select(Clip).join(Booking, col(Booking.id) == col(Clip.booking_id))
    rows = rows.where(col(Booking.status).in_(nothing), col(Booking.ended_at) < before)
    return session.execute(rows.limit(limit)).scalars().all()


def known_keys(session: Session, keys: Sequence[str]) -> set[str]:
    """Which of these storage keys belong to a clip."""
    rows = select(col(Clip.storage_key)).where(col(Clip.storage_key).in_(keys))
    return {key for key in session.execute(rows).scalars() if key}
