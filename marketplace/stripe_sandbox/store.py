"""The sandbox's memory: one SQLite file that survives a restart and is written by one thread at a time."""

import json
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

Thing = dict[str, Any]

TABLES = """
CREATE TABLE IF NOT EXISTS things (
  number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS things_of_a_kind ON things (kind, number);
CREATE INDEX IF NOT EXISTS open_sessions ON things (body ->> 'expires_at')
  WHERE kind = 'checkout.session' AND body ->> 'status' = 'open';
CREATE TABLE IF NOT EXISTS answers (
  key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
  request_id TEXT NOT NULL, kept_until INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS letters (
  number INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, due_at REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'due', last_answer TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS letters_due ON letters (state, due_at);
CREATE TABLE IF NOT EXISTS knobs (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS calls (
  number INTEGER PRIMARY KEY AUTOINCREMENT, method TEXT NOT NULL, path TEXT NOT NULL, key TEXT,
  status INTEGER NOT NULL
) STRICT;
"""


class Store:
    """The file. Every use of it is one transaction of one thread."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._turn = threading.RLock()
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL"):  # a killed process loses nothing so
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.executescript(TABLES)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing; others wait."""
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")

    def close(self) -> None:
        """Let go of the file."""
        with self._turn:
            self._connection.close()


def load(connection: sqlite3.Connection, object_id: str) -> Thing | None:
    """The object with this id, of whatever kind."""
    row = connection.execute("SELECT body FROM things WHERE id = ?", (object_id,)).fetchone()
    return json.loads(row["body"]) if row else None


def keep(connection: sqlite3.Connection, object_id: str, kind: str, thing: Thing) -> None:
    """Add the object, or put it in the place of its older self."""
    connection.execute(
        "INSERT INTO things (id, kind, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
        (object_id, kind, json.dumps(thing)),
    )


def all_of(connection: sqlite3.Connection, kind: str, **fields: str) -> list[Thing]:
    """Every object of a kind whose fields equal these, newest first."""
    wanted = [part for field in fields.items() for part in field]
    rows = connection.execute(
        f"SELECT body FROM things WHERE kind = ?{' AND body ->> ? = ?' * len(fields)} ORDER BY number DESC",  # noqa: S608  # nosec B608
        (kind, *wanted),
    )
    return [json.loads(row["body"]) for row in rows]


def open_sessions(connection: sqlite3.Connection, before: int) -> list[Thing]:
    """The open sessions that end by then (seconds); asked at every call, so found by an index of their own."""
    rows = connection.execute(
        "SELECT body FROM things WHERE kind = 'checkout.session' AND body ->> 'status' = 'open'"
        " AND body ->> 'expires_at' <= ?",
        (before,),
    )
    return [json.loads(row["body"]) for row in rows]


def knob(connection: sqlite3.Connection, name: str, default: Any = None) -> Any:
    """The setting of a knob."""
    row = connection.execute("SELECT value FROM knobs WHERE name = ?", (name,)).fetchone()
    return json.loads(row["value"]) if row else default


def turn(connection: sqlite3.Connection, name: str, value: Any) -> None:
    """Set a knob."""
    connection.execute("INSERT OR REPLACE INTO knobs (name, value) VALUES (?, ?)", (name, json.dumps(value)))
