"""What was bought is done: held money becomes the coach's and ours, and a day later her share is sent."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, log
from marketplace.db import locked, transaction
from marketplace.errors import NotFound
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Refused, Sent, Share
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment, PayoutAccount, Transfer
from marketplace.payments.service import books, reversing
from marketplace.payments.states import TransferStatus

COOLING = timedelta(hours=24)
"""Between the end of what was sold and the coach's pay: time for a complaint, or a second thought."""

KEYS_LAST = timedelta(hours=23)


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

    Raises Unclear when nobody knows whether Stripe did it: the row stays pending and is sent again under its key.
    """
    now = clock.now()
    with transaction() as session:
        payment = queries.locked_payment(session, payment_id=session.get_one(Transfer, transfer_id).payment_id)
        row = _locked(session, transfer_id)
        account = session.get(PayoutAccount, row.coach_id)
        if row.status != TransferStatus.PENDING or row.due_at > now or payment.disputed_at or row.stopped_at:
            return
        if account is None or account.stripe_account_id is None or not (payment.charge_id or payment.added):
            return
        first_called = row.called_at
        row.called_at = first_called or now
        share = Share(
            account_id=account.stripe_account_id,
            amount=row.amount,
            currency=payment.currency,
            charge_id=None if payment.added else payment.charge_id,  # more than the charge is no part of it
            order_id=str(payment.order_id),
            row_id=str(row.id),
        )
    try:
        done = _already_at_stripe(share) if first_called and now - first_called > KEYS_LAST else None
        done = done or stripe().transfer(share, key=row.call_key)
    except Refused as problem:
        _note_refusal(transfer_id, row.attempt, problem)
        return
    _note_sent(transfer_id, row.attempt, done)


def retry_transfer(session: Session, transfer_id: UUID, *, by: str) -> Transfer:
    """Try a failed transfer again, as a new attempt. Conflict `move-impossible` unless it failed."""
    row = _locked(session, transfer_id)
    row.make(session, "retry", by=by)
    row.attempt, row.called_at, row.failure = row.attempt + 1, None, None
    return row


def _adjust(session: Session, row: Transfer, due: int) -> None:
    """A share that Stripe refused, or that was cancelled, becomes a new attempt, of what is due."""
    if row.status == TransferStatus.FAILED:
        retry_transfer(session, row.id, by="system")
    elif row.status == TransferStatus.CANCELLED:
        row.make(session, "renew", by="system")
        row.attempt, row.called_at = row.attempt + 1, None
    row.make(session, "adjust", by="system", reason=f"{row.amount} -> {due}")
    row.amount = due


def _already_at_stripe(share: Share) -> Sent | None:
    return next((sent for sent in stripe().list_transfers(share.order_id) if sent.row_id == share.row_id), None)


def _note_sent(transfer_id: UUID, attempt: int, done: Sent) -> None:
    with transaction() as session:
        row = _locked(session, transfer_id)
        if row.status != TransferStatus.PENDING or row.attempt != attempt:
            return
        row.make(session, "send", by="system")
        row.stripe_transfer_id, row.sent_at = done.id, clock.now()
        currency = session.get_one(Payment, row.payment_id).currency
        books.write(session, ledger.transferred(row.id, row.coach_id, row.amount), currency, at_stripe=done.id)
        session.flush()
        match(session, row.reference_id)


def _note_refusal(transfer_id: UUID, attempt: int, problem: Refused) -> None:
    log.error("transfer refused", transfer=str(transfer_id), code=problem.code, request_id=problem.request_id)
    with transaction() as session:
        row = _locked(session, transfer_id)
        if row.status == TransferStatus.PENDING and row.attempt == attempt:
            row.make(session, "refuse", by="stripe", reason=str(problem))
            row.failure = problem.code or str(problem)
            session.flush()
            match(session, row.reference_id)


def _locked(session: Session, transfer_id: UUID) -> Transfer:
    row: Transfer | None = locked(session, select(Transfer).where(col(Transfer.id) == transfer_id))
    if row is None:
        raise NotFound("transfer")
    return row
