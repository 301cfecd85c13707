"""Taking back from a coach what she was sent too much: pending row, Stripe, result and entry, as for refunds."""

from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.db import transaction
from marketplace.jobs import enqueue, publish
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Sent
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment, Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.recovery import Taken, plan
from marketplace.payments.service import books, sending
from marketplace.payments.states import ReversalStatus


def match(session: Session, transfer: Transfer, due: int) -> None:
    """Reverse as much of a sent transfer, which is locked, as she was sent more than is `due` to her.

    What was written off stays so.
    """
    rows = queries.locked_reversals(session, transfer.id)  # what may be called off now, is not sent meanwhile
    known = [row for row in rows if row.status != ReversalStatus.CANCELLED]
    planned = plan(transfer.amount, due, [Taken(row.amount, _is_certain(row)) for row in known])
    for position in planned.called_off:
        known[position].make(session, "cancel", by="system")
    if planned.more:
        row = decide(session, transfer, planned.more, by="system", reason="refunded")
        _ask_to_send(session, row)


def decide(session: Session, transfer: Transfer, amount: int, *, by: str, reason: str) -> Reversal:
    """Put down that so much of a transfer is taken back, or was."""
    row = Reversal(transfer_id=transfer.id, amount=amount, created_at=clock.now())
    session.add(row)
    row.make(session, "decide", by=by, reason=reason)
    session.flush()
    return row


def send_reversal(reversal_id: UUID) -> None:
    """Send a pending reversal; nothing to do for any other. Its own transactions.

    Raises Unclear as `sending.send`.
    """
    with transaction() as session:
        row = sending.locked_row(session, Reversal, reversal_id)
        transfer_id = session.get_one(Transfer, row.transfer_id).stripe_transfer_id
        if row.status != ReversalStatus.PENDING or transfer_id is None:
            return
        sending.note_call(row)
    sending.send(
        row,
        ask=lambda: stripe().reverse(transfer_id, row.amount, row_id=str(row.id), key=row.call_key),
        look=lambda: stripe().list_reversals(transfer_id),
        sent=note_sent,
        refused=_refused,
    )


def note_sent(session: Session, row: Reversal, done: Sent) -> None:
    """Stripe has taken back what a reversal says that is locked and pending."""
    row.note_sent(session)
    row.stripe_reversal_id = done.id
    transfer = session.get_one(Transfer, row.transfer_id)
    currency = session.get_one(Payment, transfer.payment_id).currency
    entry = ledger.taken_back(row.id, transfer.coach_id, row.amount)
    books.write(session, entry, currency, at_stripe=done.id)


def retry_reversal(session: Session, reversal_id: UUID, *, by: str) -> Reversal:
    """Try a failed reversal again, as a new attempt. Conflict `move-impossible` unless it failed."""
    row = sending.locked_row(session, Reversal, reversal_id)
    row.begin_anew(session, by=by)
    session.flush()
    _ask_to_send(session, row)
    return row


def write_off(session: Session, reversal_id: UUID, *, by: str) -> Reversal:
    """Bear what the coach can't give back: it is a loss of ours. Conflict `move-impossible` unless it failed."""
    row = sending.locked_row(session, Reversal, reversal_id)
    row.make(session, "write-off", by=by)
    transfer = session.get_one(Transfer, row.transfer_id)
    currency = session.get_one(Payment, transfer.payment_id).currency
    books.write(session, ledger.written_off(row.id, transfer.coach_id, row.amount), currency)
    return row


def _is_certain(row: Reversal) -> bool:
    if row.status == ReversalStatus.PENDING:
        return row.called_at is not None
    return row.status != ReversalStatus.FAILED


def _refused(session: Session, row: Reversal) -> None:
    publish(session, "reversal.failed", reversal_id=row.id)
    # it may have been made on Stripe's own pages
    there = session.get_one(Transfer, row.transfer_id).stripe_transfer_id
    enqueue(session, "payments.look_at_transfer", key=f"look:{row.call_key}", stripe_transfer_id=there)


def _ask_to_send(session: Session, row: Reversal) -> None:
    enqueue(session, "payments.send_reversal", key=row.call_key, reversal_id=row.id)
