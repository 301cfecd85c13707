"""Money back: a pending row first, then Stripe, then the result; the same key until Stripe has said yes or no."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.jobs import enqueue, publish
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Charged, Sent
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment, Refund
from marketplace.payments.service import books, earning, sending
from marketplace.payments.states import PaymentStatus, RefundStatus

WITHOUT_US = ("at-stripe", "dispute")
"""Reasons of what went back without us."""


def refund(
    session: Session,
    order_id: UUID,
    *,
    amount: int,
    key: str,
    reason: str,
    by: str,
    reference_id: UUID | None = None,
) -> Refund | None:
    """Decide to give `amount` (minor units) of an order back; it is sent by a job. The same key is the same refund.

    `reference_id` names the thing bought that it is for; an order of one line needs none. None for nothing to give
    back. What went back without us (Stripe's pages, a lost dispute) does not go back again: then only the rest is
    given, or nothing. Conflict `not-paid`, `refund-too-much`.
    """
    payment = queries.locked_payment(session, order_id=order_id)
    known = queries.refund_by_key(session, key)
    if known is not None or amount == 0:
        return known
    if payment.status != PaymentStatus.PAID or payment.charge_id is None:
        raise Conflict("not-paid", status=payment.status.value)
    what = reference_id or _only([line.reference_id for line in queries.lines(session, order_id)])
    earlier = queries.refunds(session, payment.id)
    for_it = [r for r in earlier if r.reference_id == what and r.charge_id == payment.charge_id]
    left = queries.worths(session, order_id).get(what, 0) - sum(r.amount for r in for_it)
    if amount > left and not any(r.reason in WITHOUT_US for r in for_it):
        raise Conflict("refund-too-much", left=left)
    if (amount := min(amount, left)) <= 0:
        return None
    drawn = drawn_from(session, payment, what, amount)
    row = _decide(session, payment, payment.charge_id, what, drawn, key=key, reason=reason, by=by)
    earning.match(session, what)
    return row


def drawn_from(session: Session, payment: Payment, what: UUID, amount: int) -> ledger.Drawn:
    """Where so much of what was paid for a thing comes from, as the books stand."""
    earlier = [r for r in queries.refunds(session, payment.id) if r.reference_id == what]
    before = sum(r.from_coach + r.from_fee for r in earlier)
    held = max(0, queries.held_now(session, what))
    return ledger.draw(amount, held_now=held, whole=payment.amount, fee=payment.fee, before=before)


def give_back(session: Session, payment: Payment, charged: Charged, *, reference_id: UUID, reason: str) -> Refund:
    """Decide to send a whole charge back that nothing was sold for."""
    drawn, key = ledger.Drawn(charged.amount, 0, 0), _whole_key(charged.charge_id)
    return _decide(session, payment, charged.charge_id, reference_id, drawn, key=key, reason=reason, by="system")


def give_rest(session: Session, payment: Payment, row: Refund, amount: int) -> Refund:
    """Decide to give so much of a refund that was called off, since the other part has gone back another way."""
    drawn, key = drawn_from(session, payment, row.reference_id, amount), f"{row.key}:rest:{row.id}"
    return _decide(session, payment, row.charge_id, row.reference_id, drawn, key=key, reason=row.reason, by="stripe")


def worths_of_charge(session: Session, payment: Payment, charge_id: str) -> Mapping[UUID, int]:
    """What each thing has of a charge. All of one that goes back whole is for the thing that its refund names."""
    if payment.sold_for(charge_id):
        return queries.worths(session, payment.order_id)
    whole = queries.refund_by_key(session, _whole_key(charge_id))
    return {whole.reference_id: whole.amount} if whole else {}


def _decide(
    session: Session,
    payment: Payment,
    charge_id: str,
    reference_id: UUID,
    drawn: ledger.Drawn,
    *,
    key: str,
    reason: str,
    by: str,
) -> Refund:
    row = Refund(
        payment_id=payment.id,
        coach_id=payment.coach_id,
        reference_id=reference_id,
        charge_id=charge_id,
        key=key,
        amount=drawn.total,
        from_held=drawn.held,
        from_coach=drawn.coach,
        from_fee=drawn.fee,
        reason=reason,
        created_at=clock.now(),
    )
    session.add(row)
    row.make(session, "decide", by=by, reason=reason)
    session.flush()
    _ask_to_send(session, row)
    return row


def retry_refund(session: Session, refund_id: UUID, *, by: str) -> Refund:
    """Try a failed refund again, as a new attempt. Conflict `move-impossible` unless it failed."""
    row = sending.locked_row(session, Refund, refund_id)
    row.begin_anew(session, by=by)
    session.flush()
    _ask_to_send(session, row)
    return row


def wait(session: Session, charge_id: str) -> None:
    """What Stripe refused since a bank questions the charge waits for the bank, as what is decided later does."""
    for row in queries.open_refunds(session, charge_id):
        if row.status == RefundStatus.FAILED:
            row.begin_anew(session, by="system")
    session.flush()


def send_refund(refund_id: UUID) -> None:
    """Send a pending refund; nothing to do for any other, nor while its charge is disputed. Its own transactions.

    Raises Unclear as `sending.send`.
    """
    with transaction() as session:
        row = sending.locked_row(session, Refund, refund_id)
        if row.status != RefundStatus.PENDING or queries.is_disputed(session, row.charge_id):
            return
        sending.note_call(row)
    sending.send(
        row,
        ask=lambda: stripe().refund(row.charge_id, row.amount, row_id=str(row.id), key=row.call_key),
        look=lambda: stripe().list_refunds(row.charge_id),
        sent=note_sent,
        refused=_refused,
    )


def bounce(session: Session, row: Refund, seen: Sent) -> None:
    """A refund that was sent came back from the runner's bank, days later."""
    row.make(session, "bounce", by="stripe", reason=seen.failure or seen.status)
    row.failure = seen.failure or seen.status
    entry = ledger.bounced(_name(row), row.reference_id, row.coach_id, row.drawn)
    books.write(session, entry, queries.charge_currency(session, row.charge_id), at_stripe=seen.id)
    publish(session, "refund.failed", refund_id=row.id)


def note_sent(session: Session, row: Refund, done: Sent) -> None:
    """Stripe has taken a refund on that is locked and pending."""
    row.note_sent(session)
    row.stripe_refund_id = done.id
    entry = ledger.refunded(_name(row), row.reference_id, row.coach_id, row.drawn)
    books.write(session, entry, queries.charge_currency(session, row.charge_id), at_stripe=done.id)


def _refused(session: Session, row: Refund) -> None:
    publish(session, "refund.failed", refund_id=row.id)
    # it may have been made on Stripe's own pages, or the bank questions the charge
    enqueue(session, "payments.look_at_charge", key=f"look:{row.call_key}", charge_id=row.charge_id)


def _ask_to_send(session: Session, row: Refund) -> None:
    enqueue(session, "payments.send_refund", key=row.call_key, refund_id=row.id)


def _whole_key(charge_id: str) -> str:
    return f"charge:{charge_id}"


def _name(row: Refund) -> str:
    """How the ledger names an attempt."""
    return f"{row.id}:{row.attempt}"


def _only(references: Sequence[UUID]) -> UUID:
    if len(references) != 1:
        raise ValueError("an order of several lines needs to know for which")
    return references[0]
