"""Money on its way: refunds, a coach's share, what is taken back of it."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from marketplace.db import locked
from marketplace.payments.models import Payment, Refund, Transfer
from marketplace.payments.models_back import Dispute, Reversal
from marketplace.payments.states import DisputeStatus, RefundStatus


def refund_by_key(session: Session, key: str) -> Refund | None:
    """The refund made for this reason, if any."""
    return session.execute(select(Refund).where(col(Refund.key) == key)).scalar_one_or_none()


def refunds_by_stripe(session: Session, stripe_refund_id: str) -> Sequence[Refund]:
    """What of ours has this id of Stripe's, locked: several for an order of several things, refunded there."""
    by = select(Refund).where(col(Refund.stripe_refund_id) == stripe_refund_id).order_by(col(Refund.id))
    return session.execute(by.with_for_update(), execution_options={"populate_existing": True}).scalars().all()


def refunds_of_charge(session: Session, charge_id: str) -> Sequence[Refund]:
    """All refunds of a charge but those that were cancelled, oldest first."""
    found = select(Refund).where(col(Refund.charge_id) == charge_id, counts()).order_by(col(Refund.id))
    return session.execute(found).scalars().all()


def is_disputed(session: Session, charge_id: str | None) -> bool:
    """Whether a payer's bank questions a charge now; Stripe gives nothing of it back until that is decided."""
    found = select(col(Dispute.id)).where(col(Dispute.charge_id) == charge_id, is_open())
    return session.execute(found).first() is not None


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


def transfer_named(session: Session, name: str | None) -> Transfer | None:
    """The transfer whose id is the name that Stripe has for it; None for other names."""
    try:
        return session.get(Transfer, UUID(name or ""))
    except ValueError:
        return None


def transfer_for(session: Session, reference_id: UUID) -> Transfer | None:
    """The transfer of a coach's share in one thing sold, locked."""
    found: Transfer | None = locked(session, select(Transfer).where(col(Transfer.reference_id) == reference_id))
    return found


def refunded_for(session: Session, reference_id: UUID) -> int:
    """How much goes or went back for one thing bought, in minor units; from the moment it was decided.

    What came beside the agreed charge, and goes back whole, was for nothing bought.
    """
    back = select(func.coalesce(func.sum(col(Refund.amount)), 0)).where(counts())
    back = back.join(Payment, col(Payment.id) == col(Refund.payment_id))
    back = back.where(col(Refund.reference_id) == reference_id, col(Refund.charge_id) == col(Payment.charge_id))
    return int(session.execute(back).scalar_one())


def earned_part_refunded(session: Session, reference_id: UUID) -> int:
    """How much of what coach and fee had of a thing went or goes back, in minor units."""
    back = select(func.coalesce(func.sum(col(Refund.from_coach) + col(Refund.from_fee)), 0)).where(counts())
    return int(session.execute(back.where(col(Refund.reference_id) == reference_id)).scalar_one())


def is_open() -> ColumnElement[bool]:
    """Of a dispute: that it is not decided."""
    return col(Dispute.status) == DisputeStatus.OPEN


def counts() -> ColumnElement[bool]:
    """Of a refund: that it was not called off."""
    return col(Refund.status) != RefundStatus.CANCELLED
