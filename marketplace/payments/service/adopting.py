"""What went back without us: refunds made on Stripe's own pages, and what a payer's bank took for good."""

from collections.abc import Mapping
from dataclasses import dataclass
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
from marketplace.payments.service.refunding import bounce, drawn_from, give_rest, note_sent, worths_of_charge
from marketplace.payments.states import RefundStatus


def look_at_refund(stripe_refund_id: str) -> None:
    """Take in how a refund stands at Stripe: some fail days after they were sent, some we did not make.

    Its own transactions. Raises Refused, Unclear.
    """
    take_over_refund(stripe().retrieve_refund(stripe_refund_id))


def look_at_refunds(charge_id: str) -> None:
    """The same for all refunds of a charge. Raises Refused, Unclear."""
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


@dataclass(frozen=True)
class Gone:
    """What has gone back of a charge without us: by what (`name`, once), why, and its id at Stripe."""

    charge_id: str
    name: str
    reason: str
    at_stripe: str | None


def spread(session: Session, payment: Payment, charge_id: str, amount: int) -> Mapping[UUID, Drawn]:
    """What each thing that a charge paid pays of `amount` (minor units) that left without us; less if not enough.

    Of what was decided and has not happened, as much is cancelled as can't happen any more. Unused visits of a package
    pay first, and are credits no more; whoever writes this down says so by an event.
    """
    worths = worths_of_charge(session, payment, charge_id)
    _make_room(session, payment, charge_id, amount - sum(worths.values()))
    if payment.sold_for(charge_id):
        crediting.give_up_credits(session, payment.order_id)
    earlier, parts = queries.refunds_of_charge(session, charge_id), {}
    for what, worth in worths.items():
        gone = sum(r.amount for r in earlier if r.reference_id == what)
        part = min(amount, worth - gone)
        if part > 0:
            parts[what] = drawn_from(session, payment, what, part)
            amount -= part
    return parts


def keep_row(session: Session, payment: Payment, gone: Gone, reference_id: UUID, drawn: Drawn) -> Refund:
    """A row for what a thing has paid of what has gone back already."""
    now = clock.now()
    row = Refund(
        payment_id=payment.id,
        coach_id=payment.coach_id,
        reference_id=reference_id,
        charge_id=gone.charge_id,
        key=f"{gone.name}:{reference_id}",
        amount=drawn.total,
        from_held=drawn.held,
        from_coach=drawn.coach,
        from_fee=drawn.fee,
        reason=gone.reason,
        status=RefundStatus.SENT,
        stripe_refund_id=gone.at_stripe,
        created_at=now,
        sent_at=now,
    )
    session.add(row)
    session.flush()
    session.add(history_row(row.id, "adopt", "stripe", gone.reason))
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
    if payment is None or not seen.charge_id:
        log.warning("refund of a charge that is not ours", refund=seen.id)
        return
    log.warning("refund made at Stripe", refund=seen.id, amount=seen.amount)
    gone = Gone(seen.charge_id, f"stripe:{seen.id}", "at-stripe", seen.id)
    for reference_id, drawn in spread(session, payment, gone.charge_id, seen.amount).items():
        row = keep_row(session, payment, gone, reference_id, drawn)
        entry = ledger.refunded(f"{row.id}:1", reference_id, payment.coach_id, drawn)
        books.write(session, entry, queries.charge_currency(session, gone.charge_id), at_stripe=seen.id)
        earning.match(session, reference_id)
    if payment.sold_for(gone.charge_id):
        publish(session, "refund.adopted", order_id=payment.order_id, stripe_refund_id=seen.id)


def _make_room(session: Session, payment: Payment, charge_id: str, over: int) -> None:
    """Call off what can't happen any more: `over` is by how much all that was decided is too much. The rest stays."""
    over += sum(row.amount for row in queries.refunds_of_charge(session, charge_id))
    for row in queries.open_refunds(session, charge_id):
        if over > 0:
            row.make(session, "cancel", by="stripe", reason="it has gone back another way")
            session.flush()
            if row.amount > over:
                give_rest(session, payment, row, row.amount - over)
            over -= row.amount
            earning.match(session, row.reference_id)


def _lock_payment(session: Session, charge_id: str) -> None:
    """Payments are locked before refunds and transfers, here as everywhere."""
    found = queries.payment_by_charge(session, charge_id)
    if found is not None:
        queries.locked_payment(session, payment_id=found.id)
