"""What the sweeper looks after: whatever waits too long."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, or_, select
from sqlmodel import Session, col

from marketplace.payments.models import (
    Payment,
    PayoutAccount,
    Refund,
    Transfer,
)
from marketplace.payments.models_back import Dispute, Reversal
from marketplace.payments.queries.back import is_open
from marketplace.payments.states import PaymentStatus, RefundStatus, ReversalStatus, TransferStatus


def stale_accounts(session: Session, *, stopped: datetime, working: datetime, limit: int) -> Sequence[PayoutAccount]:
    """Accounts last looked at before `stopped` (those that can't be paid) or `working` (the others); rows to change."""
    able = col(PayoutAccount.payouts_enabled)
    old = or_(col(PayoutAccount.updated_at) < working, ~able & (col(PayoutAccount.updated_at) < stopped))
    found = select(PayoutAccount).where(col(PayoutAccount.stripe_account_id).is_not(None), old)
    found = found.order_by(col(PayoutAccount.updated_at)).limit(limit).with_for_update(skip_locked=True)
    return session.execute(found).scalars().all()


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
    disputed = exists().where(col(Dispute.charge_id) == col(Refund.charge_id), is_open())
    found = select(col(Refund.id)).where(col(Refund.status) == status, col(Refund.created_at) < called_before)
    found = found.where(quiet, ~disputed)
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
