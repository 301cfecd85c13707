"""What was bought is done: held money becomes the coach's and ours, and a day later her share is sent."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, log
from marketplace.db import locked, transaction
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Refused, Sent, Share
from marketplace.payments.gateway import stripe
from marketplace.payments.models import LedgerEntry, LedgerLine, Payment, PayoutAccount, Transfer
from marketplace.payments.service import books
from marketplace.payments.states import TransferStatus

KEYS_LAST = timedelta(hours=23)


def complete(session: Session, order_id: UUID, reference_id: UUID) -> None:
    """Make what is held for a thing bought the coach's, less our share. A second time does nothing."""
    payment = queries.locked_payment(session, order_id=order_id)
    if queries.has_entry(session, f"earned:{reference_id}"):
        return
    amount = queries.held_now(session, reference_id)
    fee = ledger.fee_of(amount, whole=payment.amount, fee=payment.fee)
    books.write(session, ledger.earned(reference_id, payment.coach_id, amount, fee), payment.currency)


def keep(session: Session, order_id: UUID, reference_id: UUID) -> None:
    """The same for what the runner cancelled too late or missed: the coach has earned what was not refunded."""
    complete(session, order_id, reference_id)


def release(session: Session, order_id: UUID, *, reference_id: UUID, due_at: datetime) -> Transfer | None:
    """Put down that the coach's share is to be sent at `due_at`; None when she has none. Once for each thing sold."""
    payment = queries.locked_payment(session, order_id=order_id)
    known = queries.transfer_for(session, reference_id)
    share = _share(session, payment, reference_id)
    if known is not None or share <= 0:
        return known
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


def lower(session: Session, reference_id: UUID, by_amount: int) -> None:
    """Send the coach so much less, unless her share has been sent, or may have been: nobody knows until Stripe answers.

    A share that Stripe refused becomes a new attempt, of what is left.
    """
    row = queries.transfer_for(session, reference_id) if by_amount else None
    if row is not None and row.status == TransferStatus.FAILED:
        row = retry_transfer(session, row.id, by="system")
    if row is None or row.status != TransferStatus.PENDING or row.called_at:
        return
    if row.amount > by_amount:
        row.make(session, "lower", by="system", reason=f"-{by_amount}")
        row.amount -= by_amount
    else:
        row.make(session, "cancel", by="system", reason="refunded")
    session.flush()


def send_transfer(transfer_id: UUID) -> None:
    """Send a share whose time has come; nothing to do for any other. Its own transactions.

    Raises Unclear when nobody knows whether Stripe did it: the row stays pending and is sent again under its key.
    """
    now = clock.now()
    with transaction() as session:
        payment = queries.locked_payment(session, payment_id=session.get_one(Transfer, transfer_id).payment_id)
        row = _locked(session, transfer_id)
        account = session.get(PayoutAccount, row.coach_id)
        if row.status != TransferStatus.PENDING or row.due_at > now or payment.disputed_at:
            return
        if account is None or account.stripe_account_id is None or payment.charge_id is None:
            return
        first_called = row.called_at
        row.called_at = first_called or now
        share = Share(
            account_id=account.stripe_account_id,
            amount=row.amount,
            currency=payment.currency,
            charge_id=payment.charge_id,
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


def _share(session: Session, payment: Payment, reference_id: UUID) -> int:
    """What the coach earned with a thing sold, as the ledger has it."""
    line = (
        select(LedgerLine)
        .join(LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
        .where(
            col(LedgerEntry.source) == f"earned:{reference_id}",
            col(LedgerLine.account) == ledger.coach(payment.coach_id),
        )
    )
    found = session.execute(line).scalar_one_or_none()
    return -found.amount if found else 0


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
        books.write(session, ledger.transferred(row.id, row.coach_id, row.amount), currency)


def _note_refusal(transfer_id: UUID, attempt: int, problem: Refused) -> None:
    log.error("transfer refused", transfer=str(transfer_id), code=problem.code, request_id=problem.request_id)
    with transaction() as session:
        row = _locked(session, transfer_id)
        if row.status == TransferStatus.PENDING and row.attempt == attempt:
            row.make(session, "refuse", by="stripe", reason=str(problem))
            row.failure = problem.code or str(problem)


def _locked(session: Session, transfer_id: UUID) -> Transfer:
    row: Transfer = locked(session, select(Transfer).where(col(Transfer.id) == transfer_id))
    return row
