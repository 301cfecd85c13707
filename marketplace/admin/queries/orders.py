"""An order with all that happened to its money, and what it bought."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings import queries as bookings
from marketplace.bookings.absence_models import Absence
from marketplace.bookings.complaint_models import Complaint
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.coaches.models import Coach
from marketplace.payments import ledger
from marketplace.payments import queries as payments
from marketplace.payments.models import (
    LedgerEntry,
    LedgerLine,
    Order,
    OrderLine,
    Payment,
    Refund,
    Transfer,
)
from marketplace.payments.models_back import Dispute, Reversal
from marketplace.payments.models_out import MoneyEvent

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Told:
    """An order, told whole."""

    order: Order
    payment: Payment
    runner: User
    coach: Coach
    lines: Sequence[OrderLine]
    booked: Sequence[tuple[Booking, Sequence[BookingEvent], Sequence[Absence], Complaint | None]]
    refunds: Sequence[Refund]
    transfers: Sequence[Transfer]
    reversals: Sequence[Reversal]
    disputes: Sequence[Dispute]
    events: Sequence[MoneyEvent]
    entries: Sequence[tuple[LedgerEntry, Sequence[LedgerLine]]]
    of_runner: bookings.Record
    of_coach: bookings.Record


@dataclass(frozen=True, slots=True)
class Row:
    """An order in a list."""

    order: Order
    payment: Payment
    runner: User
    coach: Coach


def found_orders(session: Session, wanted: str) -> list[Row]:
    """The orders that `wanted` names: an id of ours (order, booking) or of Stripe's, an address, a name; the newest.

    Without it the newest of all.
    """
    rows = select(Order, Payment, User, Coach).join(Payment, col(Payment.order_id) == col(Order.id))
    rows = rows.join(User, col(User.id) == col(Order.payer_id)).join(Coach, col(Coach.id) == col(Order.coach_id))
    if wanted:
        like = f"%{wanted.lower()}%"
        ids = (col(Payment.charge_id), col(Payment.payment_intent_id), col(Payment.checkout_session_id))
        at_stripe = or_(*(each == wanted for each in ids))
        named = or_(
            func.lower(col(User.email)).like(like),
            func.lower(col(User.name)).like(like),
            func.lower(col(Coach.name)).like(like),
        )
        rows = rows.where(or_(named, at_stripe, *_by_id(wanted)))
    return [Row(*row) for row in session.execute(rows.order_by(col(Order.created_at).desc()).limit(SHOWN))]


def told(session: Session, order_id: UUID) -> Told:
    """All of an order. NotFound `order`."""
    order, payment = payments.order(session, order_id), payments.payment_of(session, order_id)
    refunds = session.scalars(select(Refund).where(col(Refund.payment_id) == payment.id).order_by(col(Refund.id))).all()
    transfers = session.scalars(
        select(Transfer).where(col(Transfer.payment_id) == payment.id).order_by(col(Transfer.id))
    ).all()
    reversals = [each for transfer in transfers for each in payments.reversals(session, transfer.id)]
    disputes = session.scalars(select(Dispute).where(col(Dispute.payment_id) == payment.id)).all()
    lines, booked = payments.lines(session, order_id), bookings.of_order(session, order_id, with_credits=True)
    things = [line.reference_id for line in lines]
    subjects = [payment.id, *things, *(r.id for r in refunds), *(t.id for t in transfers), *(r.id for r in reversals)]
    happened = select(MoneyEvent).where(col(MoneyEvent.subject_id).in_(subjects))
    return Told(
        order=order,
        payment=payment,
        runner=session.get_one(User, order.payer_id),
        coach=session.get_one(Coach, order.coach_id),
        lines=lines,
        booked=[
            (
                each,
                bookings.history(session, each.id),
                bookings.reports_of(session, each.id),
                bookings.complaint_of(session, each.id),
            )
            for each in booked
        ],
        refunds=refunds,
        transfers=transfers,
        reversals=reversals,
        disputes=disputes,
        events=session.scalars(happened.order_by(col(MoneyEvent.at), col(MoneyEvent.id))).all(),
        entries=_entries(session, [*subjects, *(each.id for each in booked)],
                         [payment.charge_id or "", *(each.id for each in disputes)]),
        of_runner=bookings.record(session, runner_id=order.payer_id),
        of_coach=bookings.record(session, coach_id=order.coach_id),
    )  # fmt: skip


def _entries(
    session: Session, ours: Sequence[UUID], theirs: Sequence[str]
) -> list[tuple[LedgerEntry, Sequence[LedgerLine]]]:
    """The ledger's entries whose sources name one of these, in order of time."""
    held = select(col(LedgerLine.entry_id)).where(col(LedgerLine.account).in_([ledger.held(each) for each in ours]))
    named = [col(LedgerEntry.source).contains(str(each)) for each in (*ours, *theirs) if each]
    rows = select(LedgerEntry).where(or_(col(LedgerEntry.id).in_(held), *named)).order_by(col(LedgerEntry.at))
    found = session.scalars(rows.order_by(col(LedgerEntry.id))).all()
    lines = select(LedgerLine).where(col(LedgerLine.entry_id).in_([each.id for each in found]))
    by_entry: dict[UUID, list[LedgerLine]] = {}
    for line in session.scalars(lines.order_by(col(LedgerLine.account))):
        by_entry.setdefault(line.entry_id, []).append(line)
    return [(entry, by_entry.get(entry.id, [])) for entry in found]


def _by_id(wanted: str) -> list[ColumnElement[bool]]:
    try:
        number = UUID(wanted)
    except ValueError:
        return []
    holding = select(col(OrderLine.order_id)).where(col(OrderLine.reference_id) == number)
    booked = select(col(Booking.order_id)).where(col(Booking.id) == number)
    return [col(Order.id) == number, col(Order.id).in_(holding), col(Order.id).in_(booked)]
