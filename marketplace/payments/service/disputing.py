"""Disputes: a flag on the payment, which stops transfers and refunds, a row of their own, and entries in the books."""

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.db import locked, transaction
from marketplace.errors import Conflict, NotFound
from marketplace.jobs import publish
from marketplace.payments import answers, ledger, queries
from marketplace.payments.answers import Evidence, Refused, Unclear
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment
from marketplace.payments.models_back import Dispute
from marketplace.payments.service import adopting, books, earning
from marketplace.payments.states import DISPUTE, DisputeStatus, PaymentStatus, after


def look_at_dispute(dispute_id: str) -> None:
    """Take in how a dispute stands at Stripe. Its own transactions.

    Publishes `dispute.opened`, `dispute.won`, `dispute.lost`. Raises Refused, Unclear.
    """
    seen = stripe().retrieve_dispute(dispute_id)
    with transaction() as session:
        found = queries.payment_by_charge(session, seen.charge_id)
        if found is None:
            return
        payment = queries.locked_payment(session, payment_id=found.id)
        if payment.status == PaymentStatus.PAID:
            row = _locked(session, seen.id) or _open(session, payment, seen)
            _take(session, payment, row, seen)
            if row.status == DisputeStatus.OPEN and seen.outcome:
                _close(session, payment, row, seen)
            if seen.outcome == "won":
                _take_returned(session, payment, seen)


def send_evidence(dispute_id: str, evidence: Evidence) -> None:
    """Answer the bank with what speaks for the charge; once. Its own transactions.

    NotFound `dispute`, Conflict `dispute-closed`, `evidence-sent`, `evidence-refused`, `stripe-away`.
    """
    with transaction() as session:
        row = _known(session, dispute_id)
        if row.status != DisputeStatus.OPEN:
            raise Conflict("dispute-closed")
        if row.evidence_sent_at:
            raise Conflict("evidence-sent")
        row.evidence_asked_at = row.evidence_asked_at or clock.now()
    try:
        stripe().send_evidence(dispute_id, evidence, key=f"evidence:{dispute_id}")
    except Refused as problem:
        raise Conflict("evidence-refused", because=str(problem)) from problem
    except Unclear as problem:
        raise Conflict("stripe-away", code=problem.code) from problem
    with transaction() as session:
        row = _known(session, dispute_id)
        row.evidence_sent_at = row.evidence_sent_at or clock.now()


def _open(session: Session, payment: Payment, seen: answers.Dispute) -> Dispute:
    payment.make(session, "dispute", by="stripe", reason=seen.reason)
    payment.disputed_at = clock.now()
    row = Dispute(
        id=seen.id,
        payment_id=payment.id,
        amount=seen.amount,
        currency=payment.currency,
        reason=seen.reason,
        respond_by=seen.respond_by,
        opened_at=clock.now(),
    )
    session.add(row)
    session.flush()
    publish(session, "dispute.opened", dispute_id=row.id, order_id=payment.order_id)
    return row


def _take(session: Session, payment: Payment, row: Dispute, seen: answers.Dispute) -> None:
    """What the bank has taken. An inquiry takes nothing, and may become a dispute that does."""
    if seen.taken and not queries.has_entry(session, f"dispute:{seen.id}"):
        row.taken = seen.taken
        books.write(session, ledger.disputed(seen.id, seen.taken, seen.fee), payment.currency, at_stripe=seen.id)


def _take_returned(session: Session, payment: Payment, seen: answers.Dispute) -> None:
    """What came back, which may be later than the news that it will."""
    if seen.returned and not queries.has_entry(session, f"dispute-won:{seen.id}"):
        entry = ledger.won(seen.id, seen.returned, seen.fee_returned)
        books.write(session, entry, payment.currency, at_stripe=seen.id)


def _close(session: Session, payment: Payment, row: Dispute, seen: answers.Dispute) -> None:
    """The transfer goes on. What was lost is as if it had been refunded: each pays back what it had of it."""
    move = "win" if seen.outcome == "won" else "lose"
    row.status, row.closed_at = DisputeStatus(after(DISPUTE, move, row.status)), clock.now()
    payment.make(session, move, by="stripe")
    payment.disputed_at = None
    session.flush()
    if seen.outcome == "lost" and row.taken:
        parts = adopting.spread(session, payment, row.taken)
        books.write(session, ledger.lost(row.id, row.taken, payment.coach_id, parts), payment.currency)
        for what, drawn in parts.items():
            adopting.keep_row(session, payment, what, drawn, name=f"dispute:{row.id}", reason="dispute", at=None)
            earning.match(session, what)
    publish(session, f"dispute.{seen.outcome}", dispute_id=row.id, order_id=payment.order_id)


def _known(session: Session, dispute_id: str) -> Dispute:
    row = _locked(session, dispute_id)
    if row is None:
        raise NotFound("dispute")
    return row


def _locked(session: Session, dispute_id: str) -> Dispute | None:
    row: Dispute | None = locked(session, select(Dispute).where(col(Dispute.id) == dispute_id))
    return row
