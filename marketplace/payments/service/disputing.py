"""Disputes: a flag on the payment, which stops the transfer, and entries in the books."""

from sqlmodel import Session

from marketplace import clock
from marketplace.db import transaction
from marketplace.jobs import publish
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Dispute
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment
from marketplace.payments.service import books
from marketplace.payments.states import PaymentStatus


def look_at_dispute(dispute_id: str) -> None:
    """Take in how a dispute stands at Stripe. Its own transactions."""
    seen = stripe().retrieve_dispute(dispute_id)
    with transaction() as session:
        found = queries.payment_by_charge(session, seen.charge_id)
        if found is None:
            return
        payment = queries.locked_payment(session, payment_id=found.id)
        if payment.status == PaymentStatus.PAID:
            _open(session, payment, seen)
            _close(session, payment, seen)


def _open(session: Session, payment: Payment, seen: Dispute) -> None:
    if queries.has_entry(session, f"dispute:{seen.id}"):
        return
    payment.make(session, "dispute", by="stripe")
    payment.disputed_at = clock.now()
    books.write(session, ledger.disputed(seen.id, seen.amount, seen.fee), payment.currency)


def _close(session: Session, payment: Payment, seen: Dispute) -> None:
    if not seen.outcome or queries.has_entry(session, f"dispute-{seen.outcome}:{seen.id}"):
        return
    if seen.outcome == "won":
        payment.make(session, "win", by="stripe")
        payment.disputed_at = None
        books.write(session, ledger.won(seen.id, seen.amount, seen.fee), payment.currency)
        return
    payment.make(session, "lose", by="stripe")
    kept = queries.kept_of(session, payment.order_id)
    books.write(session, ledger.lost(seen.id, seen.amount, kept), payment.currency)
    publish(session, "payment.lost", order_id=payment.order_id)
