"""A coach, her calendars on servers of this machine, and a runner who books."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.calendars import service
from marketplace.calendars.models import Source
from marketplace.calendars.service.refreshing import FRESH
from marketplace.coaches.models import Coach, Offer
from marketplace.db import new_id, transaction
from marketplace.jobs import Job, run_due
from marketplace.scheduling import queries as scheduling
from marketplace.scheduling.models import Busy
from marketplace.settings import Settings
from tests import make
from tests.calendars.servers import OddServer, Radicale, odd_server


class Coached:
    """A coach with a call to sell, a runner, and the database."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with self.rows() as session:
            self.coach: Coach = make.coach(session)
            self.offer: Offer = make.offer(session, self.coach)
            self.runner: User = make.user(session, name="Robin Roadley")
            self.person = session.get_one(User, self.coach.user_id)

    @property
    def settings(self) -> Settings:
        found: Settings = self.app.extensions["settings"]
        return found

    def allow(self, local: str) -> None:
        """Let calendars be at such places of this machine."""
        self.app.extensions["settings"] = self.settings.model_copy(update={"local_calendars": local})

    @contextmanager
    def rows(self) -> Iterator[Session]:
        with self.app.app_context(), transaction() as session:
            yield session

    def add(self, address: str) -> UUID:
        """Read a calendar by its address; nothing is fetched yet."""
        with self.rows() as session:
            source_id = new_id()
            service.add_address(
                session, self.coach.id, source_id=source_id, address=address, name="Private", settings=self.settings
            )
            return source_id

    def work(self) -> None:
        """Do the jobs that are due."""
        with self.app.app_context():
            run_due()

    def read(self, source_id: UUID) -> Source:
        """Read one calendar now, and how it stands after."""
        with self.app.app_context():
            service.refresh_one(source_id, self.settings)
        return self.source(source_id)

    def source(self, source_id: UUID) -> Source:
        with self.rows() as session:
            return session.get_one(Source, source_id)

    def age(self, source_id: UUID) -> None:
        """Let its last reading lie some minutes ago."""
        with self.rows() as session:
            source = session.get_one(Source, source_id)
            source.tried_at = source.read_at = clock.now() - 2 * FRESH

    def busy(self) -> list[tuple[datetime, datetime, str]]:
        with self.rows() as session:
            rows = session.scalars(
                select(Busy).where(col(Busy.coach_id) == self.coach.id).order_by(col(Busy.starts_at))
            )
            return [(row.starts_at, row.ends_at, row.title) for row in rows]

    def why_closed(self, at: datetime) -> str | None:
        with self.rows() as session:
            reason = scheduling.why_closed(session, session.get_one(Offer, self.offer.id), at, clock.now())
            return reason.value if reason else None

    def mails(self) -> list[str]:
        """Subjects of the mails to the coach."""
        with self.rows() as session:
            jobs = session.scalars(select(Job).where(col(Job.name) == "mail.send").order_by(col(Job.id)))
            return [job.payload["subject"] for job in jobs if job.payload["to"] == self.person.email]

    def noon(self, days: int = 3) -> datetime:
        """A time within her hours, some days ahead."""
        return (clock.now() + timedelta(days=days)).replace(hour=17, minute=0, second=0, microsecond=0)


@pytest.fixture
def coached(app: Flask) -> Coached:
    app.config["WTF_CSRF_ENABLED"] = False
    return Coached(app)


@pytest.fixture
def odd(coached: Coached) -> Iterator[OddServer]:
    """A server that her settings allow."""
    with odd_server() as server:
        coached.allow(f"127.0.0.1:{server.server_port}")
        yield server


@pytest.fixture(scope="session")
def radicale_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    server.start()
    yield server
    server.stop()
