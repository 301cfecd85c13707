"""Reads of orders, payments and the ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
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
from marketplace.payments.models_back import Reversal
from marketplace.payments.states import PaymentStatus, RefundStatus, ReversalStatus, TransferStatus

AT_ONCE = 400  # names in one question to the database


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


def refunds_by_stripe(session: Session, stripe_refund_id: str) -> Sequence[Refund]:
    """What of ours has this id of Stripe's, locked: several for an order of several things, refunded there."""
    by = select(Refund).where(col(Refund.stripe_refund_id) == stripe_refund_id).order_by(col(Refund.id))
    return session.execute(by.with_for_update(), execution_options={"populate_existing": True}).scalars().all()


def open_refunds(session: Session, charge_id: str) -> Sequence[Refund]:
    """The refunds of a charge that have not happened, locked, the newest first."""
    waiting = col(Refund.status).in_((RefundStatus.PENDING, RefundStatus.FAILED))
    found = select(Refund).where(col(Refund.charge_id) == charge_id, waiting).order_by(col(Refund.id).desc())
    return session.execute(found.with_for_update(), execution_options={"populate_existing": True}).scalars().all()


def refunds(session: Session, payment_id: UUID) -> Sequence[Refund]:
    """All refunds of a payment but those that were cancelled, oldest first."""
    found = select(Refund).where(col(Refund.payment_id) == payment_id, _counts()).order_by(col(Refund.id))
    return session.execute(found).scalars().all()


def reversals(session: Session, transfer_id: UUID) -> Sequence[Reversal]:
    """What is or was taken back of a transfer, oldest first."""
    found = select(Reversal).where(col(Reversal.transfer_id) == transfer_id).order_by(col(Reversal.id))
    return session.execute(found).scalars().all()


def due_to_coach(session: Session, coach_id: UUID, reference_id: UUID) -> int:
    """What a coach earned with a thing sold, as the ledger has it, less what of it went back; in minor units."""
    line = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0)).join_from(LedgerLine, LedgerEntry)
    mine = col(LedgerLine.account) == ledger.coach(coach_id)
    done = col(LedgerEntry.source) == ledger.earned_source(reference_id)
    earned = -session.execute(line.where(done, mine)).scalar_one()
    back = select(func.coalesce(func.sum(col(Refund.from_coach)), 0)).where(_counts())
    back = back.where(col(Refund.reference_id) == reference_id)
    return int(earned - session.execute(back).scalar_one() - added_back(session, coach_id, reference_id))


def earned_part_refunded(session: Session, reference_id: UUID) -> int:
    """How much of what coach and fee had of a thing went or goes back, in minor units."""
    back = select(func.coalesce(func.sum(col(Refund.from_coach) + col(Refund.from_fee)), 0)).where(_counts())
    return int(session.execute(back.where(col(Refund.reference_id) == reference_id)).scalar_one())


def count_added_back(session: Session, reference_id: UUID) -> int:
    """How often what we had added was taken back, or given again."""
    entries = select(func.count(col(LedgerEntry.id)))
    entries = entries.where(col(LedgerEntry.source).startswith(f"added-back:{reference_id}"))
    return int(session.execute(entries).scalar_one())


def added_back(session: Session, coach_id: UUID, reference_id: UUID) -> int:
    """What of what we had added to a coach's share is ours again, in minor units."""
    line = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0)).join_from(LedgerLine, LedgerEntry)
    line = line.where(col(LedgerLine.account) == ledger.coach(coach_id))
    return int(
        session.execute(line.where(col(LedgerEntry.source).startswith(f"added-back:{reference_id}"))).scalar_one()
    )


def transfer_for(session: Session, reference_id: UUID) -> Transfer | None:
    """The transfer of a coach's share in one thing sold, locked."""
    found: Transfer | None = locked(session, select(Transfer).where(col(Transfer.reference_id) == reference_id))
    return found


def payout_account(session: Session, coach_id: UUID) -> PayoutAccount | None:
    """A coach's connected account."""
    return session.get(PayoutAccount, coach_id)


def stale_accounts(session: Session, *, stopped: datetime, working: datetime, limit: int) -> Sequence[PayoutAccount]:
    """Accounts last looked at before `stopped` (those that can't be paid) or `working` (the others); rows to change."""
    able = col(PayoutAccount.payouts_enabled)
    old = or_(col(PayoutAccount.updated_at) < working, ~able & (col(PayoutAccount.updated_at) < stopped))
    found = select(PayoutAccount).where(col(PayoutAccount.stripe_account_id).is_not(None), old)
    found = found.order_by(col(PayoutAccount.updated_at)).limit(limit).with_for_update(skip_locked=True)
    return session.execute(found).scalars().all()


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
    back = select(func.coalesce(func.sum(col(Refund.amount)), 0)).where(_counts())
    back = back.where(col(Refund.reference_id) == reference_id)
    return int(session.execute(back).scalar_one())


def balance(session: Session, account: str, currency: str) -> int:
    """The sum of an account's lines in one currency; see ledger.py for the signs."""
    total = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0)).where(col(LedgerLine.account) == account)
    total = total.join(LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
    total = total.where(col(LedgerEntry.currency) == currency)
    return int(session.execute(total).scalar_one())


def held_now(session: Session, reference_id: UUID) -> int:
    """What is held for a thing bought and not promised to go back."""
    return held_of(session, [reference_id])[reference_id]


def held_of(session: Session, references: Sequence[UUID]) -> dict[UUID, int]:
    """`held_now` of many things at once, each in the currency of its order; two queries for some hundreds of them.

    What came in another currency than agreed is promised to go back whole, and so counts for nothing here.
    """
    found = dict.fromkeys(references, 0)
    for first in range(0, len(references), AT_ONCE):
        some = references[first : first + AT_ONCE]
        accounts = {ledger.held(each): each for each in some}
        kept = select(col(LedgerLine.account), func.sum(col(LedgerLine.amount)))
        kept = kept.where(col(LedgerLine.account).in_(accounts)).group_by(col(LedgerLine.account))
        for account, amount in session.execute(kept):
            found[accounts[account]] -= amount
        promised = select(col(Refund.reference_id), func.sum(col(Refund.from_held)))
        promised = promised.where(col(Refund.reference_id).in_(some), _counts())
        promised = promised.where(col(Refund.status) != RefundStatus.SENT)
        for reference_id, amount in session.execute(promised.group_by(col(Refund.reference_id))):
            found[reference_id] -= amount
    return found


def worths(session: Session, order_id: UUID) -> dict[UUID, int]:
    """What was paid for each thing of an order, in minor units; together what the order cost.

    What visits of a package paid counts for the bookings that they pay, and what is left for the package.
    """
    bought = lines(session, order_id)
    found = {line.reference_id: line.amount for line in bought}
    for package_id in [line.reference_id for line in bought if line.kind == "package"]:
        spent = _spent(session, package_id)
        found[package_id] -= sum(spent.values())
        found |= spent
    return found


def _spent(session: Session, package_id: UUID) -> dict[UUID, int]:
    """What visits of a package pay, by booking; those that went back to it pay nothing."""
    moves = select(col(LedgerEntry.source), col(LedgerLine.amount)).join_from(LedgerLine, LedgerEntry)
    moves = moves.where(col(LedgerLine.account) == ledger.credits(package_id)).order_by(col(LedgerEntry.id))
    spent: dict[UUID, int] = {}
    for source, amount in session.execute(moves):
        kind, _, what = source.partition(":")
        if kind in ("credit-used", "credit-back"):
            spent[UUID(what)] = spent.get(UUID(what), 0) + amount
    return {what: amount for what, amount in spent.items() if amount}


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
    """Refunds in a status that were decided, and last tried, before then; none of a charge that is disputed."""
    quiet = or_(col(Refund.called_at).is_(None), col(Refund.called_at) < called_before)
    found = select(col(Refund.id)).join(Payment, col(Payment.id) == col(Refund.payment_id))
    found = found.where(col(Refund.status) == status, col(Refund.created_at) < called_before, quiet)
    found = found.where(col(Payment.disputed_at).is_(None))
    return session.execute(found.order_by(col(Refund.created_at)).limit(limit)).scalars().all()


def transfers_due(session: Session, *, now: datetime, limit: int) -> Sequence[UUID]:
    """Transfers whose time has come, of coaches who can be paid and what nobody disputes or complains of."""
    found = (
        select(col(Transfer.id))
        .join(Payment, col(Payment.id) == col(Transfer.payment_id))
        .join(PayoutAccount, col(PayoutAccount.coach_id) == col(Transfer.coach_id))
        .where(
            col(Transfer.status) == TransferStatus.PENDING,
            col(Transfer.due_at) <= now,
            col(Payment.disputed_at).is_(None),
            col(Transfer.stopped_at).is_(None),
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


def reversals_in(session: Session, status: ReversalStatus, *, called_before: datetime, limit: int) -> Sequence[UUID]:
    """Reversals in a status that were decided, and last tried, before then."""
    quiet = or_(col(Reversal.called_at).is_(None), col(Reversal.called_at) < called_before)
    found = select(col(Reversal.id)).where(col(Reversal.status) == status, col(Reversal.created_at) < called_before)
    return session.execute(found.where(quiet).order_by(col(Reversal.created_at)).limit(limit)).scalars().all()


def _counts() -> ColumnElement[bool]:
    return col(Refund.status) != RefundStatus.CANCELLED
