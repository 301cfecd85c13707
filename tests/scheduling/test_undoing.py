"""The last change of the hours, taken back: whole, once, and only while nothing came after it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session

from marketplace import clock
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict
from marketplace.scheduling import queries, service
from marketplace.scheduling.models import Replaced
from marketplace.scheduling.service import Limits, Stretch
from tests import make

pytestmark = pytest.mark.both_databases
DAY = date(2027, 3, 3)  # a Wednesday


def state(session: Session, coach: Coach) -> dict[str, Any]:
    """All that a change of her hours may change."""
    session.flush()
    session.expire_all()
    weeks = {number: queries.weekly(session, coach.id, number) for number in range(4)}
    known = queries.schedules(session, coach.id)
    return {
        "weeks": weeks,
        "exceptions": queries.exceptions(session, coach.id),
        "schedules": [(each.number, each.name, each.first, each.last) for each in known],
        "away": [(each.id, each.first, each.last, each.note) for each in queries.time_off(session, coach.id, DAY)],
        "limits": Limits.of(queries.calendar_of(session, coach.id)),
        "offers": [session.get_one(Offer, offer_id).schedule for offer_id in offers_of(session, coach)],
    }


def offers_of(session: Session, coach: Coach) -> list[UUID]:
    from marketplace.coaches import queries as coaches

    return [offer.id for offer in coaches.offers(session, coach.id)]


@pytest.fixture
def coach(session: Session) -> Coach:
    """A coach with something of every kind."""
    made = make.coach(session)
    service.set_schedule(session, made.id, None, name="Summer", season=("05-01", "09-30"))
    service.set_schedule(session, made.id, None, name="Track", season=None)
    service.set_week(session, made.id, {2: [(600, 720)]}, 2)
    service.set_exception(session, made.id, DAY, [(600, 1500)])
    service.take_time_off(session, made.id, DAY + timedelta(days=9), DAY + timedelta(days=12), "Boston")
    service.set_limits(session, made.id, Limits(per_day=3, minutes_per_week=600, travel_minutes=30, holidays="CA-ON"))
    make.offer(session, made, schedule=2)
    return made


def away_id(session: Session, coach: Coach) -> UUID:
    return queries.time_off(session, coach.id, DAY)[0].id


CHANGES: dict[str, Callable[[Session, Coach], Any]] = {
    "week": lambda s, c: service.set_week(s, c.id, {0: [(480, 500)]}),
    "week of a schedule": lambda s, c: service.set_week(s, c.id, {0: [(480, 500)]}, 2),
    "date": lambda s, c: service.set_exception(s, c.id, DAY, None),
    "dates": lambda s, c: service.set_exceptions(s, c.id, {DAY + timedelta(days=n): [] for n in range(20)}),
    "new schedule": lambda s, c: service.set_schedule(s, c.id, None, name="Winter", season=("12-01", "02-28")),
    "renamed schedule": lambda s, c: service.set_schedule(s, c.id, 1, name="Other", season=None),
    "schedule gone": lambda s, c: service.remove_schedule(s, c.id, 2),
    "away": lambda s, c: service.take_time_off(s, c.id, DAY, DAY),
    "back": lambda s, c: service.end_time_off(s, c.id, away_id(s, c)),
    "limits": lambda s, c: service.set_limits(s, c.id, Limits(per_week=9)),
    "stretch of a date": lambda s, c: service.change_dates(s, c.id, was=None, to=Stretch(DAY, 300, 360)),
    "stretch of a week": lambda s, c: service.change_week(s, c.id, was=None, to=Stretch(DAY, 300, 360)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_any_change_replaced_is_put_back(session: Session, coach: Coach, change: str) -> None:
    before = state(session, coach)
    CHANGES[change](session, coach)
    assert state(session, coach) != before
    kept = service.undoable(session, coach.id)
    assert kept
    service.undo(session, coach.id, kept.change_id)
    assert state(session, coach) == before
    assert service.undoable(session, coach.id) is None


def test_openings_are_those_of_before(session: Session, coach: Coach) -> None:
    terms = queries.calendar_terms(session, coach.id)
    assert terms
    before = terms.hours.of(DAY + timedelta(days=2))
    service.set_week(session, coach.id, {})
    changed = queries.calendar_terms(session, coach.id)
    assert changed and not changed.hours.of(DAY + timedelta(days=2))
    service.undo(session, coach.id, kept_id(session, coach))
    again = queries.calendar_terms(session, coach.id)
    assert again and again.hours.of(DAY + timedelta(days=2)) == before


def test_a_change_that_another_followed_is_not_undone(session: Session, coach: Coach) -> None:
    first = kept_id(session, coach)
    service.set_week(session, coach.id, {})
    for wrong in (first, uuid4()):
        with pytest.raises(Conflict) as refused:
            service.undo(session, coach.id, wrong)
        assert refused.value.kind == "undo-gone"
    service.undo(session, coach.id, kept_id(session, coach))
    assert queries.weekly(session, coach.id)


def test_after_some_minutes_it_is_too_late(session: Session, coach: Coach) -> None:
    kept = session.get_one(Replaced, coach.id)
    kept.made_at = clock.now() - timedelta(minutes=16)
    session.flush()
    assert service.undoable(session, coach.id) is None
    with pytest.raises(Conflict):
        service.undo(session, coach.id, kept.change_id)


def test_nobody_undoes_what_another_coach_did(session: Session, coach: Coach) -> None:
    other = make.coach(session)
    service.set_week(session, other.id, {})
    with pytest.raises(Conflict):
        service.undo(session, other.id, kept_id(session, coach))


def test_an_offer_names_no_schedule_that_undoing_took_away(session: Session, coach: Coach) -> None:
    made = service.set_schedule(session, coach.id, None, name="Late", season=None)
    offer = make.offer(session, coach, schedule=made.number)
    service.undo(session, coach.id, kept_id(session, coach))
    session.refresh(offer)
    assert offer.schedule == 0


def kept_id(session: Session, coach: Coach) -> UUID:
    kept = service.undoable(session, coach.id)
    assert kept
    return kept.change_id
