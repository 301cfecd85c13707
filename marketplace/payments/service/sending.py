"""The way of all money that goes out: pending row, Stripe under the key of this attempt, result; never twice."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, log
from marketplace.db import locked, transaction
from marketplace.errors import NotFound
from marketplace.payments.answers import OVER, Refused, Sent
from marketplace.payments.models_out import Outgoing

KEYS_LAST = timedelta(hours=23)
"""Stripe forgets a key after a day; from then on it is asked what it did before it is asked to do it."""
PENDING = "pending"
Row = TypeVar("Row", bound=Outgoing)


def locked_row(session: Session, kind: type[Row], row_id: UUID) -> Row:
    """A row as it stands, locked to the end of the transaction. NotFound, named as its table."""
    row: Row | None = locked(session, select(kind).where(col(kind.id) == row_id))
    if row is None:
        raise NotFound(str(kind.__tablename__))
    return row


def note_call(row: Outgoing) -> None:
    """Stripe is about to be asked, for the first time in this attempt or once more."""
    row.called_at = row.called_at or clock.now()


def send(
    row: Row,
    *,
    ask: Callable[[], Sent],
    look: Callable[[], Iterable[Sent]],
    sent: Callable[[Session, Row, Sent], None],
    refused: Callable[[Session, Row], None],
) -> None:
    """Have Stripe do what a row says whose call is noted and committed. Its own transaction.

    `ask` asks it, `look` what it has done of the kind; `sent` takes in what it did, `refused` what a refusal leads to.
    Raises Unclear when nobody knows whether it was done: the row stays pending and is sent again under its key.
    """
    attempt = row.attempt  # as it was asked: the row itself is read anew
    try:
        done = _among(look(), row) if _key_may_be_forgotten(row) else None
        done = done or ask()
    except Refused as problem:
        kind = str(row.__tablename__)
        log.error(f"{kind} refused", id=str(row.id), code=problem.code, request_id=problem.request_id)
        with transaction() as session:
            if (mine := _still_asked(session, row, attempt)) is not None:
                mine.refuse(session, problem)
                session.flush()
                refused(session, mine)
        return
    with transaction() as session:
        if (mine := _still_asked(session, row, attempt)) is not None:
            sent(session, mine, done)


def _key_may_be_forgotten(row: Outgoing) -> bool:
    return row.called_at is not None and clock.now() - row.called_at > KEYS_LAST


def _among(done: Iterable[Sent], row: Outgoing) -> Sent | None:
    return next((each for each in done if each.row_id == str(row.id) and each.status not in OVER), None)


def _still_asked(session: Session, row: Row, attempt: int) -> Row | None:
    """The row, unless somebody else has heard the answer to this attempt in the meantime."""
    mine = locked_row(session, type(row), row.id)
    return mine if mine.status == PENDING and mine.attempt == attempt else None
