"""Orders and their payments: what was bought, what of it was paid, and where its coach is paid."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from marketplace.db import locked
from marketplace.errors import NotFound
from marketplace.payments import ledger
from marketplace.payments.models import (
    LedgerEntry,
    LedgerLine,
    Order,
    OrderLine,
    Payment,
    PayoutAccount,
    Refund,
)
from marketplace.payments.states import PaymentStatus


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


def was_rejected(session: Session, order_id: UUID | None) -> bool:
    """Whether what was charged for an order was not what was agreed: nothing was bought, and all of it goes back."""
    by = select(col(Payment.id)).where(col(Payment.order_id) == order_id, col(Payment.status) == PaymentStatus.REJECTED)
    return session.execute(by).first() is not None


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
    """The payment that a charge came for: the agreed charge, or one that goes back whole."""
    going_back = select(col(Refund.payment_id)).where(col(Refund.charge_id) == charge_id)
    by = or_(col(Payment.charge_id) == charge_id, col(Payment.id).in_(going_back))
    return session.execute(select(Payment).where(by)).scalar_one_or_none()


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


def payout_account(session: Session, coach_id: UUID) -> PayoutAccount | None:
    """A coach's connected account."""
    return session.get(PayoutAccount, coach_id)
