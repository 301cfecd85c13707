"""What stands in a coach's calendar: what is taken of her time, and what each of her dates is like."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.scheduling import holidays
from marketplace.scheduling import queries as calendars
from marketplace.scheduling.hours import Window, days
from marketplace.scheduling.models import Busy, Schedule, TimeOff, Visit
from marketplace.scheduling.walltime import instant_of, start_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A stretch of her time that is taken, with the minutes kept free around it. `bookings`: who comes (one for each
    seat); none for what another calendar says (`busy_title`) or what is kept for somebody."""

    starts_at: datetime
    ends_at: datetime
    before: int = 0
    after: int = 0
    bookings: list[tuple[Booking, User]] = field(default_factory=list)
    busy_title: str | None = None

    @property
    def held_until(self) -> datetime | None:
        """Until when it is kept for somebody who has not paid; None where it is not, or somebody has."""
        ends = [booking.hold_expires_at for booking, _ in self.bookings if booking.is_held]
        return max((each for each in ends if each), default=None) if len(ends) == len(self.bookings) else None


@dataclass(frozen=True, slots=True)
class Day:
    """A local date of hers: its windows, and why they are as they are."""

    on: date
    windows: Sequence[Window]
    is_own: bool  # has hours of its own
    away: TimeOff | None
    holiday: str | None
    schedule: Schedule | None  # whose hours they are, where not those of the usual week


def entries(session: Session, coach_id: UUID, since: datetime, until: datetime) -> list[Entry]:
    """What is taken of [since, until), in order."""
    found: dict[UUID, Entry] = {}
    visits = select(Visit, Booking, User).outerjoin(Booking, col(Booking.visit_id) == col(Visit.id))
    visits = visits.outerjoin(User, col(User.id) == col(Booking.runner_id))
    near = (col(Visit.coach_id) == coach_id, col(Visit.ends_at) > since, col(Visit.starts_at) < until)
    for visit, booking, runner in session.execute(visits.where(*near)):
        new = Entry(visit.starts_at, visit.ends_at, visit.buffer_before, visit.buffer_after)
        entry = found.setdefault(visit.id, new)
        if booking is not None:
            entry.bookings.append((booking, runner))
    elsewhere = select(Busy).where(
        col(Busy.coach_id) == coach_id, col(Busy.ends_at) > since, col(Busy.starts_at) < until
    )
    busy = [Entry(each.starts_at, each.ends_at, busy_title=each.title) for each in session.scalars(elsewhere)]
    return sorted([*found.values(), *busy], key=lambda each: (each.starts_at, each.ends_at))


def dates(session: Session, coach: Coach, first: date, last: date, *, schedule: int = 0, language: str) -> list[Day]:
    """Her dates from one to another, both counted, as an offer of that schedule has them (0: as the season has)."""
    terms = calendars.calendar_terms(session, coach.id)
    if terms is None:
        return []
    hours = terms.hours_for(schedule)
    away = calendars.time_off(session, coach.id, first)
    code = calendars.calendar_of(session, coach.id).holidays
    closed = holidays.between(code, first, last, language) if code else {}
    schedules = calendars.schedules(session, coach.id)
    known = {each.number: each for each in schedules}
    return [
        Day(
            on,
            hours.of(on),
            on in hours.exceptions,
            next((each for each in away if each.first <= on <= each.last), None),
            closed.get(on),
            known.get(schedule or calendars.holding(schedules, on)),
        )
        for on in days(first, last)
    ]


def of_dates(session: Session, coach: Coach, first: date, last: date) -> dict[date, list[Entry]]:
    """What is taken on each of those dates; an entry that runs over midnight is on both."""
    edges = {on: start_of(coach.timezone, on) for on in days(first, last + timedelta(days=1))}
    bounds = [(on, instant_of(edges[on]), instant_of(edges[on + timedelta(days=1)])) for on in days(first, last)]
    found = entries(session, coach.id, bounds[0][1], bounds[-1][2])
    return {
        on: [each for each in found if each.starts_at < until and each.ends_at > since] for on, since, until in bounds
    }


def of_visit(session: Session, visit_id: UUID) -> list[tuple[Booking, User]]:
    """Who comes to a visit, one for each seat that is taken."""
    joined = select(Booking, User).join(User, col(User.id) == col(Booking.runner_id))
    return [tuple(row) for row in session.execute(joined.where(col(Booking.visit_id) == visit_id))]
