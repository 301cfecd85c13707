"""What receipts say, read. Each is of one order, and so of one currency."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.errors import NotFound
from marketplace.money import Money
from marketplace.payments import taxes
from marketplace.payments.models import Order, OrderLine, Payment, Refund
from marketplace.payments.queries.back import counts
from marketplace.payments.receipt_models import LineTax, Receipt, Registration
from marketplace.payments.taxes import Rate, Tax

Days = Callable[[Session, Sequence[UUID]], Mapping[UUID, Sequence[datetime]]]
DAYS: dict[str, Days] = {}


def days(kind: str) -> Callable[[Days], Days]:
    """Register when things of a kind of line happen: `@days("booking")` over `(session, ids) -> {id: instants}`."""

    def register(found: Days) -> Days:
        DAYS[kind] = found
        return found

    return register


@dataclass(frozen=True, slots=True)
class Bill:
    """A receipt with what was bought and when it happens, the taxes in it, and what went back of this payment."""

    receipt: Receipt
    payment: Payment
    lines: Sequence[OrderLine]
    days: Mapping[UUID, Sequence[datetime]]
    taxes: Sequence[LineTax]
    refunds: Sequence[Refund]

    @property
    def tax_totals(self) -> Sequence[Tax]:
        """Each tax over all lines."""
        sums: dict[Rate, int] = {}
        for each in self.taxes:
            sums[each.rate] = sums.get(each.rate, 0) + each.amount
        return [Tax(rate.tax, rate.percent, amount) for rate, amount in sums.items()]

    @property
    def net(self) -> Money:
        """What was paid, less its taxes."""
        return self.payment.cost - self.money(sum(each.amount for each in self.taxes))

    @property
    def refunded(self) -> Money:
        """What went or goes back."""
        return self.money(sum(each.amount for each in self.refunds))

    def tax_in(self, refund: Refund) -> Money:
        """The taxes within a refund, by the rates of the line that it is for.

        One for a session that a visit of a package paid names the session: its line is the only one, the package.
        """
        named = [line.id for line in self.lines if line.reference_id == refund.reference_id]
        line_ids = named or [line.id for line in self.lines if len(self.lines) == 1]
        found = [each.rate for each in self.taxes if each.line_id in line_ids]
        return self.money(refund.amount - taxes.split(refund.amount, found)[0])

    def money(self, amount: int) -> Money:
        """In the currency of the payment."""
        return Money(amount, self.payment.currency)


def registration(session: Session, coach_id: UUID) -> Registration | None:
    """What a coach wants her receipts to say."""
    return session.get(Registration, coach_id)


def bill(session: Session, order_id: UUID, payer_id: UUID) -> Bill:
    """The receipt of an order, for who paid it. NotFound `receipt` for anybody else, and for what was not paid."""
    found = next(iter(_bills(session, payer_id, order_id)), None)
    if found is None:
        raise NotFound("receipt")
    return found


def bills(session: Session, payer_id: UUID) -> list[Bill]:
    """All receipts of a payer, the newest first; the number of queries does not grow with them."""
    return _bills(session, payer_id)


def _bills(session: Session, payer_id: UUID, order_id: UUID | None = None) -> list[Bill]:
    hers = select(Receipt, Payment).join(Payment, col(Payment.id) == col(Receipt.payment_id))
    hers = hers.join(Order, col(Order.id) == col(Payment.order_id)).where(col(Order.payer_id) == payer_id)
    if order_id is not None:
        hers = hers.where(col(Order.id) == order_id)
    rows = session.execute(hers.order_by(col(Receipt.issued_at).desc(), col(Receipt.payment_id))).all()
    bought = select(OrderLine).where(col(OrderLine.order_id).in_([payment.order_id for _, payment in rows]))
    lines = session.execute(bought.order_by(col(OrderLine.id))).scalars().all()
    within = select(LineTax).where(col(LineTax.line_id).in_([line.id for line in lines]))
    charged = session.execute(within.order_by(col(LineTax.line_id), col(LineTax.tax))).scalars().all()
    back = select(Refund).where(col(Refund.payment_id).in_([payment.id for _, payment in rows]), counts())
    refunds = session.execute(back.order_by(col(Refund.created_at), col(Refund.id))).scalars().all()
    days = _days(session, lines)
    return [
        Bill(
            receipt=receipt,
            payment=payment,
            lines=(mine := [line for line in lines if line.order_id == payment.order_id]),
            days=days,
            taxes=[each for each in charged if each.line_id in {line.id for line in mine}],
            refunds=[each for each in refunds if (each.payment_id, each.charge_id) == (payment.id, payment.charge_id)],
        )
        for receipt, payment in rows
    ]


def _days(session: Session, lines: Sequence[OrderLine]) -> dict[UUID, Sequence[datetime]]:
    found: dict[UUID, Sequence[datetime]] = {}
    for kind, known in DAYS.items():
        if ids := [line.reference_id for line in lines if line.kind == kind]:
            found |= known(session, ids)
    return found
