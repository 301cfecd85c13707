"""Next openings: of a page of coaches, and of all whom time has overtaken."""

import statistics
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlmodel import col, select, update

from marketplace import clock
from marketplace.coaches.models import Offer
from marketplace.db import current_session, transaction
from marketplace.demo import crowd
from marketplace.matching import service
from marketplace.matching.models import CoachSearch
from marketplace.places.geo import cell
from marketplace.places.models import Place
from marketplace.scheduling import queries
from tests import make

COACHES, PAGE = 1000, 20


@pytest.fixture
def town(app: Flask) -> Iterator[Flask]:
    """A thousand coaches, as the demo plants them."""
    with app.app_context(), transaction() as session:
        make.place(session, id=1, name="Toronto", latitude=43.7, longitude=-79.4, timezone="America/Toronto")
        place = session.get_one(Place, 1)
        place.cell = cell(place.latitude, place.longitude)
    crowd.plant(app, COACHES)
    with app.app_context():
        yield app


def test_the_next_openings_of_a_page_take_two_milliseconds(town: Flask) -> None:
    now, taken = clock.now(), []
    with transaction(write=False):
        session = current_session()
        shown = list(session.scalars(select(CoachSearch.coach_id).limit(PAGE)))
        for _ in range(60):
            session.expunge_all()
            started = time.perf_counter()
            offers = session.scalars(select(Offer).where(col(Offer.coach_id).in_(shown))).all()
            found = queries.next_starts(session, offers, now)
            taken.append(time.perf_counter() - started)
    assert sum(start is not None for start in found.values()) > PAGE / 2
    print(f"\nnext openings of {PAGE} coaches ({len(offers)} offers): {statistics.median(taken) * 1000:.2f} ms")
    assert statistics.median(taken) <= 0.002


def test_a_thousand_coaches_are_refreshed_in_a_second_of_a_core(town: Flask) -> None:
    with transaction() as session:
        session.exec(update(CoachSearch).values(stale_at=clock.now() - timedelta(days=1)))
    started = time.process_time()
    more = True
    while more:
        with transaction() as session:
            more = service.refresh_stale(session, clock.now())
    spent = time.process_time() - started
    print(f"\nrefreshed {COACHES / spent:.0f} coaches in a second of a core")
    with transaction(write=False) as session:
        assert not session.scalars(select(CoachSearch).where(col(CoachSearch.stale_at) <= clock.now())).all()
    assert COACHES / spent >= 1000
