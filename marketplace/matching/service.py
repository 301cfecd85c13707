"""Keeping the search table true to what the features below know."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import CoachStatus, Mode
from marketplace.coaches.models import Coach, Offer
from marketplace.db import insert
from marketplace.matching.masks import GOALS, ISSUES, LANGUAGES, MODES, mask
from marketplace.matching.models import CoachSearch
from marketplace.payments import service as payments
from marketplace.payments.models import PayoutAccount
from marketplace.places.geo import cell
from marketplace.places.models import Place
from marketplace.ratings.models import Rating
from marketplace.scheduling.models import Calendar, WeeklyWindow

FRESH = timedelta(minutes=10)
AT_ONCE = 100
EVENING_ENDS = 18 * 60 + 45  # minutes after midnight: hours that last so long have room for a visit after work

GENDERS = {"woman": "female", "female": "female", "man": "male", "male": "male"}


def refresh(session: Session, coach_id: UUID) -> None:
    """Make the coach's row say what is so now; a coach who can't be booked has none."""
    session.flush()
    coach = session.get(Coach, coach_id)
    sold = coaches.offers(session, coach_id) if coach else []
    if coach is None or not sold or not coach.is_listed or not payments.can_be_paid(session, coach_id):
        session.execute(delete(CoachSearch).where(col(CoachSearch.coach_id) == coach_id))
        return
    values = _place(session, coach) | _skills(session, coach) | _prices(coach, sold) | _times(session, coach, sold)
    now = clock.now()
    values |= _rating(session, coach) | {"coach_id": coach_id, "refreshed_at": now}
    statement = insert(session, CoachSearch).values(values | {"listed_at": now})
    changed = {name: statement.excluded[name] for name in values if name != "coach_id"}
    session.execute(statement.on_conflict_do_update(index_elements=["coach_id"], set_=changed))


def refresh_stale(session: Session, now: datetime) -> int:
    """Look again at rows not looked at for a while, and at coaches who should have one; how many were looked at."""
    payable = col(PayoutAccount.payouts_enabled).is_(True)
    listed = (col(Coach.status) == CoachStatus.APPROVED) & col(Coach.paused_at).is_(None)
    sells = exists().where(col(Offer.coach_id) == col(Coach.id), col(Offer.withdrawn_at).is_(None))
    missing = col(CoachSearch.coach_id).is_(None) & listed & payable & sells
    joined = select(col(Coach.id)).outerjoin(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id))
    joined = joined.outerjoin(PayoutAccount, col(PayoutAccount.coach_id) == col(Coach.id))
    due = joined.where(or_(missing, col(CoachSearch.refreshed_at) < now - FRESH))
    found = session.scalars(due.order_by(col(CoachSearch.refreshed_at).nulls_first()).limit(AT_ONCE)).all()
    for coach_id in found:
        refresh(session, coach_id)
    return len(found)


def _place(session: Session, coach: Coach) -> dict[str, Any]:
    place = session.get_one(Place, coach.place_id)
    latitude, longitude = round(coach.latitude, 2), round(coach.longitude, 2)
    return {
        "cell": cell(latitude, longitude),
        "latitude": latitude,
        "longitude": longitude,
        "country": place.country,
        "travel_km": coach.travel_km,
    }


def _skills(session: Session, coach: Coach) -> dict[str, Any]:
    fixes = coaches.specialisms(session, coach.id)
    return {
        "issues": mask((each.issue for each in fixes), ISSUES),
        "main_issues": mask((each.issue for each in fixes if each.is_main), ISSUES),
        "goals": mask(coaches.goals(session, coach.id), GOALS),
        "languages": mask(coach.languages, LANGUAGES),
        "gender": GENDERS.get((coach.gender or "").lower()),
    }


def _prices(coach: Coach, sold: list[Offer]) -> dict[str, Any]:
    by_mode = {mode: [offer.price for offer in sold if offer.mode == mode] for mode in Mode}
    return {
        "modes": mask((mode.value for mode, prices in by_mode.items() if prices), MODES),
        "price": min(offer.price for offer in sold),
        "price_online": min(by_mode[Mode.ONLINE], default=None),
        "price_in_person": min(by_mode[Mode.IN_PERSON], default=None),
        "currency": coach.currency,
    }


def _times(session: Session, coach: Coach, sold: list[Offer]) -> dict[str, Any]:
    calendar = session.get(Calendar, coach.id)
    windows = session.execute(
        select(col(WeeklyWindow.weekday), col(WeeklyWindow.ends)).where(col(WeeklyWindow.coach_id) == coach.id)
    ).all()
    hours = [offer.turnaround_hours for offer in sold if offer.turnaround_hours is not None]
    timed = any(offer.minutes is not None for offer in sold)
    return {
        "evenings": any(weekday < 5 and ends >= EVENING_ENDS for weekday, ends in windows),
        "weekends": any(weekday >= 5 for weekday, _ in windows),
        "next_opening_at": calendar.next_opening_at if calendar and timed else None,
        "turnaround_hours": min(hours, default=None),
    }


def _rating(session: Session, coach: Coach) -> dict[str, Any]:
    stars = select(func.coalesce(func.sum(col(Rating.stars)), 0), func.count()).where(col(Rating.coach_id) == coach.id)
    total, count = session.execute(stars).one()
    return {"rating_sum": int(total), "rating_count": int(count)}
