"""Migrations on a database that is in use: rows that point at each other stay, down and up again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import text

from marketplace import clock, create_app
from marketplace.db import alembic, db, transaction
from marketplace.scheduling import service
from tests import make
from tests.conftest import _renamed, _sql, test_settings

BEFORE_SEASONS = "0004"
TABLES = ("calendar", "weekly_window", "offer", "visit", "claim", "date_exception")


@pytest.fixture(params=["sqlite", "postgres"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database has no table yet."""
    if request.param == "sqlite":
        yield create_app(test_settings(tmp_path))
        return
    postgres: str = request.getfixturevalue("postgres")
    name = f"migrated_{uuid4().hex}"
    _sql(postgres, f"create database {name}")
    app = create_app(test_settings(tmp_path, database_url=_renamed(postgres, name)))
    yield app
    with app.app_context():
        db.engine.dispose()
    _sql(postgres, f"drop database {name} with (force)")


def counts() -> dict[str, int]:
    with db.engine.connect() as connection:
        return {name: connection.execute(text(f"select count(*) from {name}")).scalar_one() for name in TABLES}


def test_a_calendar_in_use_goes_down_and_up_again(empty: Flask) -> None:
    with empty.app_context():
        alembic.upgrade()
        with transaction() as session:
            offer = make.offer(session, make.coach(session))
            start = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=3)
            service.claim(session, offer.coach_id, uuid4(), start, start + timedelta(minutes=30))
            service.set_exception(session, offer.coach_id, start.date(), [])
        before = counts()
        assert all(before.values())
        alembic.downgrade(BEFORE_SEASONS)
        assert counts() == before
        alembic.upgrade()
        assert counts() == before
        with transaction() as session:
            service.set_week(session, offer.coach_id, {0: [(600, 660)]})
