"""What a coach sold, thing by thing: what the runner paid, what went back, our fee, her share, and where it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.money import Money
from marketplace.payments import ledger
from marketplace.payments import queries as payments
from marketplace.payments.models import LedgerEntry, LedgerLine, Order, OrderLine, Payment, Refund, Transfer
from marketplace.payments.queries.back import counts
from marketplace.payments.receipt_models import LineTax
from marketplace.payments.states import PaymentStatus, TransferStatus

PAGE = 20


@dataclass(frozen=True, slots=True)
class Sold:
    """One thing sold; all money in the currency of its payment.

    `share` has in it what we add for a code of ours. `where`: "held" until it is done, "disputed", "waiting" to be sent
    at `at`, "failed" (it is tried again), "sent" at `at`, "taken" by the runner's bank, or "nothing" where
    nothing of it is hers.
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
    """What else is known of the things of one page, by their references.

    `visits`: what visits of a package are used for; `credits`: what those are worth that are not.
    """

    visits: dict[UUID, list[UUID]]
    credits: dict[UUID, int]
    held: dict[UUID, int]
    added_back: dict[UUID, int]
    earned: dict[str, dict[str, int]]
    refunds: Sequence[Refund]
    transfers: dict[UUID, Transfer]
    taxes: Sequence[LineTax]


def sold(session: Session, coach: Coach, page: int) -> list[Sold]:
    """One page of what she sold for money, of the runner's or of ours; the latest payment first.

    One more where another page follows.
    """
    hers = select(OrderLine, Payment, User, Booking).join(Payment, col(Payment.order_id) == col(OrderLine.order_id))
    hers = hers.join(Order, col(Order.id) == col(OrderLine.order_id)).join(User, col(User.id) == col(Order.payer_id))
    hers = hers.outerjoin(Booking, col(Booking.id) == col(OrderLine.reference_id))
    hers = hers.where(col(Payment.coach_id) == coach.id, col(Payment.status) == PaymentStatus.PAID)
    hers = hers.where((col(OrderLine.amount) > 0) | (col(Payment.added) > 0)).order_by(
        col(Payment.paid_at).desc(), col(OrderLine.id)
    )
    rows = session.execute(hers.limit(PAGE + 1).offset(page * PAGE)).all()
    known = _known(session, coach, [(row[0], row[1]) for row in rows])
    return [_sold(coach, known, *row) for row in rows]


def _known(session: Session, coach: Coach, bought: Sequence[tuple[OrderLine, Payment]]) -> _Known:
    lines = [line for line, _payment in bought]
    packages = [line for line in lines if line.kind == "package"]
    visits = _visits(session, packages)
    references = [*(line.reference_id for line in lines), *(each for some in visits.values() for each in some)]
    sources = [ledger.earned_source(each) for each in references]
    done = select(col(LedgerEntry.source), col(LedgerLine.account), col(LedgerLine.amount))
    done = done.join_from(LedgerEntry, LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
    earned: dict[str, dict[str, int]] = {}
    for source, account, amount in session.execute(done.where(col(LedgerEntry.source).in_(sources))):
        earned.setdefault(source, {})[account] = -amount
    back = select(Refund).where(col(Refund.reference_id).in_(references), counts())
    passed_on = select(Transfer).where(col(Transfer.reference_id).in_(references))
    within = select(LineTax).where(col(LineTax.line_id).in_([line.id for line in lines]))
    return _Known(
        visits,
        _credits(session, packages),
        payments.held_of(session, references),
        _added_back(session, coach, [line.reference_id for line, payment in bought if payment.added]),
        earned,
        session.execute(back).scalars().all(),
        {each.reference_id: each for each in session.execute(passed_on).scalars()},
        session.execute(within).scalars().all(),
    )


def _visits(session: Session, packages: Sequence[OrderLine]) -> dict[UUID, list[UUID]]:
    if not packages:
        return {}
    found: dict[UUID, list[UUID]] = {line.reference_id: [] for line in packages}
    by_order = {line.order_id: line.reference_id for line in packages}
    paid = select(col(Booking.order_id), col(Booking.id)).where(col(Booking.order_id).in_(by_order))
    for order_id, booking_id in session.execute(paid):
        found[by_order[order_id]].append(booking_id)
    return found


def _credits(session: Session, packages: Sequence[OrderLine]) -> dict[UUID, int]:
    if not packages:
        return {}
    accounts = {ledger.credits(line.reference_id): line.reference_id for line in packages}
    sums = select(col(LedgerLine.account), func.sum(col(LedgerLine.amount))).group_by(col(LedgerLine.account))
    sums = sums.where(col(LedgerLine.account).in_(accounts))
    return {accounts[account]: -int(amount) for account, amount in session.execute(sums)}


def _added_back(session: Session, coach: Coach, references: Sequence[UUID]) -> dict[UUID, int]:
    found = dict.fromkeys(references, 0)
    lines = select(col(LedgerEntry.source), col(LedgerLine.amount)).join_from(LedgerEntry, LedgerLine)
    lines = lines.where(col(LedgerLine.account) == ledger.coach(coach.id))
    named = [col(LedgerEntry.source).startswith(f"{ledger.ADDED_BACK}{each}:") for each in references]
    for source, amount in session.execute(lines.where(or_(*named))) if named else ():
        found[UUID(source.split(":")[1])] += amount
    return found


def _sold(coach: Coach, known: _Known, line: OrderLine, payment: Payment, payer: User, booking: Booking | None) -> Sold:
    """A package is all of its visits together: those to come, held, done, and given back."""
    things = [line.reference_id, *known.visits.get(line.reference_id, ())]
    refunds = [r for r in known.refunds if r.reference_id in things and r.charge_id == payment.charge_id]
    done = [known.earned.get(ledger.earned_source(each), {}) for each in things]
    held = sum(known.held[each] for each in things) + known.credits.get(line.reference_id, 0)
    fee_held = ledger.fee_of(held, whole=payment.amount, fee=payment.fee)
    fee = fee_held + sum(each.get(ledger.FEE_INCOME, 0) for each in done) - sum(each.from_fee for each in refunds)
    to_come = held - fee_held + _to_add(payment, booking, held)
    share = to_come + sum(each.get(ledger.coach(coach.id), 0) for each in done)
    share -= sum(each.from_coach for each in refunds) + known.added_back.get(line.reference_id, 0)
    sent = [known.transfers[each] for each in things if each in known.transfers]
    latest = max(sent, key=lambda each: each.due_at, default=None) if not to_come else None
    where, at = _where(payment, latest, is_done=not to_come, share=share)
    if where == "nothing" and any(each.reason == "dispute" for each in refunds):
        where = "taken"
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


def _to_add(payment: Payment, booking: Booking | None, held: int) -> int:
    """What we shall add to her share of what is still to be done."""
    is_to_come = payment.amount or (booking is not None and booking.is_confirmed)
    return ledger.added_to(held, whole=payment.amount, added=payment.added) if is_to_come else 0


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
