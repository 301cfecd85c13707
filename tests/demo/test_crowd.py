"""A crowd of sample coaches is written in bulk, and is what single looks at them would have written."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func
from sqlmodel import col, select

from marketplace import clock
from marketplace.db import transaction
from marketplace.demo import crowd
from marketplace.matching import queries, service
from marketplace.matching.criteria import Criteria
from marketplace.matching.models import CoachSearch, CoachTopic, CoachWord
from marketplace.places.geo import cell
from marketplace.places.models import Place
from tests import make

pytestmark = pytest.mark.both_databases
COUNT = 60
TIMES = {"next_opening_at", "stale_at", "availability", "standing", "version", "card", "newcomer"}


@pytest.fixture
def planted(app: Flask) -> Flask:
    """A crowd in two towns."""
    with app.app_context(), transaction() as session:
        for number, (name, zone) in enumerate((("Toronto", "America/Toronto"), ("Regina", "America/Regina")), 1):
            make.place(session, id=number, name=name, latitude=43.7, longitude=-79.4 - number, timezone=zone)
            place = session.get_one(Place, number)
            place.cell = cell(place.latitude, place.longitude)
    crowd.plant(app, COUNT)
    return app


def test_all_of_them_are_listed_and_found(planted: Flask) -> None:
    with planted.app_context(), transaction(write=False) as session:
        assert session.exec(select(func.count()).select_from(CoachSearch)).one() == COUNT
        anywhere = queries.search(session, Criteria(now=clock.now()))
        assert anywhere.total == COUNT and len(anywhere.hits) == 20


def test_another_look_at_each_finds_nothing_to_change_but_what_time_has(planted: Flask) -> None:
    with planted.app_context(), transaction() as session:
        rows = session.exec(select(CoachSearch)).all()
        before = {row.coach_id: row.model_dump() for row in rows}
        topics = set(session.exec(select(CoachTopic.coach_id, CoachTopic.topic)).all())
        words = set(session.exec(select(CoachWord.coach_id, CoachWord.word)).all())
        for coach_id in before:
            service.refresh(session, coach_id)
        session.expire_all()
        for row in session.exec(select(CoachSearch)):
            now, old = row.model_dump(), before[row.coach_id]
            assert {name for name in now if now[name] != old[name]} <= TIMES
            assert abs(now["availability"] - old["availability"]) < 0.05
            assert _without_times(now["card"]) == _without_times(old["card"])
        assert set(session.exec(select(CoachTopic.coach_id, CoachTopic.topic)).all()) == topics
        assert set(session.exec(select(CoachWord.coach_id, CoachWord.word)).all()) == words


def test_a_second_planting_leaves_them_alone(planted: Flask) -> None:
    crowd.plant(planted, COUNT + 10)
    with planted.app_context(), transaction(write=False) as session:
        assert session.exec(select(func.count()).select_from(CoachSearch)).one() == COUNT
        soonest = session.exec(select(func.min(col(CoachSearch.next_opening_at)))).one()
        assert soonest is not None and abs(soonest - clock.now()) < timedelta(days=10)


def _without_times(card: str) -> object:
    said = json.loads(card)
    for offer in said["offers"]:
        offer["starts"] = len(offer["starts"]) > 0
    return said
