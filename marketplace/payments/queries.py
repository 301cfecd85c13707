"""Reads of orders, payments and the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from marketplace.db import locked
from marketplace.errors import NotFound
from marketplace.money import Money
from marketplace.payments import ledger
from marketplace.payments.models import (
    LedgerEntry,
    LedgerLine,
    Order,
    OrderLine,
    Payment,
    PayoutAccount,
    Refund,
    Transfer,
)
from marketplace.payments.states import PaymentStatus, RefundStatus, TransferStatus


@dataclass(frozen=True)
class Sums:
    """The money of an order: what was paid, what went or is going back, our share, what the coach was sent."""

    paid: Money
    refunded: Money
    fee: Money
    transferred: Money


def lines(session: Session, order_id: UUID) -> Sequence[OrderLine]:
    """The lines of an order, in the order in which they were written."""
    found = select(OrderLine).where(col(OrderLine.order_id) == order_id).order_by(col(OrderLine.id))
    return session.execute(found).scalars().all()


def order(session: Session, order_id: UUID) -> Order:
    """An order. NotFound `order`."""
    found = session.get(Order, order_id)
    if found is None:
        raise NotFound("order")
    return found


def payment_of(session: Session, order_id: UUID) -> Payment:
    """The payment of an order. NotFound `order`."""
    found: Payment | None = session.execute(
        select(Payment).where(col(Payment.order_id) == order_id)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound("order")
    return found


def locked_payment(session: Session, *, order_id: UUID | None = None, payment_id: UUID | None = None) -> Payment:
    """The payment of an order, or by its own id, locked to the end of the transaction. NotFound `order`."""
    by = col(Payment.id) == payment_id if payment_id else col(Payment.order_id) == order_id
    found: Payment | None = locked(session, select(Payment).where(by))
    if found is None:
        raise NotFound("order")
    return found


def payment_by_session(session: Session, checkout_session_id: str) -> UUID | None:
    """The payment that remembers this Checkout Session."""
    by = col(Payment.checkout_session_id) == checkout_session_id
    return session.execute(select(col(Payment.id)).where(by)).scalar_one_or_none()


def payment_by_charge(session: Session, charge_id: str) -> Payment | None:
    """The payment that a charge paid."""
    return session.execute(select(Payment).where(col(Payment.charge_id) == charge_id)).scalar_one_or_none()


def refund_by_key(session: Session, key: str) -> Refund | None:
    """The refund made for this reason, if any."""
    return session.execute(select(Refund).where(col(Refund.key) == key)).scalar_one_or_none()


def refund_by_stripe(session: Session, stripe_refund_id: str) -> UUID | None:
    """Our refund with this id of Stripe's."""
    by = col(Refund.stripe_refund_id) == stripe_refund_id
    return session.execute(select(col(Refund.id)).where(by)).scalar_one_or_none()


def refunds(session: Session, payment_id: UUID) -> Sequence[Refund]:
    """All refunds of a payment, oldest first."""
    found = select(Refund).where(col(Refund.payment_id) == payment_id).order_by(col(Refund.id))
    return session.execute(found).scalars().all()


def transfer_for(session: Session, reference_id: UUID) -> Transfer | None:
    """The transfer of a coach's share in one thing sold, locked."""
    found: Transfer | None = locked(session, select(Transfer).where(col(Transfer.reference_id) == reference_id))
    return found


def payout_account(session: Session, coach_id: UUID) -> PayoutAccount | None:
    """A coach's connected account."""
    return session.get(PayoutAccount, coach_id)


def money_of(session: Session, order_id: UUID) -> Sums:
    """The money of an order; refunds count from the moment they were decided."""
    payment = payment_of(session, order_id)
    back = sum(refund.amount for refund in refunds(session, payment.id))
    sent = select(func.coalesce(func.sum(col(Transfer.amount)), 0)).where(
        col(Transfer.payment_id) == payment.id, col(Transfer.status) == TransferStatus.SENT
    )
    transferred = session.execute(sent).scalar_one()
    amounts = (payment.charged, back, payment.fee, transferred)
    return Sums(*(Money(amount, payment.currency) for amount in amounts))


def refunded_for(session: Session, reference_id: UUID) -> int:
    """How much goes or went back for one thing bought, in minor units; from the moment it was decided."""
    back = select(func.coalesce(func.sum(col(Refund.amount)), 0)).where(col(Refund.reference_id) == reference_id)
    return int(session.execute(back).scalar_one())


def balance(session: Session, account: str) -> int:
    """The sum of an account's lines; see ledger.py for the signs."""
    total = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0)).where(col(LedgerLine.account) == account)
    return int(session.execute(total).scalar_one())


def held_now(session: Session, reference_id: UUID) -> int:
    """What is held for a thing bought and not promised to go back."""
    promised = select(func.coalesce(func.sum(col(Refund.from_held)), 0)).where(
        col(Refund.reference_id) == reference_id, col(Refund.status) != RefundStatus.SENT
    )
    return -balance(session, ledger.held(reference_id)) - int(session.execute(promised).scalar_one())


def spent_on(session: Session, reference_id: UUID) -> int:
    """What a visit of a package paid for a thing bought, in minor units."""
    return sum(-amount for account, amount in _entry_lines(session, ledger.spent_source(reference_id)) if amount < 0)


def kept_of(session: Session, order_id: UUID) -> dict[str, int]:
    """What is kept of an order's money and promised to nobody else, by account: its credits, then what is held."""
    bought = lines(session, order_id)
    credits = [ledger.credits(line.reference_id) for line in bought if line.kind == "package"]
    held = {line.reference_id for line in bought} | {what for each in credits for what in _paid_with(session, each)}
    kept = {account: -balance(session, account) for account in credits}
    return kept | {ledger.held(what): max(0, held_now(session, what)) for what in sorted(held)}


def _paid_with(session: Session, credits: str) -> list[UUID]:
    """What was bought with the visits of a package."""
    sources = select(col(LedgerEntry.source)).join(LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
    spent = sources.where(col(LedgerLine.account) == credits, col(LedgerEntry.source).startswith("credit-used:"))
    return [UUID(source.partition(":")[2]) for (source,) in session.execute(spent)]


def _entry_lines(session: Session, source: str) -> list[tuple[str, int]]:
    found = select(col(LedgerLine.account), col(LedgerLine.amount))
    found = found.join(LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
    return [(row[0], row[1]) for row in session.execute(found.where(col(LedgerEntry.source) == source))]


def has_entry(session: Session, source: str) -> bool:
    """Whether this was written into the ledger."""
    return session.execute(select(col(LedgerEntry.id)).where(col(LedgerEntry.source) == source)).first() is not None


def charge_currency(session: Session, charge_id: str) -> str:
    """In which currency a charge came: not the payment's, where that was rejected for it."""
    entry = select(col(LedgerEntry.currency)).where(col(LedgerEntry.source) == ledger.charge_source(charge_id))
    return str(session.execute(entry).scalar_one())


def stale_payments(session: Session, *, now: datetime, looked_before: datetime, limit: int) -> Sequence[Payment]:
    """Pending payments that are over, or whose session nobody has looked at since `looked_before`."""
    unseen = or_(col(Payment.swept_at).is_(None), col(Payment.swept_at) < looked_before)
    waiting = col(Payment.called_at).is_not(None) & (col(Payment.called_at) < looked_before)
    found = (
        select(Payment)
        .where(col(Payment.status) == PaymentStatus.PENDING, unseen, or_(waiting, col(Payment.expires_at) < now))
        .order_by(col(Payment.expires_at))
        .limit(limit)
    )
    return session.execute(found).scalars().all()


def refunds_in(session: Session, status: RefundStatus, *, called_before: datetime, limit: int) -> Sequence[UUID]:
    """Refunds in a status that were decided, and last tried, before then."""
    quiet = or_(col(Refund.called_at).is_(None), col(Refund.called_at) < called_before)
    found = select(col(Refund.id)).where(col(Refund.status) == status, col(Refund.created_at) < called_before, quiet)
    return session.execute(found.order_by(col(Refund.created_at)).limit(limit)).scalars().all()


def transfers_due(session: Session, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Transfers whose time has come, of coaches who can be paid and payments that nobody disputes."""
    found = (
        select(col(Transfer.id))
        .join(Payment, col(Payment.id) == col(Transfer.payment_id))
        .join(PayoutAccount, col(PayoutAccount.coach_id) == col(Transfer.coach_id))
        .where(
            col(Transfer.status) == TransferStatus.PENDING,
            col(Transfer.due_at) <= now,
            col(Payment.disputed_at).is_(None),
            col(PayoutAccount.payouts_enabled),
            col(PayoutAccount.stripe_account_id).is_not(None),
        )
        .order_by(col(Transfer.due_at))
        .limit(limit)
    )
    return session.execute(found).scalars().all()


def transfers_failed(session: Session, *, called_before: datetime, limit: int) -> Sequence[UUID]:
    """Transfers that Stripe refused, and that were last tried before then."""
    found = select(col(Transfer.id)).where(
        col(Transfer.status) == TransferStatus.FAILED, col(Transfer.called_at) < called_before
    )
    return session.execute(found.limit(limit)).scalars().all()
