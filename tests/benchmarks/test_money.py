"""Booking under load: as many as this machine carries through two web processes, and what the data layer costs against
bare inserts of the same rows.
"""

import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.coaches.models import Offer
from marketplace.db import db, transaction
from tests import make
from tests.bookings import world as people
from tests.conftest import _renamed, _sql, on_postgres
from tests.money.world import CALM, Person, World, world

SECONDS, CLIENTS, COACHES = 60, 12, 60
TURNS = 120
LEAST = 0.25
Statement = tuple[str, Any]


@pytest.fixture
def site(postgres: str, empty_postgres: str, tmp_path: Path) -> Iterator[World]:
    with on_postgres(postgres, tmp_path, empty_postgres) as app:
        url = app.extensions["settings"].database_url
        with world(tmp_path / "site", database_url=url, workers=2) as made:
            yield made


def test_as_many_bookings_as_the_machine_carries_are_paid_and_booked_exactly(site: World) -> None:
    """Hold, Stripe's page, card, way back; through two web processes on PostgreSQL, with worker and sandbox beside."""
    shops = [(coach, site.offer(coach_id)) for coach, coach_id in (site.coach() for _ in range(COACHES))]
    runners = [site.runner() for _ in range(CLIENTS)]
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CLIENTS) as pool:
        turns = [pool.submit(_buy, site, each, shops, until, Random(n)) for n, each in enumerate(runners)]
        seen: Counter[str] = sum((each.result() for each in turns), Counter())
    print(f"\n{seen['paid'] / SECONDS:.1f} bookings a second paid over {SECONDS} s ({seen}), {CLIENTS} clients")
    site.rest()
    site.check_at_rest()
    assert seen["paid"] > SECONDS and not seen["lost"]


def _buy(site: World, runner: Person, shops: list[tuple[Person, Offer]], until: float, chance: Random) -> Counter[str]:
    seen: Counter[str] = Counter()
    open_times: dict[UUID, list[str]] = {}
    while time.monotonic() < until:
        coach, offer = chance.choice(shops)
        times = open_times.get(offer.id) or site.openings(offer, coach.email.split("@")[0], runner)
        open_times[offer.id] = times
        if not times:
            continue
        starts_at = times.pop(chance.randrange(len(times)))
        screen = {"pain": False, "flags": [], "note": ""}
        held = site.call("POST", "/bookings", runner, offer=str(offer.id), starts_at=starts_at, pain_screen=screen)
        if held.status != 201:
            seen[f"held: {held.status}"] += 1
            continue
        ends = site.pay(held.body["id"], runner, CALM)
        seen["paid" if ends.startswith(site.url) else "lost"] += 1
    return seen


@contextmanager
def _shop(app: Flask) -> Iterator[tuple[list[UUID], UUID]]:
    """The offers of many coaches, and a runner."""
    with app.app_context():
        with transaction() as session:
            offers = [make.offer(session, make.coach(session)).id for _ in range(TURNS)]
            runner = make.user(session).id
        yield offers, runner


@pytest.mark.parametrize("name", ["sqlite", "postgres"])
def test_what_hold_and_confirm_ask_the_database_stays_near_bare_inserts(
    name: str, request: pytest.FixtureRequest
) -> None:
    """Held in one transaction and confirmed in another, as over HTTP. All statements of both, and the inserts among
    them alone, go through the driver into copies of the database with the same people in it, committed as often.
    """
    app: Flask = request.getfixturevalue(f"{name}_app")
    with _shop(app) as (offers, runner_id), _copy(app, name, request, 1) as whole, _copy(app, name, request, 2) as bare:
        times = {"in our code": 0.0, "its statements": 0.0, "bare inserts": 0.0}
        for offer_id in offers:
            with transaction(write=False) as session:
                starts_at = people.times(session, session.get_one(Offer, offer_id))[0]
            asked: list[list[Statement]] = []
            began = time.perf_counter()
            with _listening(asked), transaction() as session:
                booking = _hold(session, offer_id, runner_id, starts_at)
            with _listening(asked), transaction() as session:
                people.pay(session, session.merge(booking))
            times["in our code"] += time.perf_counter() - began
            inserts = [[each for each in one if each[0].startswith("INSERT")] for one in asked]
            times["its statements"] += _took(whole, asked)
            times["bare inserts"] += _took(bare, inserts)
        counts = sum(map(len, asked)), sum(map(len, inserts))
        words = ", ".join(f"{what} {1000 * took / TURNS:.2f} ms" for what, took in times.items())
        ratio = times["bare inserts"] / times["its statements"]
        print(f"\n{name}: hold and confirm {words}; {counts[0]} statements, {counts[1]} of them inserts")
        print(f"    ratio of the data layer {ratio:.2f} (at least {LEAST})")
        assert ratio >= LEAST


def _took(database: Any, transactions: list[list[Statement]]) -> float:
    began = time.perf_counter()
    for statements in transactions:
        database(statements)
    return time.perf_counter() - began


def _hold(session: Session, offer_id: UUID, runner_id: UUID, starts_at: Any) -> Any:
    return people.hold(session, session.get_one(Offer, offer_id), session.get_one(User, runner_id), starts_at)


@contextmanager
def _listening(asked: list[list[Statement]]) -> Iterator[None]:
    """The statements of one transaction, as the driver got them."""
    found: list[Statement] = []

    def listen(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if not statement.startswith("BEGIN"):
            found.extend((statement, each) for each in (values if many else [values]))

    event.listen(db.engine, "before_cursor_execute", listen)
    yield
    event.remove(db.engine, "before_cursor_execute", listen)
    asked.append(found)


@contextmanager
def _copy(app: Flask, name: str, request: pytest.FixtureRequest, number: int) -> Iterator[Any]:
    """Runs statements in a transaction on a copy of the database, by the driver alone."""
    settings = app.extensions["settings"]
    if name == "sqlite":
        plain, begin = _sqlite_copy(settings.data_dir, number), "BEGIN IMMEDIATE"
    else:
        server, database = request.getfixturevalue("postgres"), settings.database_url.rsplit("/", 1)[1].split("?")[0]
        db.engine.dispose()
        _sql(server, f"create database {database}_{number} template {database}")
        plain = psycopg.connect(_renamed(server, f"{database}_{number}").replace("+psycopg", ""), autocommit=True)
        begin = "BEGIN"

    def run(statements: list[Statement]) -> None:
        plain.execute(begin)
        for statement, values in statements:
            plain.execute(statement, values).close()
        plain.execute("COMMIT")

    yield run
    plain.close()
    if name != "sqlite":
        _sql(server, f"drop database {database}_{number} with (force)")


def _sqlite_copy(folder: Path, number: int) -> Any:
    with db.engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    copy = folder / f"copy{number}.sqlite3"
    shutil.copy(folder / "runsight.sqlite3", copy)
    plain = sqlite3.connect(copy, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        plain.execute(f"PRAGMA {pragma}")
    return plain
