"""A coach's money, as the ledger has it, apart for each currency: she may have changed it when she moved."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlmodel import Session, col

from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Coach
from marketplace.money import Money
from marketplace.payments import ledger
from marketplace.payments import queries as payments
from marketplace.payments.models import LedgerEntry, LedgerLine, Order, OrderLine, Payment, Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.states import ReversalStatus, TransferStatus

ByCurrency = dict[str, int]
BACK = ("refund", "refund-failed", "dispute-lost", "written-off", "added-back")
"""Kinds of entries by which she has less for what runners got back."""


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
class Purse:
    """`held` until sessions are done and `on_its_way` after that, both less our share; `next_at` sends some of it.

    `stopped`: what would be on its way, did a runner's bank not ask for it back. All in one currency; the latest month
    first.
    """

    held: Money
    on_its_way: Money
    stopped: Money
    paid_out: Money
    next_at: datetime | None
    months: Sequence[Month]

    @property
    def currency(self) -> str:
        """Of all that is in it."""
        return self.held.currency


@dataclass(slots=True)
class _Sums:
    by_kind: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    sessions: int = 0


def earnings(session: Session, coach: Coach) -> list[Purse]:
    """All of her money: that in the currency she charges in now first. The number of queries does not grow with it."""
    held, owed, sent = _held(session, coach.id), _owed(session, coach.id), _sent(session, coach.id)
    months, (stopped, due) = _months(session, coach), _waiting(session, coach.id)
    others = sorted({*held, *owed, *sent, *months} - {coach.currency})
    return [
        Purse(
            Money(held.get(each, 0), each),
            Money(owed.get(each, 0) - stopped.get(each, 0), each),
            Money(stopped.get(each, 0), each),
            Money(sent.get(each, 0), each),
            due.get(each),
            months.get(each, []),
        )
        for each in (coach.currency, *others)
    ]


def earned_between(session: Session, coach: Coach, since: datetime, until: datetime) -> list[Money]:
    """Her share of what was done in [since, until), in each currency; nothing is nothing of her own."""
    earned = _of_her_account(coach.id).where(col(LedgerEntry.source).startswith("earned:"))
    found = _sums(session, earned.where(col(LedgerEntry.at) >= since, col(LedgerEntry.at) < until))
    return [Money(-amount, currency) for currency, amount in found.items()] or [Money(0, coach.currency)]


def _held(session: Session, coach_id: UUID) -> ByCurrency:
    """Her share of what runners paid for sessions that are still to be done, and what we add for codes of ours."""
    paid = select(col(Booking.id), Payment).join(Payment, col(Payment.order_id) == col(Booking.order_id))
    paid = paid.where(col(Booking.coach_id) == coach_id, col(Booking.status) == BookingStatus.CONFIRMED)
    rows = session.execute(paid).all()
    there = payments.held_of(session, [booking_id for booking_id, _payment in rows])
    totals: ByCurrency = defaultdict(int)
    for booking_id, payment in rows:
        held = there[booking_id]
        fee = ledger.fee_of(held, whole=payment.amount, fee=payment.fee)
        added = ledger.added_to(held, whole=payment.amount, added=payment.added)
        totals[payment.currency] += held - fee + added
    return totals


def _owed(session: Session, coach_id: UUID) -> ByCurrency:
    return {currency: -amount for currency, amount in _sums(session, _of_her_account(coach_id)).items()}


def _of_her_account(coach_id: UUID) -> Select[str, int]:
    lines = select(col(LedgerEntry.currency), func.sum(col(LedgerLine.amount)))
    lines = lines.join_from(LedgerLine, LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
    return lines.where(col(LedgerLine.account) == ledger.coach(coach_id)).group_by(col(LedgerEntry.currency))


def _sent(session: Session, coach_id: UUID) -> ByCurrency:
    """What she was sent, less what was taken back."""
    total = select(col(Payment.currency), func.sum(col(Transfer.amount)))
    total = total.join_from(Transfer, Payment, col(Payment.id) == col(Transfer.payment_id))
    total = total.where(col(Transfer.coach_id) == coach_id, col(Transfer.status) == TransferStatus.SENT)
    sent = _sums(session, total.group_by(col(Payment.currency)))
    back = select(col(Payment.currency), func.sum(col(Reversal.amount)))
    back = back.join_from(Reversal, Transfer, col(Transfer.id) == col(Reversal.transfer_id))
    back = back.join(Payment, col(Payment.id) == col(Transfer.payment_id))
    back = back.where(col(Transfer.coach_id) == coach_id, col(Reversal.status) == ReversalStatus.SENT)
    taken = _sums(session, back.group_by(col(Payment.currency)))
    return {currency: amount - taken.get(currency, 0) for currency, amount in sent.items()}


def _sums(session: Session, grouped: Select[str, int]) -> ByCurrency:
    return {str(currency): int(amount) for currency, amount in session.execute(grouped)}


def _waiting(session: Session, coach_id: UUID) -> tuple[ByCurrency, dict[str, datetime]]:
    """What is not sent while a bank questions what paid it, and when the next of her other shares is; by currency."""
    is_stopped, is_due = col(Payment.disputed_at).is_not(None), col(Transfer.status) == TransferStatus.PENDING
    stopped = func.coalesce(func.sum(col(Transfer.amount)).filter(is_stopped), 0)
    next_at = func.min(col(Transfer.due_at)).filter(is_due, ~is_stopped)
    shares = select(col(Payment.currency), stopped, next_at)
    shares = shares.join_from(Transfer, Payment, col(Payment.id) == col(Transfer.payment_id))
    unsent = col(Transfer.status).in_((TransferStatus.PENDING, TransferStatus.FAILED))
    shares = shares.where(col(Transfer.coach_id) == coach_id, unsent).group_by(col(Payment.currency))
    rows = session.execute(shares).all()
    return {row[0]: int(row[1]) for row in rows}, {row[0]: row[2] for row in rows}


def _months(session: Session, coach: Coach) -> dict[str, list[Month]]:
    zone = ZoneInfo(coach.timezone)
    lines = select(col(LedgerEntry.source), col(LedgerEntry.at), col(LedgerEntry.currency), col(LedgerLine.amount))
    lines = lines.join_from(LedgerEntry, LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
    tips = _tips(session, coach.id)
    sums: dict[tuple[str, date], _Sums] = defaultdict(_Sums)
    for source, at, currency, amount in session.execute(lines.where(col(LedgerLine.account) == ledger.coach(coach.id))):
        month = sums[currency, at.astimezone(zone).date().replace(day=1)]
        kind = source.partition(":")[0]
        month.by_kind[kind] += amount
        month.sessions += kind == "earned" and source not in tips
    months: dict[str, list[Month]] = defaultdict(list)
    for currency, first in sorted(sums, reverse=True):
        months[currency].append(_month(first, sums[currency, first]))
    return months


def _tips(session: Session, coach_id: UUID) -> set[str]:
    """The entries of what runners gave her beyond the price: no sessions."""
    hers = select(col(OrderLine.reference_id)).join(Order, col(Order.id) == col(OrderLine.order_id))
    hers = hers.where(col(Order.coach_id) == coach_id, col(OrderLine.kind) == "tip")
    return {ledger.earned_source(each) for each in session.scalars(hers)}


def _month(first: date, sums: _Sums) -> Month:
    kinds = sums.by_kind
    given_back = sum(kinds[each] for each in BACK)
    return Month(first, sums.sessions, -kinds["earned"], given_back, kinds["transfer"] + kinds["reversal"])
