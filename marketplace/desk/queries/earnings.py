"""A coach's money, as the ledger has it. All of it is in the one currency that she sells in."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Coach
from marketplace.money import Money
from marketplace.payments import ledger
from marketplace.payments import queries as payments
from marketplace.payments.models import LedgerEntry, LedgerLine, Payment, Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.states import ReversalStatus, TransferStatus


@dataclass(frozen=True, slots=True)
class Month:
    """What a month of the coach's zone brought, in minor units: her share, what runners got back of it, what was sent.

    `first` is its first day.
    """

    first: date
    sessions: int
    earned: int
    given_back: int
    sent: int


@dataclass(frozen=True, slots=True)
class Earnings:
    """`held` until sessions are done and `on_its_way` after that, both less our share; `next_at` sends some of it."""

    held: Money
    on_its_way: Money
    paid_out: Money
    next_at: datetime | None
    months: Sequence[Month]


@dataclass(slots=True)
class _Sums:
    by_kind: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sessions: int = 0


def earnings(session: Session, coach: Coach) -> Earnings:
    """All of her money, month by month, the latest month first."""
    money = [_held(session, coach.id), -payments.balance(session, ledger.coach(coach.id)), _sent(session, coach.id)]
    held, on_its_way, paid_out = (Money(amount, coach.currency) for amount in money)
    return Earnings(held, on_its_way, paid_out, _next(session, coach.id), _months(session, coach))


def earned_between(session: Session, coach: Coach, since: datetime, until: datetime) -> Money:
    """Her share of what was done in [since, until)."""
    earned = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0))
    earned = earned.join_from(LedgerLine, LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
    earned = earned.where(col(LedgerLine.account) == ledger.coach(coach.id))
    earned = earned.where(col(LedgerEntry.source).startswith("earned:"))
    earned = earned.where(col(LedgerEntry.at) >= since, col(LedgerEntry.at) < until)
    return Money(-int(session.execute(earned).scalar_one()), coach.currency)


def _held(session: Session, coach_id: UUID) -> int:
    """Her share of what runners paid for sessions that are still to be done."""
    paid = select(col(Booking.id), Payment).join(Payment, col(Payment.order_id) == col(Booking.order_id))
    paid = paid.where(col(Booking.coach_id) == coach_id, col(Booking.status) == BookingStatus.CONFIRMED)
    total = 0
    for booking_id, payment in session.execute(paid):
        held = payments.held_now(session, booking_id)
        total += held - ledger.fee_of(held, whole=payment.amount, fee=payment.fee)
    return total


def _sent(session: Session, coach_id: UUID) -> int:
    """What she was sent, less what was taken back."""
    total = select(func.coalesce(func.sum(col(Transfer.amount)), 0)).where(col(Transfer.coach_id) == coach_id)
    sent = session.execute(total.where(col(Transfer.status) == TransferStatus.SENT)).scalar_one()
    back = select(func.coalesce(func.sum(col(Reversal.amount)), 0)).join(
        Transfer, col(Transfer.id) == col(Reversal.transfer_id)
    )
    back = back.where(col(Transfer.coach_id) == coach_id, col(Reversal.status) == ReversalStatus.SENT)
    return int(sent - session.execute(back).scalar_one())


def _next(session: Session, coach_id: UUID) -> datetime | None:
    due = select(col(Transfer.due_at)).where(col(Transfer.coach_id) == coach_id)
    due = due.where(col(Transfer.status) == TransferStatus.PENDING)
    return session.execute(due.order_by(col(Transfer.due_at)).limit(1)).scalar_one_or_none()


def _months(session: Session, coach: Coach) -> list[Month]:
    zone = ZoneInfo(coach.timezone)
    lines = select(col(LedgerEntry.source), col(LedgerEntry.at), col(LedgerLine.amount))
    lines = lines.join_from(LedgerEntry, LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
    sums: dict[date, _Sums] = defaultdict(_Sums)
    for source, at, amount in session.execute(lines.where(col(LedgerLine.account) == ledger.coach(coach.id))):
        month = sums[at.astimezone(zone).date().replace(day=1)]
        kind = source.partition(":")[0]
        month.by_kind[kind] += amount
        month.sessions += kind == "earned"
    return [_month(first, sums[first]) for first in sorted(sums, reverse=True)]


def _month(first: date, sums: _Sums) -> Month:
    kinds = sums.by_kind
    given_back = kinds["refund"] + kinds["refund-failed"] + kinds["dispute-lost"] + kinds["written-off"]
    return Month(first, sums.sessions, -kinds["earned"], given_back, kinds["transfer"] + kinds["reversal"])
