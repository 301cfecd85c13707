"""A few towns and coaches around Ottawa, and how to put more there."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlmodel import Session

from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, GoalSpecialism
from marketplace.db import transaction
from marketplace.matching import service
from marketplace.places.geo import cell
from marketplace.places.models import Place, PlaceName
from marketplace.scheduling import service as calendars
from tests import make

TOWNS = (
    (6094817, "Ottawa", "ON", 45.4112, -75.6981, 1_000_000),
    (5959974, "Gatineau", "QC", 45.4772, -75.7013, 291_000),
    (6077243, "Montréal", "QC", 45.5088, -73.5878, 1_700_000),
    (6167865, "Toronto", "ON", 43.7001, -79.4163, 2_700_000),
)
PutCoach = Callable[..., Coach]


def towns(session: Session) -> None:
    """The towns, each found by its name."""
    for place_id, name, region, latitude, longitude, population in TOWNS:
        make.place(
            session,
            id=place_id,
            name=name,
            region=region,
            latitude=latitude,
            longitude=longitude,
        )
        place = session.get_one(Place, place_id)
        place.population, place.cell = population, cell(latitude, longitude)
        folded = name.lower().replace("é", "e")
        session.add(PlaceName(folded=folded, place_id=place_id, weight=population // 1000))
    session.flush()


def coach(session: Session, *, goals: tuple[str, ...] = (), **given: Any) -> Coach:
    """A listed coach with a call, or with the offers of `kinds` at `prices`."""
    kinds = given.pop("kinds", (OfferKind.VIDEO_CALL, OfferKind.IN_PERSON))
    prices = given.pop("prices", (9500,) * len(kinds))
    one = make.coach(session, **given)
    session.add_all(GoalSpecialism(coach_id=one.id, goal=goal) for goal in goals)
    for kind, price in zip(kinds, prices, strict=True):
        make.offer(session, one, kind, price=price)
    calendars.changed(session, one.id)
    service.refresh(session, one.id)
    return one


@pytest.fixture
def put(app: Flask) -> PutCoach:
    """Put a coach into the database, with the towns."""

    def one(**given: Any) -> Coach:
        with app.app_context(), transaction() as session:
            if session.get(Place, TOWNS[1][0]) is None:
                towns(session)
            return coach(session, **given)

    return one
