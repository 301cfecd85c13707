"""Filling the gazetteer."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, bindparam, delete, insert, select, update
from sqlmodel import Session, SQLModel

from marketplace.places.gazetteer import Gazetteer, read
from marketplace.places.models import Place, PlaceName

Row = tuple[Any, ...]


def import_gazetteer(session: Session, gazetteer: Gazetteer | None = None) -> int:
    """Bring the place tables to what the data sets say; how many places there are.

    Ids are stable and only differences are written, so a second import changes nothing. A place that a
    newer data set lacks stays, since coaches may live there; it only loses its names. Reading takes about
    ten seconds: hand over a gazetteer read beforehand to keep the transaction short.
    """
    gazetteer = gazetteer or read()
    names = ((folded, place_id, weight) for (folded, place_id), weight in gazetteer.names.items())
    _bring_up_to_date(session, _table(Place), gazetteer.places.values())
    _bring_up_to_date(session, _table(PlaceName), names, forget=True)
    session.expire_all()
    return len(gazetteer.places)


def _bring_up_to_date(session: Session, table: Table, rows: Iterable[Row], *, forget: bool = False) -> None:
    """Insert what is new, update what differs, and with `forget` delete what is gone."""
    key_length = len(table.primary_key)
    here = {tuple(row[:key_length]): tuple(row) for row in session.execute(select(table))}
    wanted = {row[:key_length]: tuple(row) for row in rows}
    new = [row for key, row in wanted.items() if key not in here]
    changed = [row for key, row in wanted.items() if key in here and here[key] != row]
    gone = [row for key, row in here.items() if key not in wanted] if forget else []
    connection = session.connection()
    if new:
        connection.execute(insert(table), _parameters(table, new))
    if changed:
        connection.execute(update(table).where(_same_key(table)), _parameters(table, changed, key="key_"))
    if gone:
        connection.execute(delete(table).where(_same_key(table)), _parameters(table, gone, key="key_"))


def _same_key(table: Table) -> ColumnElement[bool]:
    return and_(*(column == bindparam(f"key_{column.name}") for column in table.primary_key))


def _parameters(table: Table, rows: Sequence[Row], *, key: str = "") -> list[dict[str, Any]]:
    """Rows as parameter sets; with `key`, the primary key under prefixed names, for a WHERE clause."""
    keys = {column.name for column in table.primary_key}
    names = [key + column.name if column.name in keys else column.name for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in rows]


def _table(model: type[SQLModel]) -> Table:
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table
