"""How often the coaches around the sample coach were searched for, shown and looked at in the weeks before today."""

from datetime import timedelta
from random import Random
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import queries as accounts
from marketplace.bookings.models import Booking
from marketplace.coaches import queries as coaches
from marketplace.matching import counting, queries
from marketplace.matching.criteria import Criteria
from marketplace.matching.masks import GOALS, ISSUES, mask
from marketplace.matching.sightings import Seen, Shown, Sighting
from marketplace.places.geo import cell

DAYS = 56
Point = tuple[float, float]


def write(session: Session, email: str) -> None:
    """Eight weeks of searches near the coach of that address, busier of late; and the bookings of those weeks."""
    user = accounts.by_email(session, email)
    coach = coaches.of_user(session, user.id) if user else None
    if coach is None:
        return
    chance, today = Random(coach.name), clock.now().date()  # noqa: S311  # nosec B311
    centre = (coach.latitude, coach.longitude)
    for days_ago in range(DAYS):
        taken: list[Sighting] = []
        for _search in range(chance.randint(1, 5 if days_ago < DAYS // 2 else 3)):
            taken += _searched(session, centre, chance)
        counting.count(session, taken, today - timedelta(days=days_ago))
    _booked(session)


def _searched(session: Session, centre: Point, chance: Random) -> list[Sighting]:
    """One search for an issue, sometimes with a goal; what it shows now, and whom the runner looked at."""
    asked = mask(chance.sample(ISSUES, 1), ISSUES)
    goals = mask(chance.sample(GOALS, 1), GOALS) if chance.random() < 0.4 else 0
    results = queries.search(session, Criteria(now=clock.now(), centre=centre, issues=asked, goals=goals))
    shown = [hit.card.coach_id for hit in results.hits]
    looked = shown[: chance.randint(0, 3)]
    page = Shown(shown, asked, goals, cell(*centre), 1, results.total, None)
    return [page, *(Seen(each, "viewed", None) for each in looked), *_begun(looked, chance)]


def _begun(looked: list[UUID], chance: Random) -> list[Sighting]:
    return [Seen(each, "begun", None) for each in looked if chance.random() < 0.2]


def _booked(session: Session) -> None:
    """The bookings of those days, which were written as rows and told nobody."""
    since = clock.now() - timedelta(days=DAYS)
    recent = select(col(Booking.coach_id), col(Booking.confirmed_at)).where(col(Booking.confirmed_at) > since)
    for coach_id, confirmed_at in session.execute(recent).all():
        counting.booked(session, coach_id, confirmed_at.date())
