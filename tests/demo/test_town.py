"""Planting the sample town beside a running sandbox: everybody can be booked, and a second time changes nothing."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from marketplace import create_app
from marketplace.accounts import queries as accounts
from marketplace.accounts.passwords import matches
from marketplace.bookings.models import Booking
from marketplace.coaches import queries as coaches
from marketplace.db import db, transaction
from marketplace.demo import samples, town
from marketplace.matching.models import CoachSearch
from marketplace.payments import invariants
from marketplace.places.geo import distance_km
from marketplace.places.models import Place, PlaceName
from marketplace.places.names import fold
from marketplace.ratings import queries as ratings
from marketplace.stripe_sandbox.app import create_sandbox
from marketplace.stripe_sandbox.server import running
from tests.conftest import test_settings

OTTAWA = (45.42, -75.69)


@pytest.fixture(scope="module")
def planted(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The site with the town in it, on those places of the gazetteer that the town names."""
    folder = tmp_path_factory.mktemp("town")
    (folder / "runsight.sqlite3").write_bytes(empty_sqlite.read_bytes())
    sandbox = create_sandbox(folder / "stripe")
    sandbox.config.update(WEBHOOK_URL="", WEBHOOK_SECRET="whsec_runsight")
    with running(sandbox) as address:
        app = create_app(test_settings(folder, stripe_api_base=address, mode="demo"))
        with app.app_context():
            with transaction() as session:
                session.add_all(places())
            town.plant(app)
            yield app
            db.engine.dispose()


def test_all_sixty_are_found_and_half_of_them_live_around_ottawa(planted: Flask) -> None:
    with transaction(write=False) as session:
        listed = coaches.listed(session)
        near = [coach for coach in listed if distance_km(OTTAWA, (coach.latitude, coach.longitude)) <= 40]
        shown = session.scalar(select(func.count()).select_from(CoachSearch))
        assert (len(listed), len(near), shown) == (60, 30, 60)
        assert len({(coach.latitude, coach.longitude) for coach in listed}) == 60


def test_the_three_who_sign_in_can(planted: Flask) -> None:
    with transaction(write=False) as session:
        for email in (town.COACH, town.RUNNER, town.STAFF):
            person = accounts.by_email(session, email)
            assert person is not None
            assert person.is_verified
            assert matches(town.PASSWORD, person.password_hash)
            assert (person.is_coach, person.is_staff) == (email == town.COACH, email == town.STAFF)


def test_runners_have_spoken_and_the_books_are_true(planted: Flask) -> None:
    with transaction(write=False) as session:
        for coach in coaches.listed(session):
            standing = ratings.standing(session, coach.id)
            assert standing.count >= 2
            assert standing.average is not None
            assert 3 <= standing.average <= 5
        assert invariants.broken(session) == []


def test_two_sessions_wait_on_the_coachs_desk(planted: Flask) -> None:
    with transaction(write=False) as session:
        user = accounts.by_email(session, town.COACH)
        assert user is not None
        coach = coaches.of_user(session, user.id)
        assert coach is not None
        hers = session.scalars(select(Booking).where(col(Booking.coach_id) == coach.id)).all()
        ahead = [each for each in hers if each.is_confirmed]
        assert {each.kind.value for each in ahead} == {"video-call", "clip-review"}
        assert all(each.pain_is_screened and each.story for each in ahead)
        assert len(coaches.offers(session, coach.id)) == len(samples.coaches()[0].offers)


def test_planting_again_changes_nothing(planted: Flask) -> None:
    before = rows()
    town.plant(planted)
    assert rows() == before


def places() -> Iterator[Place | PlaceName]:
    """The rows of places.csv, each to be found under its name."""
    with (Path(__file__).parent / "places.csv").open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            yield Place.model_validate(row | {"region_name": row["region"], "cell": 0})
            yield PlaceName(folded=fold(row["name"]), place_id=int(row["id"]), weight=1000 - number)


def rows() -> dict[str, int]:
    """How many rows each table has."""
    with transaction(write=False) as session:
        counted = (
            (table.name, session.scalar(select(func.count()).select_from(table)))
            for table in SQLModel.metadata.sorted_tables
        )
        return {name: number or 0 for name, number in counted}
