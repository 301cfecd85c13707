"""What went back without us: refunds made on Stripe's own pages, and what a payer's bank took for good."""

from collections.abc import Mapping
from uuid import UUID

from sqlmodel import Session

from marketplace import clock, log
from marketplace.db import transaction
from marketplace.jobs import publish
from marketplace.payments import ledger, queries
from marketplace.payments.answers import OVER, Sent
from marketplace.payments.gateway import stripe
from marketplace.payments.ledger import Drawn
from marketplace.payments.models import Payment, Refund
from marketplace.payments.models_out import history_row
from marketplace.payments.service import books, crediting, earning
from marketplace.payments.service.refunding import bounce, drawn_from, note_sent
from marketplace.payments.states import PaymentStatus, RefundStatus


def look_at_refund(stripe_refund_id: str) -> None:
    """Take in how a refund stands at Stripe: some fail days after they were sent, some we did not make.

    Its own transactions.
    """
    take_over_refund(stripe().retrieve_refund(stripe_refund_id))


def look_at_refunds(charge_id: str) -> None:
    """The same for all refunds of a charge."""
    for seen in stripe().list_refunds(charge_id):
        take_over_refund(seen)


def take_over_refund(seen: Sent) -> None:
    """Take in a refund as Stripe has just described it. Its own transaction."""
    with transaction() as session:
        _lock_payment(session, seen.charge_id or "")
        known = queries.refunds_by_stripe(session, seen.id)
        for row in known:
            if seen.status in OVER and row.status == RefundStatus.SENT:
                bounce(session, row, seen)
        if not known and seen.status not in OVER:
            _adopt(session, seen)


def spread(session: Session, payment: Payment, amount: int) -> Mapping[UUID, Drawn]:
    """What each thing of an order pays of `amount` that has left without us; less than it where they can't pay all.

    Of what was decided and has not happened, as much is cancelled as can't happen any more. Unused visits of a package
    pay first, and are credits no more; whoever writes this down says so by an event.
    """
    _make_room(session, payment, amount)
    crediting.give_up_credits(session, payment.order_id)
    earlier, parts = queries.refunds(session, payment.id), {}
    for what, worth in queries.worths(session, payment.order_id).items():
        gone = sum(r.amount for r in earlier if r.reference_id == what)
        part = min(amount, worth - gone)
        if part > 0:
            parts[what] = drawn_from(session, payment, what, part)
            amount -= part
    return parts


def keep_row(
    session: Session, payment: Payment, reference_id: UUID, drawn: Drawn, *, name: str, reason: str, at: str | None
) -> Refund:
    """A row for what has gone back already; `name` says by what, once, `at` is its id at Stripe."""
    now = clock.now()
    row = Refund(
        payment_id=payment.id,
        coach_id=payment.coach_id,
        reference_id=reference_id,
        charge_id=payment.charge_id or "",
        key=f"{name}:{reference_id}",
        amount=drawn.total,
        from_held=drawn.held,
        from_coach=drawn.coach,
        from_fee=drawn.fee,
        reason=reason,
        status=RefundStatus.SENT,
        stripe_refund_id=at,
        created_at=now,
        sent_at=now,
    )
    session.add(row)
    session.flush()
    session.add(history_row(row.id, "adopt", "stripe", reason))
    return row


def _adopt(session: Session, seen: Sent) -> None:
    """A refund of ours whose answer was lost; or one of somebody at Stripe, which is ours if we wanted the same."""
    waiting = queries.open_refunds(session, seen.charge_id or "")
    own = [row for row in waiting if str(row.id) == seen.row_id]
    same = own or [row for row in waiting if row.amount == seen.amount and not row.called_at]
    same = same or [row for row in waiting if row.amount == seen.amount and row.status == RefundStatus.FAILED]
    if same:
        if same[0].status == RefundStatus.FAILED:
            same[0].begin_anew(session, by="stripe")
        note_sent(session, same[0], seen)
        return
    payment = queries.payment_by_charge(session, seen.charge_id or "")
    if payment is None or payment.status != PaymentStatus.PAID:
        log.warning("refund of a charge that is not ours", refund=seen.id)
        return
    log.warning("refund made at Stripe", refund=seen.id, amount=seen.amount)
    for reference_id, drawn in spread(session, payment, seen.amount).items():
        row = keep_row(session, payment, reference_id, drawn, name=f"stripe:{seen.id}", reason="at-stripe", at=seen.id)
        entry = ledger.refunded(f"{row.id}:1", reference_id, payment.coach_id, drawn)
        books.write(session, entry, payment.currency, at_stripe=seen.id)
        earning.match(session, reference_id)
    publish(session, "refund.adopted", order_id=payment.order_id, stripe_refund_id=seen.id)


def _make_room(session: Session, payment: Payment, amount: int) -> None:
    over = sum(row.amount for row in queries.refunds(session, payment.id)) + amount - payment.charged
    for row in queries.open_refunds(session, payment.charge_id or ""):
        if over > 0:
            row.make(session, "cancel", by="stripe", reason="it has gone back another way")
            over -= row.amount
            session.flush()
            earning.match(session, row.reference_id)


def _lock_payment(session: Session, charge_id: str) -> None:
    """Payments are locked before refunds and transfers, here as everywhere."""
    found = queries.payment_by_charge(session, charge_id)
    if found is not None:
        queries.locked_payment(session, payment_id=found.id)
