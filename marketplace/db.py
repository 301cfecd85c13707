"""The database: engine, session, transactions, column types.

SQLite runs in WAL with foreign keys on; a write transaction begins IMMEDIATE, and writers of all processes queue on
one lock file first. PostgreSQL needs none of that. `commit()` is written here and nowhere else.
"""

import fcntl
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

import sqlalchemy
from flask import Flask, current_app, g
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Executable,
    String,
    TypeDecorator,
    event,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

SQLModel.model_config["defer_build"] = True  # rows are not validated: nothing is built for it
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Database:
    """The database of the current app."""

    @property
    def engine(self) -> Engine:
        """What connections come from."""
        found: Engine = current_app.extensions["engine"]
        return found


db = Database()


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored as UTC. A naive datetime is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class EpochSeconds(TypeDecorator[datetime]):
    """An aware instant, stored as whole seconds since 1970: compared and reckoned with as an integer."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant must be aware")
        return None if value is None else int(value.timestamp())

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else datetime.fromtimestamp(value, UTC)


class TextEnum(TypeDecorator[Any]):
    """A StrEnum stored as its text."""

    impl = String
    cache_ok = True

    def __init__(self, enum: type[StrEnum]) -> None:
        self.enum = enum
        super().__init__(max(len(value) for value in enum))

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        return None if value is None else self.enum(value)


def one_of(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """The CHECK that holds a text_enum column to its values; goes into __table_args__."""
    return CheckConstraint(f"{column} in ({', '.join(repr(value.value) for value in enum)})", name=f"{column}_known")


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562): ids sort by the time they were made, to a 4096th of a millisecond (its method 3)."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    parts = (milliseconds << 16) | (0x7 << 12) | (rest * 4096 // 1_000_000)
    return UUID(int=(parts << 64) | (0x2 << 62) | secrets.randbits(62))


SMALL_CACHE = "cache_size=-500"  # kB in each thread's connection: what is read often, the system keeps once for all


def made_at(value: UUID) -> datetime:
    """The instant at which `new_id` gave an id."""
    return datetime.fromtimestamp((value.int >> 80) / 1000, UTC)


def register(app: Flask, url: str) -> None:
    """Give the app its engine, and each of its contexts a session that ends with it."""
    is_sqlite = url.startswith("sqlite")
    options: dict[str, Any] = {"pool_size": 5, "max_overflow": 10, "pool_pre_ping": True}
    engine = sqlalchemy.create_engine(url, **({"connect_args": {"timeout": 30}} if is_sqlite else options))
    if is_sqlite:
        prepare_sqlite(engine)
    app.extensions["engine"] = engine
    app.teardown_appcontext(_end_session)


def prepare_sqlite(engine: Engine) -> None:
    """Hand the transactions of this engine to us: no implicit BEGIN of the driver, WAL, foreign keys."""

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000", SMALL_CACHE):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        write = connection.get_execution_options().get("write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def transaction(*, write: bool = True) -> Iterator[Session]:
    """One transaction of the current app context's session: commits on leaving, rolls back when anything is raised."""
    session = current_session()
    if session.in_transaction():
        raise RuntimeError("a transaction inside a transaction")
    with _turn_to_write(session) if write else nullcontext():
        try:
            if write:
                session.connection(execution_options={"write": True})
            else:
                session.begin()
            yield session
            if write:
                session.commit()
        finally:
            if write:
                session.rollback()
            else:
                session.close()


def current_session() -> Session:
    """The session of this app context."""
    if "db_session" not in g:
        g.db_session = Session(db.engine, expire_on_commit=False)
    session: Session = g.db_session
    return session


def _end_session(_error: BaseException | None) -> None:
    if session := g.pop("db_session", None):
        session.close()


def insert(session: Session, table: type[SQLModel]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT, which each database has as its own."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def insert_many(session: Session, table: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> None:
    """Rows by the thousand, as columns: no entities are made of them."""
    if rows:
        session.connection().execute(sqlalchemy.insert(cast(Any, table).__table__), list(rows))


def locked(session: Session, statement: Executable) -> Any:
    """The one row of `statement` or None, locked to the end of the transaction, read afresh even if loaded before.

    Rows that only point at it can be added meanwhile: its key is not going to change.
    """
    statement = cast(Any, statement).with_for_update(key_share=True)
    return session.execute(statement, execution_options={"populate_existing": True}).unique().scalar_one_or_none()


@contextmanager
def _turn_to_write(session: Session) -> Iterator[None]:
    """On SQLite, wait for this process's turn on the lock file: fair and quick, where SQLite's own waiting polls."""
    engine = session.get_bind().engine
    path = engine.url.database
    if engine.dialect.name != "sqlite" or not path or path == ":memory:":
        yield
        return
    with open(f"{path}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
