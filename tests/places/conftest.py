"""A sample of the real gazetteer, read once: all of Canada, large cities elsewhere, ZIP codes of two states."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import Session

from marketplace import create_app
from marketplace.db import db, transaction
from marketplace.places import service
from marketplace.places.gazetteer import Gazetteer, read
from tests.conftest import _renamed, _sql, test_settings


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return read(sample=True)


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def towns(
    request: pytest.FixtureRequest, gazetteer: Gazetteer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Session]:
    """A session on a database that holds the sample, on SQLite and on PostgreSQL. Only read in it."""
    folder: Path = tmp_path_factory.mktemp("towns")
    changes = {}
    if request.param == "postgres":
        server, template = request.getfixturevalue("postgres"), request.getfixturevalue("empty_postgres")
        name = f"towns_{uuid4().hex}"
        _sql(server, f"create database {name} template {template}")
        changes["database_url"] = _renamed(server, name)
    else:
        shutil.copy(request.getfixturevalue("empty_sqlite"), folder / "runsight.sqlite3")
    app = create_app(test_settings(folder, **changes))
    with app.app_context():
        with transaction() as session:
            service.import_gazetteer(session, gazetteer)
        with transaction(write=False) as session:
            yield session
        db.engine.dispose()
