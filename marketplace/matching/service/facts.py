"""What the features below know of a coach, gathered for her row of the search table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.analysis.models import Analysis, Finding
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.places.models import Place
from marketplace.ratings.models import Rating
from marketplace.scheduling import queries as calendars
from marketplace.scheduling.openings import Start
from marketplace.scheduling.walltime import instant_of, minute_of, week_of

AHEAD_DAYS = 21
LATEST_REVIEWS, LATEST_SESSIONS = 10, 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Selling:
    """A coach and what she sells, her open starts by offer, and the places of this week taken by clip-review offer."""

    coach: Coach
    sold: Sequence[Offer]
    starts: Mapping[UUID, Sequence[Start]]
    places_taken: Mapping[UUID, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts(Selling):
    """The same with where she is, what she fixes and has done.

    `fixes`: whether each issue is main work. `done`: completed sessions by issue, as the runner asked or as the coach
    found. `reply_hours`: from a paid clip review to its answer.
    """

    place: Place
    fixes: Mapping[str, bool]
    goals: Sequence[str]
    done: Mapping[str, int] = field(default_factory=dict)
    rating_sum: int = 0
    rating_count: int = 0
    reply_hours: float | None = None


def gather(session: Session, coach: Coach, sold: Sequence[Offer], now: datetime) -> Facts:
    """All of it, as of now."""
    timed = [offer for offer in sold if offer.minutes]
    reviews = [offer for offer in sold if offer.kind is OfferKind.CLIP_REVIEW]
    stars, count = _rating(session, coach.id)
    return Facts(
        coach=coach,
        place=session.get_one(Place, coach.place_id),
        sold=sold,
        fixes={each.issue: each.is_main for each in coaches.specialisms(session, coach.id)},
        goals=coaches.goals(session, coach.id),
        starts={offer.id: calendars.starts(session, offer, now, AHEAD_DAYS) for offer in timed},
        places_taken=places_taken(session, {offer.id: coach.timezone for offer in reviews}, now),
        done=_done(session, coach.id),
        rating_sum=stars,
        rating_count=count,
        reply_hours=_reply_hours(session, coach.id),
    )


def places_taken(session: Session, zones: Mapping[UUID, str], now: datetime) -> Counter[UUID]:
    """How many places of this week are taken of clip-review offers, given with the time zones of their weeks."""
    if not zones:
        return Counter()
    weeks = {zone: week_of(zone, minute_of(now)) for zone in set(zones.values())}
    first = instant_of(min(since for since, _ in weeks.values()))
    placed = select(col(Booking.offer_id), col(Booking.created_at)).where(col(Booking.offer_id).in_(zones))
    placed = placed.where(col(Booking.created_at) >= first, col(Booking.status).in_(bookings.PLACED))
    found = [(offer_id, weeks[zones[offer_id]], minute_of(at)) for offer_id, at in session.execute(placed)]
    return Counter(offer_id for offer_id, (since, until), at in found if since <= at < until)


def _done(session: Session, coach_id: UUID) -> Counter[str]:
    completed = select(col(Booking.id), col(Booking.issues)).where(col(Booking.coach_id) == coach_id)
    completed = completed.where(col(Booking.status) == BookingStatus.COMPLETED)
    rows = session.execute(completed.order_by(col(Booking.ended_at).desc()).limit(LATEST_SESSIONS))
    issues = {booking_id: set(asked) for booking_id, asked in rows}
    seen = select(col(Analysis.booking_id), col(Finding.issue))
    seen = seen.join(Finding, col(Finding.analysis_id) == col(Analysis.id)).where(col(Analysis.coach_id) == coach_id)
    seen = seen.where(col(Analysis.delivered_at).is_not(None), col(Finding.removed_at).is_(None))
    for booking_id, issue in session.execute(seen):
        issues.get(booking_id, set()).add(issue)
    return Counter(issue for each in issues.values() for issue in each)


def _rating(session: Session, coach_id: UUID) -> tuple[int, int]:
    stars = select(func.coalesce(func.sum(col(Rating.stars)), 0), func.count()).where(col(Rating.coach_id) == coach_id)
    total, count = session.execute(stars).one()
    return int(total), int(count)


def _reply_hours(session: Session, coach_id: UUID) -> float | None:
    """The median of the latest."""
    reviews = (col(Booking.kind) == OfferKind.CLIP_REVIEW, col(Booking.status) == BookingStatus.COMPLETED)
    answered = select(col(Booking.confirmed_at), col(Booking.ended_at)).where(col(Booking.coach_id) == coach_id)
    rows = session.execute(answered.where(*reviews).order_by(col(Booking.ended_at).desc()).limit(LATEST_REVIEWS)).all()
    taken = [(row[1] - row[0]) / timedelta(hours=1) for row in rows if row[0] and row[1]]
    return round(median(taken), 1) if taken else None
