"""What waits for staff."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings import queries as bookings
from marketplace.bookings.absence_models import Absence
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.jobs import Job, JobStatus
from marketplace.payments.models import Payment, Refund, Transfer
from marketplace.payments.models_back import Dispute, Reversal
from marketplace.payments.states import DisputeStatus, RefundStatus, ReversalStatus, TransferStatus

MOST = 100


@dataclass(frozen=True, slots=True)
class Failed:
    """Money that did not move: a refund, transfer or reversal (`row`) with its payment and whose it is."""

    row: Refund | Transfer | Reversal
    payment: Payment
    coach: Coach


@dataclass(frozen=True, slots=True)
class Waiting:
    """All of it, the longest waiting first; of each kind so many at most."""

    complaints: Sequence[bookings.Complained]
    absences: Sequence[tuple[Absence, Booking, Coach]]
    disputes: Sequence[tuple[Dispute, Payment]]
    refunds: Sequence[Failed]
    transfers: Sequence[Failed]
    reversals: Sequence[Failed]
    jobs: Sequence[Job]
    dead_jobs: int

    @property
    def count(self) -> int:
        """How many things."""
        money = len(self.refunds) + len(self.transfers) + len(self.reversals)
        decisions = len(self.complaints) + len(self.absences) + len(self.disputes)
        return decisions + money + self.dead_jobs


def waiting(session: Session) -> Waiting:
    """What waits for staff now."""
    dead = col(Job.status) == JobStatus.DEAD
    return Waiting(
        complaints=bookings.open_complaints(session)[:MOST],
        absences=bookings.contested(session, MOST),
        disputes=_disputes(session),
        refunds=_failed(session, Refund, col(Refund.status) == RefundStatus.FAILED),
        transfers=_failed(session, Transfer, col(Transfer.status) == TransferStatus.FAILED),
        reversals=_reversals(session),
        jobs=session.scalars(select(Job).where(dead).order_by(col(Job.created_at)).limit(MOST)).all(),
        dead_jobs=int(session.scalar(select(func.count()).select_from(Job).where(dead)) or 0),
    )


def staff(session: Session) -> Sequence[User]:
    """All members of staff."""
    return session.scalars(select(User).where(col(User.is_staff), col(User.closed_at).is_(None))).all()


def _disputes(session: Session) -> list[tuple[Dispute, Payment]]:
    rows = select(Dispute, Payment).join(Payment, col(Payment.id) == col(Dispute.payment_id))
    rows = rows.where(col(Dispute.status) == DisputeStatus.OPEN).order_by(col(Dispute.opened_at)).limit(MOST)
    return [(row[0], row[1]) for row in session.execute(rows)]


def _failed(session: Session, kind: type[Refund] | type[Transfer], failed: object) -> list[Failed]:
    rows = select(kind, Payment, Coach).join(Payment, col(Payment.id) == col(kind.payment_id))
    rows = rows.join(Coach, col(Coach.id) == col(kind.coach_id)).where(failed)  # type: ignore[arg-type]
    return [Failed(*row) for row in session.execute(rows.order_by(col(kind.created_at)).limit(MOST))]


def _reversals(session: Session) -> list[Failed]:
    rows = select(Reversal, Payment, Coach).join(Transfer, col(Transfer.id) == col(Reversal.transfer_id))
    rows = rows.join(Payment, col(Payment.id) == col(Transfer.payment_id))
    rows = rows.join(Coach, col(Coach.id) == col(Transfer.coach_id))
    rows = rows.where(col(Reversal.status) == ReversalStatus.FAILED).order_by(col(Reversal.created_at))
    return [Failed(*row) for row in session.execute(rows.limit(MOST))]
