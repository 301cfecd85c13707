"""Search at ten thousand, a hundred thousand and a million coaches, on both databases, against raw queries.

SQLite towns are made once and kept in var/bench, PostgreSQL's are made for the run. BENCH_COACHES names other sizes.
"""

import os
import sqlite3
import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event

from marketplace import clock
from marketplace.db import transaction
from marketplace.matching import queries
from marketplace.matching.criteria import Criteria
from marketplace.matching.masks import IN_PERSON, ISSUES, LANGUAGES, mask
from marketplace.matching.queries.cards import forget
from tests.benchmarks import towns
from tests.benchmarks.clockwork import ratio
from tests.benchmarks.raw import Raw
from tests.conftest import _renamed

SIZES = [int(size) for size in os.environ.get("BENCH_COACHES", "10000,100000,1000000").split(",")]
ASKED = mask(["hip-drop", "weak-glutes"], ISSUES)
MOST_PRICE = 12_000
PLACES = {"a town": towns.TOWN, "the metropolis": towns.METROPOLIS}
_taken: dict[tuple[str, int], float] = {}


@pytest.fixture(scope="module", params=SIZES)
def sqlite(request: pytest.FixtureRequest) -> Iterator[tuple[Flask, Raw, int]]:
    """A town on SQLite, and the driver's own way to ask it."""
    app = towns.sqlite_town(request.param)
    connection = sqlite3.connect(towns.file_of(app))
    raw = Raw(connection)
    raw.prepare(", coach_id")
    yield app, raw, request.param
    connection.close()


@pytest.fixture(scope="module", params=SIZES)
def postgres_town(
    request: pytest.FixtureRequest, postgres: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, Raw, int]]:
    """The same on PostgreSQL."""
    app = towns.postgres_town(request.param, postgres, tmp_path_factory.mktemp("town"))
    url = _renamed(postgres, f"town_{request.param}").replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as connection:
        raw = Raw(connection, "%s")
        raw.prepare(") INCLUDE (coach_id")
        for table in ("coach_search", "raw_search"):
            connection.execute(f"vacuum analyze {table}")
        yield app, raw, request.param


@pytest.mark.parametrize("where", PLACES)
def test_a_ranked_search_on_sqlite_costs_at_most_twice_the_raw_query(sqlite, where: str) -> None:
    _compare("SQLite", *sqlite, where)


@pytest.mark.parametrize("where", PLACES)
def test_a_ranked_search_on_postgresql_costs_at_most_twice_the_raw_query(postgres_town, where: str) -> None:
    _compare("PostgreSQL", *postgres_town, where)


def test_a_million_coaches_elsewhere_do_not_slow_the_metropolis() -> None:
    """What the searches above took in the dense city: at the largest size at most one and a half times the middle."""
    for database in ("SQLite", "PostgreSQL"):
        if len(SIZES) < 2 or (database, SIZES[-1]) not in _taken:
            pytest.skip("needs the searches at two sizes before it, in the same run")
        before, after = _taken[database, SIZES[-2]], _taken[database, SIZES[-1]]
        print(f"\n{database}, the metropolis: {before:.2f} ms at {SIZES[-2]}, {after:.2f} ms at {SIZES[-1]} coaches")
        assert after <= 1.5 * before


def _compare(database: str, app: Flask, raw: Raw, size: int, where: str) -> None:
    """What a search asks the database, both steps of it, through the driver as the raw query is."""
    criteria = Criteria(
        now=clock.now(),
        centre=PLACES[where],
        issues=ASKED,
        languages=mask(["en"], LANGUAGES),
        modes=IN_PERSON,
        most_price=MOST_PRICE,
    )
    statements = _asked_of(app, criteria)

    def ours() -> None:
        for statement, values in statements:
            raw.connection.execute(statement, values).fetchall()

    name = f"{database}, {size:,} coaches, {where}: a filtered, ranked search"
    taken = ratio(name, ours, partial(raw.search, PLACES[where], ASKED), turns=100, most=2)
    whole, with_online = (_whole(app, each) for each in (criteria, replace(criteria, modes=0)))
    print(f"    the whole of it in our code {whole:.2f} ms; with those online too {with_online:.2f} ms")
    if where == "the metropolis":
        _taken[database, size] = taken


def _asked_of(app: Flask, criteria: Criteria) -> list[tuple[str, Any]]:
    """The statements of a search whose counts are kept and whose cards are not."""
    statements: list[tuple[str, Any]] = []
    with app.app_context(), transaction(write=False) as session:
        queries.search(session, criteria)
        forget()

        def listen(_connection: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
            statements.append((statement, values))

        event.listen(session.get_bind(), "before_cursor_execute", listen)
        assert len(queries.search(session, criteria).hits) == criteria.limit
        event.remove(session.get_bind(), "before_cursor_execute", listen)
    return statements


def _whole(app: Flask, criteria: Criteria) -> float:
    """Milliseconds of a search as a page asks for it."""
    times = []
    for _ in range(30):
        started = time.perf_counter()
        with app.app_context(), transaction(write=False) as session:
            queries.search(session, criteria)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
