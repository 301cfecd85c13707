"""What a coach sold, thing by thing: what the runner paid, what went back, our fee, her share, and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.money import Money
from marketplace.payments import ledger
from marketplace.payments import queries as payments
from marketplace.payments.models import LedgerEntry, LedgerLine, Order, OrderLine, Payment, Refund, Transfer
from marketplace.payments.receipt_models import LineTax
from marketplace.payments.states import PaymentStatus, TransferStatus

PAGE = 20


@dataclass(frozen=True, slots=True)
class Sold:
    """One thing sold; all money in the currency of its payment.

    `where`: "held" until it is done, "disputed", "waiting" to be sent at `at`, "failed" (it is tried again), "sent" at
    `at`, or "nothing" where nothing of it is hers.
    """

    line: OrderLine
    booking: Booking | None
    runner: str
    paid_at: datetime | None
    paid: Money
    refunded: Money
    fee: Money
    share: Money
    tax: Money
    where: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class _Known:
    """What else is known of the things of one page, by their references."""

    held: dict[UUID, int]
    earned: dict[str, dict[str, int]]
    refunds: Sequence[Refund]
    transfers: dict[UUID, Transfer]
    taxes: Sequence[LineTax]


def sold(session: Session, coach: Coach, page: int) -> list[Sold]:
    """One page of what she sold for money, the latest payment first, and one more where another page follows."""
    hers = select(OrderLine, Payment, User, Booking).join(Payment, col(Payment.order_id) == col(OrderLine.order_id))
    hers = hers.join(Order, col(Order.id) == col(OrderLine.order_id)).join(User, col(User.id) == col(Order.payer_id))
    hers = hers.outerjoin(Booking, col(Booking.id) == col(OrderLine.reference_id))
    hers = hers.where(col(Payment.coach_id) == coach.id, col(Payment.status) == PaymentStatus.PAID)
    hers = hers.where(col(OrderLine.amount) > 0).order_by(col(Payment.paid_at).desc(), col(OrderLine.id))
    rows = session.execute(hers.limit(PAGE + 1).offset(page * PAGE)).all()
    known = _known(session, [row[0] for row in rows])
    return [_sold(coach, known, *row) for row in rows]


def _known(session: Session, lines: Sequence[OrderLine]) -> _Known:
    references = [line.reference_id for line in lines]
    sources = [ledger.earned_source(each) for each in references]
    done = select(col(LedgerEntry.source), col(LedgerLine.account), col(LedgerLine.amount))
    done = done.join_from(LedgerEntry, LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
    earned: dict[str, dict[str, int]] = {}
    for source, account, amount in session.execute(done.where(col(LedgerEntry.source).in_(sources))):
        earned.setdefault(source, {})[account] = -amount
    back = select(Refund).where(col(Refund.reference_id).in_(references))
    passed_on = select(Transfer).where(col(Transfer.reference_id).in_(references))
    within = select(LineTax).where(col(LineTax.line_id).in_([line.id for line in lines]))
    return _Known(
        payments.held_of(session, references),
        earned,
        session.execute(back).scalars().all(),
        {each.reference_id: each for each in session.execute(passed_on).scalars()},
        session.execute(within).scalars().all(),
    )


def _sold(coach: Coach, known: _Known, line: OrderLine, payment: Payment, payer: User, booking: Booking | None) -> Sold:
    refunds = [r for r in known.refunds if r.reference_id == line.reference_id and r.charge_id == payment.charge_id]
    done = known.earned.get(ledger.earned_source(line.reference_id))
    if done is None:
        held = known.held[line.reference_id]
        fee = ledger.fee_of(held, whole=payment.amount, fee=payment.fee)
        share = held - fee
    else:
        fee = done.get(ledger.FEE_INCOME, 0) - sum(each.from_fee for each in refunds)
        share = done.get(ledger.coach(coach.id), 0) - sum(each.from_coach for each in refunds)
    where, at = _where(payment, known.transfers.get(line.reference_id), is_done=done is not None, share=share)
    tax = sum(each.amount for each in known.taxes if each.line_id == line.id)

    def money(amount: int) -> Money:
        return Money(amount, payment.currency)

    return Sold(
        line=line,
        booking=booking,
        runner=(payer.name.split() or ["?"])[0],
        paid_at=payment.paid_at,
        paid=money(line.amount),
        refunded=money(sum(each.amount for each in refunds)),
        fee=money(fee),
        share=money(share),
        tax=money(tax),
        where=where,
        at=at,
    )


def _where(payment: Payment, transfer: Transfer | None, *, is_done: bool, share: int) -> tuple[str, datetime | None]:
    if transfer is not None and transfer.status == TransferStatus.SENT:
        return "sent", transfer.sent_at
    if payment.disputed_at is not None:
        return "disputed", payment.disputed_at
    if transfer is not None and transfer.status == TransferStatus.FAILED:
        return "failed", None
    if transfer is not None and transfer.status == TransferStatus.PENDING:
        return "waiting", transfer.due_at
    return ("held" if share and not is_done else "nothing"), None
