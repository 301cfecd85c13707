"""Towns of sample coaches for the benchmarks: rows of the search tables alone, by the million, kept in var/bench.

Twenty thousand of them (or a fifth) stand in one metropolis; the others around two thousand smaller places.
"""

import json
import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from math import ceil
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from flask import Flask

from marketplace import clock, create_app
from marketplace.db import db
from marketplace.matching.masks import ISSUES, ONLINE
from marketplace.matching.models import CoachSearch, CoachTopic
from marketplace.matching.score import Candidate, standing
from marketplace.matching.stored import LISTED, MAIN, PROVEN, strength
from marketplace.migrating import alembic
from marketplace.places.geo import cell, on_sphere
from tests.conftest import _renamed, _sql, test_settings

FOLDER = Path(__file__).resolve().parents[2] / "var" / "bench"
METROPOLIS = (43.70, -79.42)
MOST_IN_METROPOLIS = 20_000
TOWN = (45.41, -75.70)
PLACES = 2_000
IN_TOWN = 300
AT_ONCE = 20_000
COLUMNS = tuple(CoachSearch.__table__.columns.keys())  # type: ignore[attr-defined]
TOPIC_COLUMNS = tuple(CoachTopic.__table__.columns.keys())  # type: ignore[attr-defined]
Row = tuple[Any, ...]


def sqlite_town(count: int) -> Flask:
    """An app on a SQLite file with `count` coaches; made once."""
    folder = FOLDER / f"sqlite-{count}-{_made_of()}"
    app = create_app(test_settings(folder))
    done = folder / "done"
    if not done.exists():
        with app.app_context():
            alembic().upgrade()
            db.engine.dispose()
        with sqlite3.connect(folder / "runsight.sqlite3", isolation_level=None) as connection:
            connection.execute("PRAGMA foreign_keys=OFF")
            _fill(lambda table, columns, rows: _insert(connection, table, columns, rows), count, as_text=True)
            connection.execute("ANALYZE")
        done.touch()
    return app


def file_of(app: Flask) -> Path:
    """The database file of a SQLite town."""
    settings = app.extensions["settings"]
    return Path(settings.data_dir) / "runsight.sqlite3"


def postgres_town(count: int, server: str, data_dir: Path) -> Flask:
    """An app on a PostgreSQL database with `count` coaches."""
    name = f"town_{count}"
    _sql(server, f"create database {name}")
    url = _renamed(server, name)
    app = create_app(test_settings(data_dir, database_url=url))
    with app.app_context():
        alembic().upgrade()
        db.engine.dispose()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for table in ("coach_topic", "coach_word", "coach_search"):
            for (constraint,) in connection.execute(
                f"select conname from pg_constraint where contype = 'f' and conrelid = '{table}'::regclass"  # noqa: S608
            ).fetchall():
                connection.execute(f"alter table {table} drop constraint {constraint}")
        _fill(lambda table, columns, rows: _copy(connection, table, columns, rows), count, as_text=False)
        connection.execute("vacuum analyze")
    return app


def _fill(write: Any, count: int, *, as_text: bool) -> None:
    rows = _rows(count, clock.now())
    while some := list(islice(rows, AT_ONCE)):
        coaches = [tuple(row[name] for name in COLUMNS) for row in some]
        topics = [tuple(topic[name] for name in TOPIC_COLUMNS) for row in some for topic in _topics(row)]
        if as_text:
            coaches, topics = ([_as_text(row) for row in each] for each in (coaches, topics))
        write("coach_search", COLUMNS, coaches)
        write("coach_topic", TOPIC_COLUMNS, topics)


def _insert(connection: sqlite3.Connection, table: str, columns: Row, rows: list[Row]) -> None:
    connection.execute("BEGIN")
    marks = ", ".join("?" * len(columns))
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)  # noqa: S608
    connection.execute("COMMIT")


def _copy(connection: Any, table: str, columns: Row, rows: list[Row]) -> None:
    with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


def _as_text(row: Row) -> Row:
    return tuple(
        each.hex if isinstance(each, UUID) else str(each) if isinstance(each, datetime) else each for each in row
    )


def _rows(count: int, now: datetime) -> Iterator[dict[str, Any]]:
    chance = Random(7)
    towns = [(chance.uniform(26, 58), chance.uniform(-124, -61)) for _ in range(PLACES)]
    crowd = min(MOST_IN_METROPOLIS, count // 5)
    for number in range(count):
        town = TOWN if number < crowd + IN_TOWN else chance.choice(towns)
        at = METROPOLIS if number < crowd else town
        yield _row(number, (at[0] + chance.gauss(0, 0.1), at[1] + chance.gauss(0, 0.13)), chance, now)


def _row(number: int, point: tuple[float, float], chance: Random, now: datetime) -> dict[str, Any]:
    latitude, longitude = round(point[0], 2), round(point[1], 2)
    x, y, z = on_sphere(latitude, longitude)
    fixes = chance.sample(range(len(ISSUES)), chance.choice((2, 3, 4, 5)))
    levels = {
        issue: (MAIN if place < 2 else LISTED) + PROVEN * (chance.random() < 0.2) for place, issue in enumerate(fixes)
    }
    modes, price = chance.choice((1, 2, 3)), chance.randrange(4000, 20000, 500)
    stars = chance.choice((0, 0, 1, 4, 12))
    known = Candidate(
        availability=round(chance.random(), 2), rating_sum=stars * 4 + chance.randrange(stars + 1), rating_count=stars
    )
    opens = int(now.timestamp()) // 1800 * 1800 + chance.randrange(20, 800) * 1800
    coach_id = UUID(int=chance.getrandbits(128))
    return {
        "coach_id": coach_id,
        "cell": cell(latitude, longitude),
        "latitude": latitude,
        "longitude": longitude,
        "x": x,
        "y": y,
        "z": z,
        "country": "CA",
        "zone": -300,
        "issues": sum(1 << issue for issue in fixes),
        "main_issues": sum(1 << issue for issue in fixes[:2]),
        "strength": strength(levels),
        "goals": chance.getrandbits(7),
        "languages": chance.choice((1, 1, 1, 2, 3)),
        "modes": modes,
        "traits": chance.getrandbits(2) | chance.choice((4, 8)),
        "price": price,
        "price_online": price if modes & ONLINE else None,
        "price_in_person": price if modes & 2 else None,
        "currency": "CAD",
        "newcomer": round(chance.random(), 2),
        "availability": known.availability,
        "standing": standing(known),
        "reply_hours": None,
        "rating_sum": known.rating_sum,
        "rating_count": known.rating_count,
        "next_opening_at": opens,
        "turnaround_hours": 48 if modes & ONLINE else None,
        "card": _card(number, modes, price, opens, coach_id),
        "version": number,
        "listed_at": int(now.timestamp()),
        "stale_at": int((now + timedelta(days=3650)).timestamp()),
    }


def _card(number: int, modes: int, price: int, opens: int, coach_id: UUID) -> str:
    starts = [[opens + step * 86400, opens + step * 86400 - 43200] for step in range(8)]
    kind = "in-person" if modes & 2 else "video-call"
    offer = {"id": str(coach_id), "kind": kind, "price": price, "minutes": 45, "hours": None, "starts": starts}
    words = {"slug": f"coach-{number}", "name": f"Sage Strider {number}", "headline": "Form first, then faster"}
    place = {"avatar": f"coach-{number}", "place": "Ottawa", "region": "ON", "done": {}}
    return json.dumps(words | place | {"offers": [offer]})


def _topics(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    own = {"online": bool(row["modes"] & ONLINE)} | {name: row[name] for name in ("standing", "coach_id", "languages")}
    yield own | {"topic": 0}
    for issue in range(len(ISSUES)):
        if row["issues"] >> issue & 1:
            yield own | {"topic": issue + 1}


def _made_of() -> str:
    """Another name whenever tables or sample rows are made another way."""
    files = [*(FOLDER.parents[1] / "migrations").glob("*.py"), Path(__file__)]
    return f"{ceil(max(file.stat().st_mtime for file in files))}"
