"""Money on its way: refunds, a coach's share, what is taken back of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from marketplace.db import locked
from marketplace.money import Money
from marketplace.payments.models import (
    Refund,
    Transfer,
)
from marketplace.payments.models_back import Reversal
from marketplace.payments.queries.orders import payment_of
from marketplace.payments.states import RefundStatus, TransferStatus


@dataclass(frozen=True)
class Sums:
    """The money of an order: what was paid, what went or is going back, our share, what the coach was sent."""

    paid: Money
    refunded: Money
    fee: Money
    transferred: Money


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
    found = select(Refund).where(col(Refund.payment_id) == payment_id, counts()).order_by(col(Refund.id))
    return session.execute(found).scalars().all()


def reversals(session: Session, transfer_id: UUID) -> Sequence[Reversal]:
    """What is or was taken back of a transfer, oldest first."""
    found = select(Reversal).where(col(Reversal.transfer_id) == transfer_id).order_by(col(Reversal.id))
    return session.execute(found).scalars().all()


def locked_reversals(session: Session, transfer_id: UUID) -> Sequence[Reversal]:
    """The same as they stand, locked: none is sent before this transaction ends."""
    found = select(Reversal).where(col(Reversal.transfer_id) == transfer_id).order_by(col(Reversal.id))
    return session.execute(found.with_for_update(), execution_options={"populate_existing": True}).scalars().all()


def transfer_at_stripe(session: Session, stripe_transfer_id: str) -> Transfer | None:
    """The transfer that has this id of Stripe's."""
    by = col(Transfer.stripe_transfer_id) == stripe_transfer_id
    return session.execute(select(Transfer).where(by)).scalar_one_or_none()


def transfer_for(session: Session, reference_id: UUID) -> Transfer | None:
    """The transfer of a coach's share in one thing sold, locked."""
    found: Transfer | None = locked(session, select(Transfer).where(col(Transfer.reference_id) == reference_id))
    return found


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
    back = select(func.coalesce(func.sum(col(Refund.amount)), 0)).where(counts())
    back = back.where(col(Refund.reference_id) == reference_id)
    return int(session.execute(back).scalar_one())


def earned_part_refunded(session: Session, reference_id: UUID) -> int:
    """How much of what coach and fee had of a thing went or goes back, in minor units."""
    back = select(func.coalesce(func.sum(col(Refund.from_coach) + col(Refund.from_fee)), 0)).where(counts())
    return int(session.execute(back.where(col(Refund.reference_id) == reference_id)).scalar_one())


def counts() -> ColumnElement[bool]:
    """Of a refund: that it was not called off."""
    return col(Refund.status) != RefundStatus.CANCELLED
