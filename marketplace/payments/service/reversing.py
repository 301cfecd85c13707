"""Taking back from a coach what she was sent too much: pending row, Stripe, result and entry, as for refunds."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, log
from marketplace.db import locked, transaction
from marketplace.errors import NotFound
from marketplace.jobs import enqueue, publish
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Refused, Sent
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment, Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.recovery import Taken, plan
from marketplace.payments.service import books
from marketplace.payments.states import ReversalStatus

KEYS_LAST = timedelta(hours=23)


def match(session: Session, transfer: Transfer, due: int) -> None:
    """Reverse as much of a sent transfer, which is locked, as she was sent more than is `due` to her.

    What was written off stays so.
    """
    known = [row for row in queries.reversals(session, transfer.id) if row.status != ReversalStatus.CANCELLED]
    planned = plan(transfer.amount, due, [Taken(row.amount, _is_certain(row)) for row in known])
    for position in planned.called_off:
        known[position].make(session, "cancel", by="system")
    if planned.more:
        row = Reversal(transfer_id=transfer.id, amount=planned.more, created_at=clock.now())
        session.add(row)
        session.flush()
        _ask_to_send(session, row)


def send_reversal(reversal_id: UUID) -> None:
    """Send a pending reversal; nothing to do for any other. Its own transactions.

    Raises Unclear when nobody knows whether Stripe did it: the row stays pending and is sent again under its key.
    """
    now = clock.now()
    with transaction() as session:
        row = _locked(session, reversal_id)
        transfer_id = session.get_one(Transfer, row.transfer_id).stripe_transfer_id
        if row.status != ReversalStatus.PENDING or transfer_id is None:
            return
        first_called = row.called_at
        row.called_at = first_called or now
    try:
        done = _already_at_stripe(transfer_id, row) if first_called and now - first_called > KEYS_LAST else None
        done = done or stripe().reverse(transfer_id, row.amount, row_id=str(row.id), key=row.call_key)
    except Refused as problem:
        _note_refusal(reversal_id, row.attempt, problem)
        return
    _note_sent(reversal_id, row.attempt, done)


def retry_reversal(session: Session, reversal_id: UUID, *, by: str) -> Reversal:
    """Try a failed reversal again, as a new attempt. Conflict `move-impossible` unless it failed."""
    row = _locked(session, reversal_id)
    row.make(session, "retry", by=by)
    row.attempt, row.called_at, row.failure = row.attempt + 1, None, None
    session.flush()
    _ask_to_send(session, row)
    return row


def write_off(session: Session, reversal_id: UUID, *, by: str) -> Reversal:
    """Bear what the coach can't give back: it is a loss of ours. Conflict `move-impossible` unless it failed."""
    row = _locked(session, reversal_id)
    row.make(session, "write-off", by=by)
    transfer = session.get_one(Transfer, row.transfer_id)
    currency = session.get_one(Payment, transfer.payment_id).currency
    books.write(session, ledger.written_off(row.id, transfer.coach_id, row.amount), currency)
    return row


def _is_certain(row: Reversal) -> bool:
    if row.status == ReversalStatus.PENDING:
        return row.called_at is not None
    return row.status != ReversalStatus.FAILED


def _already_at_stripe(transfer_id: str, row: Reversal) -> Sent | None:
    return next((sent for sent in stripe().list_reversals(transfer_id) if sent.row_id == str(row.id)), None)


def _note_sent(reversal_id: UUID, attempt: int, done: Sent) -> None:
    with transaction() as session:
        row = _locked(session, reversal_id)
        if row.status != ReversalStatus.PENDING or row.attempt != attempt:
            return
        row.make(session, "send", by="system")
        row.stripe_reversal_id, row.sent_at = done.id, clock.now()
        transfer = session.get_one(Transfer, row.transfer_id)
        currency = session.get_one(Payment, transfer.payment_id).currency
        entry = ledger.taken_back(row.id, transfer.coach_id, row.amount)
        books.write(session, entry, currency, at_stripe=done.id)


def _note_refusal(reversal_id: UUID, attempt: int, problem: Refused) -> None:
    log.error("reversal refused", reversal=str(reversal_id), code=problem.code, request_id=problem.request_id)
    with transaction() as session:
        row = _locked(session, reversal_id)
        if row.status == ReversalStatus.PENDING and row.attempt == attempt:
            row.make(session, "refuse", by="stripe", reason=str(problem))
            row.failure = problem.code or str(problem)
            publish(session, "reversal.failed", reversal_id=row.id)


def _ask_to_send(session: Session, row: Reversal) -> None:
    enqueue(session, "payments.send_reversal", key=row.call_key, reversal_id=row.id)


def _locked(session: Session, reversal_id: UUID) -> Reversal:
    row: Reversal | None = locked(session, select(Reversal).where(col(Reversal.id) == reversal_id))
    if row is None:
        raise NotFound("reversal")
    return row
