"""Orders: what is to be paid, before anybody has spoken to Stripe."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.jobs import publish
from marketplace.money import Money
from marketplace.payments.models import Order, OrderLine, Payment

TO_PAY = timedelta(minutes=35)
"""How long an order can be paid: a Checkout Session lives 30 minutes at least (Stripe's rule); the rest leaves room for
a second attempt."""


class Line(NamedTuple):
    """One thing bought: what it is, whose id, how it is called on the bill, minor units, whether on a screen.

    `borne`: what a code of ours has taken off its price, in minor units too.
    """

    kind: str
    reference_id: UUID
    title: str
    amount: int
    online: bool = False
    borne: int = 0


def open_order(
    session: Session,
    *,
    payer_id: UUID,
    coach_id: UUID,
    lines: Sequence[Line],
    currency: str,
    expires_at: datetime,
    fee_percent: Decimal,
) -> Order:
    """A new order with a pending payment, to be paid until `expires_at`.

    The coach's share is that of the full price: what our own codes took off we go without, and add what our share
    does not cover.
    What costs nothing is paid at once: `payment.succeeded` is published before this returns.
    """
    now = clock.now()
    order = Order(payer_id=payer_id, coach_id=coach_id, currency=currency, created_at=now)
    session.add(order)
    session.flush()
    session.add_all(OrderLine(order_id=order.id, **_as_row(line)) for line in lines)
    total = Money(sum(line.amount for line in lines), currency)
    borne = Money(sum(line.borne for line in lines), currency)
    fee = ((total + borne).percent(fee_percent) - borne).amount
    payment = Payment(
        order_id=order.id,
        coach_id=coach_id,
        amount=total.amount,
        currency=currency,
        fee=max(0, fee),
        added=max(0, -fee),
        expires_at=expires_at,
        created_at=now,
    )
    session.add(payment)
    session.flush()
    if not total:
        payment.make(session, "pay", by="system", reason="free")
        payment.paid_at = now
        session.flush()
        publish(session, "payment.succeeded", order_id=order.id)
    return order


def _as_row(line: Line) -> dict[str, Any]:
    return {name: value for name, value in line._asdict().items() if name != "borne"}
