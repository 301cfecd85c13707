"""What was bought is done: held money becomes the coach's and ours, and a day later her share is sent."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.db import transaction
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Sent, Share
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment, PayoutAccount, Transfer
from marketplace.payments.service import books, reversing, sending
from marketplace.payments.states import TransferStatus

COOLING = timedelta(hours=24)
"""Between the end of what was sold and the coach's pay: time for a complaint, or a second thought."""


def complete(session: Session, order_id: UUID, reference_id: UUID, *, kept: int = 100) -> None:
    """Make what is held for a thing bought the coach's, less our share. A second time does nothing.

    `kept`: the per cent of the price that do not go back; of what costs nothing they say how much of `added` is hers.
    """
    payment = queries.locked_payment(session, order_id=order_id)
    if queries.has_entry(session, ledger.earned_source(reference_id)):
        return
    amount = queries.held_now(session, reference_id)
    fee = ledger.fee_of(amount, whole=payment.amount, fee=payment.fee)
    added = ledger.added_to(amount, whole=payment.amount, added=payment.added, kept=kept)
    books.write(session, ledger.earned(reference_id, payment.coach_id, amount, fee, added), payment.currency)


def release(session: Session, order_id: UUID, *, reference_id: UUID, due_at: datetime) -> Transfer | None:
    """Put down that the coach's share is to be sent at `due_at`; None when she has none.

    Once for each thing sold; what waits already is sent at the earlier of the two times.
    """
    payment = queries.locked_payment(session, order_id=order_id)
    known = queries.transfer_for(session, reference_id)
    if known is not None:
        known.due_at = min(known.due_at, due_at)
        return known
    share = queries.due_to_coach(session, payment.coach_id, reference_id)
    if share <= 0:
        return None
    row = Transfer(
        payment_id=payment.id,
        coach_id=payment.coach_id,
        reference_id=reference_id,
        amount=share,
        due_at=due_at,
        created_at=clock.now(),
    )
    session.add(row)
    row.make(session, "decide", by="system", reason="earned")
    session.flush()
    return row


def match(session: Session, reference_id: UUID) -> None:
    """Make what the coach is sent equal to what is due to her, after some of it went back to the runner.

    What was sent too much is reversed. Nothing is done while her share may have been sent: nobody knows until Stripe
    answers, and then this is asked again.
    """
    row = queries.transfer_for(session, reference_id)
    if row is None:
        return
    _take_added_back(session, row)
    if row.status == TransferStatus.PENDING and row.called_at:
        return
    due = queries.due_to_coach(session, row.coach_id, reference_id)
    if row.status == TransferStatus.SENT:
        reversing.match(session, row, due)
    elif due <= 0 and row.status != TransferStatus.CANCELLED:
        row.make(session, "cancel", by="system", reason="refunded")
    elif due > 0 and row.amount != due:
        _adjust(session, row, due)
    session.flush()


def _take_added_back(session: Session, row: Transfer) -> None:
    """What we had added to her share of what the runner has back is ours again, and hers if a refund is called off."""
    payment = session.get_one(Payment, row.payment_id)
    if not payment.added:
        return
    gone = queries.earned_part_refunded(session, row.reference_id)
    due_back = ledger.fee_of(gone, whole=payment.amount, fee=payment.added)
    more = due_back - queries.added_back(session, row.coach_id, row.reference_id)
    if more:
        name = f"{row.reference_id}:{queries.count_added_back(session, row.reference_id) + 1}"
        books.write(session, ledger.added_back(name, row.coach_id, more), payment.currency)


def stop(session: Session, reference_id: UUID, *, by: str, reason: str) -> None:
    """Keep the coach's share back until `let_go`; nothing to keep once it was sent."""
    row = queries.transfer_for(session, reference_id)
    if row is not None and row.status == TransferStatus.FAILED:
        row = retry_transfer(session, row.id, by=by)
    if row is not None and row.status == TransferStatus.PENDING and row.stopped_at is None:
        row.make(session, "stop", by=by, reason=reason)
        row.stopped_at = clock.now()


def let_go(session: Session, reference_id: UUID, *, by: str) -> None:
    """Let the coach's share go again that was kept back; it is sent when it is due."""
    row = queries.transfer_for(session, reference_id)
    if row is None or row.stopped_at is None:
        return
    row.stopped_at = None
    if row.status == TransferStatus.PENDING:
        row.make(session, "let-go", by=by)


def send_transfer(transfer_id: UUID) -> None:
    """Send a share whose time has come; nothing to do for any other. Its own transactions.

    Raises Unclear as `sending.send`.
    """
    now = clock.now()
    with transaction() as session:
        payment = queries.locked_payment(session, payment_id=session.get_one(Transfer, transfer_id).payment_id)
        row = sending.locked_row(session, Transfer, transfer_id)
        account = session.get(PayoutAccount, row.coach_id)
        if row.status != TransferStatus.PENDING or row.due_at > now or payment.disputed_at or row.stopped_at:
            return
        if account is None or account.stripe_account_id is None or not (payment.charge_id or payment.added):
            return
        sending.note_call(row)
        share = Share(
            account_id=account.stripe_account_id,
            amount=row.amount,
            currency=payment.currency,
            charge_id=None if payment.added else payment.charge_id,  # more than the charge is no part of it
            order_id=str(payment.order_id),
            row_id=str(row.id),
        )
    sending.send(
        row,
        ask=lambda: stripe().transfer(share, key=row.call_key),
        look=lambda: stripe().list_transfers(share.order_id),
        sent=_note_sent,
        refused=lambda session, row: match(session, row.reference_id),
    )


def take_over_transfer(seen: Sent) -> None:
    """Take in a transfer as Stripe has just described it, whose answer was lost. Its own transaction.

    A share that is stopped or disputed meanwhile is not sent again to hear of it.
    """
    with transaction() as session:
        found = queries.transfer_named(session, seen.row_id)
        if found is None:
            return
        queries.locked_payment(session, payment_id=found.payment_id)
        row = sending.locked_row(session, Transfer, found.id)
        if row.status == TransferStatus.PENDING and row.called_at:
            _note_sent(session, row, seen)


def retry_transfer(session: Session, transfer_id: UUID, *, by: str) -> Transfer:
    """Try a failed transfer again, as a new attempt. Conflict `move-impossible` unless it failed."""
    row = sending.locked_row(session, Transfer, transfer_id)
    row.begin_anew(session, by=by)
    return row


def _adjust(session: Session, row: Transfer, due: int) -> None:
    """A share that Stripe refused, or that was cancelled, becomes a new attempt, of what is due."""
    if row.status == TransferStatus.FAILED:
        row.begin_anew(session, by="system")
    elif row.status == TransferStatus.CANCELLED:
        row.begin_anew(session, by="system", move="renew")
    row.make(session, "adjust", by="system", reason=f"{row.amount} -> {due}")
    row.amount = due


def _note_sent(session: Session, row: Transfer, done: Sent) -> None:
    row.note_sent(session)
    row.stripe_transfer_id = done.id
    currency = session.get_one(Payment, row.payment_id).currency
    books.write(session, ledger.transferred(row.id, row.coach_id, row.amount), currency, at_stripe=done.id)
    session.flush()
    match(session, row.reference_id)
