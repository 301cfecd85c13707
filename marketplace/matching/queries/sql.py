"""SQL as text with its values apart. A search is some sixty operations on columns: composed as objects, they would take
longer to put together than the database takes to answer; as text, a search of the same shape is prepared once.

Only names of our own and placeholders are written into the text; every value is a parameter.
"""

from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlmodel import Session


class Values:
    """The values of one statement: calling it with one gives its placeholder."""

    def __init__(self, session: Session) -> None:
        self.by_name: dict[str, Any] = {}
        self._session = session

    def __call__(self, value: Any) -> str:
        name = f"v{len(self.by_name)}"
        self.by_name[name] = stored_id(self._session, value) if isinstance(value, UUID) else value
        return f":{name}"

    def greater(self, a: str, b: str) -> str:
        """The greater of two expressions, which each database calls by a name of its own."""
        return f"{'max' if _is_sqlite(self._session) else 'greatest'}({a}, {b})"


def rows(session: Session, statement: str, values: Values) -> list[Any]:
    """What a statement answers, as plain rows; ids as the database keeps them."""
    return list(session.connection().execute(_prepared(statement), values.by_name))


def stored_id(session: Session, value: UUID) -> Any:
    """An id as the database keeps it."""
    return value.hex if _is_sqlite(session) else value


def as_id(value: Any) -> UUID:
    """The id that a row has, as text or as it is."""
    return value if isinstance(value, UUID) else UUID(value)


def _is_sqlite(session: Session) -> bool:
    return session.get_bind().dialect.name == "sqlite"


@lru_cache(maxsize=1024)
def _prepared(statement: str) -> TextClause:
    return text(statement)
