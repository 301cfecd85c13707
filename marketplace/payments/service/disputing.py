"""Disputes: a flag on the payment, which stops transfers and refunds, a row of their own, and entries in the books."""

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.db import locked, new_id, transaction
from marketplace.errors import Conflict, NotFound
from marketplace.jobs import publish
from marketplace.payments import answers, ledger, queries
from marketplace.payments.answers import Evidence, Refused, Unclear
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment
from marketplace.payments.models_back import Dispute
from marketplace.payments.models_out import history_row
from marketplace.payments.service import adopting, books, earning, refunding
from marketplace.payments.states import DISPUTE, DisputeStatus, after


def look_at_dispute(dispute_id: str) -> None:
    """Take in how a dispute stands at Stripe. Its own transactions.

    Publishes `dispute.opened` (`is_over`: it was decided when it was first seen), `dispute.recovered`, and of the
    charge that something was sold for `dispute.won` or `dispute.lost`. Raises Refused, Unclear.
    """
    _take_in(stripe().retrieve_dispute(dispute_id))


def look_at_charge(charge_id: str) -> None:
    """The same for all disputes of a charge, and for what has gone back of it. Raises Refused, Unclear."""
    adopting.look_at_refunds(charge_id)
    for seen in stripe().list_disputes(charge_id):
        _take_in(seen)


def _take_in(seen: answers.Dispute) -> None:
    with transaction() as session:
        found = queries.payment_by_charge(session, seen.charge_id)
        if found is None:
            return
        payment = queries.locked_payment(session, payment_id=found.id)
        row = _locked(session, seen.id) or _open(session, payment, seen)
        _take(session, row, seen)
        if row.status == DisputeStatus.OPEN:
            _follow(row, seen)
            if seen.outcome:
                _close(session, payment, row, seen)
            else:
                refunding.wait(session, row.charge_id)
        elif row.status == DisputeStatus.LOST and seen.outcome == "won":
            _recover(session, payment, row)
        if seen.outcome == "won":
            _take_returned(session, row, seen)


def send_evidence(dispute_id: str, evidence: Evidence) -> None:
    """Answer the bank with what speaks for the charge; once. Its own transactions.

    Each try has a key of its own: what speaks for a charge grows, and Stripe takes but one answer. Where it refuses
    another, an earlier one had arrived.

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
        stripe().send_evidence(dispute_id, evidence, key=f"evidence:{dispute_id}:{new_id()}")
    except Refused as problem:
        if not _is_with_bank(dispute_id):
            raise Conflict("evidence-refused", because=str(problem)) from problem
    except Unclear as problem:
        raise Conflict("stripe-away", code=problem.code) from problem
    with transaction() as session:
        row = _known(session, dispute_id)
        row.evidence_sent_at = row.evidence_sent_at or clock.now()


def _is_with_bank(dispute_id: str) -> bool:
    try:
        return stripe().retrieve_dispute(dispute_id).waits_for == "bank"
    except (Refused, Unclear) as problem:
        raise Conflict("stripe-away", code=problem.code) from problem


def _open(session: Session, payment: Payment, seen: answers.Dispute) -> Dispute:
    session.add(history_row(payment.id, "dispute", "stripe", seen.reason))
    if seen.charge_id == payment.charge_id:
        payment.disputed_at = clock.now()
    row = Dispute(
        id=seen.id,
        payment_id=payment.id,
        charge_id=seen.charge_id,
        amount=seen.amount,
        currency=queries.charge_currency(session, seen.charge_id),
        reason=seen.reason,
        opened_at=clock.now(),
    )
    session.add(row)
    session.flush()
    publish(session, "dispute.opened", dispute_id=row.id, order_id=payment.order_id, is_over=bool(seen.outcome))
    return row


def _follow(row: Dispute, seen: answers.Dispute) -> None:
    """What is asked of us, until when. An inquiry that was answered and became a dispute is to be answered anew."""
    row.amount, row.respond_by = seen.amount, seen.respond_by
    if seen.waits_for == "us":
        row.evidence_sent_at = None
    elif seen.waits_for == "bank":
        row.evidence_sent_at = row.evidence_sent_at or clock.now()


def _take(session: Session, row: Dispute, seen: answers.Dispute) -> None:
    """What the bank has taken. An inquiry takes nothing, and may become a dispute that does."""
    if seen.taken and not queries.has_entry(session, f"dispute:{seen.id}"):
        row.taken = seen.taken
        books.write(session, ledger.disputed(seen.id, seen.taken, seen.fee), row.currency, at_stripe=seen.id)


def _take_returned(session: Session, row: Dispute, seen: answers.Dispute) -> None:
    """What came back, which may be later than the news that it will."""
    if seen.returned and not queries.has_entry(session, f"dispute-won:{seen.id}"):
        was_lost = row.status == DisputeStatus.RECOVERED
        entry = ledger.won(seen.id, seen.returned, seen.fee_returned, after_loss=was_lost)
        books.write(session, entry, row.currency, at_stripe=seen.id)


def _close(session: Session, payment: Payment, row: Dispute, seen: answers.Dispute) -> None:
    """The transfer goes on, unless another is open. What was lost is as if it had been refunded: each pays back what
    it had of it.
    """
    _make(session, row, "win" if seen.outcome == "won" else "lose")
    if not queries.is_disputed(session, payment.charge_id):
        payment.disputed_at = None
    if seen.outcome == "lost" and row.taken:
        gone = adopting.Gone(row.charge_id, f"dispute:{row.id}", "dispute", None)
        parts = adopting.spread(session, payment, row.charge_id, row.taken)
        books.write(session, ledger.lost(row.id, row.taken, payment.coach_id, parts), row.currency)
        for what, drawn in parts.items():
            adopting.keep_row(session, payment, gone, what, drawn)
            earning.match(session, what)
    if payment.sold_for(row.charge_id):
        publish(session, f"dispute.{seen.outcome}", dispute_id=row.id, order_id=payment.order_id)


def _recover(session: Session, payment: Payment, row: Dispute) -> None:
    """An appeal brought back what everybody had paid back already: it is ours until staff have settled with them."""
    _make(session, row, "recover")
    publish(session, "dispute.recovered", dispute_id=row.id, order_id=payment.order_id)


def _make(session: Session, row: Dispute, move: str) -> None:
    row.status, row.closed_at = DisputeStatus(after(DISPUTE, move, row.status)), clock.now()
    session.add(history_row(row.payment_id, move, "stripe", row.id))
    session.flush()


def _known(session: Session, dispute_id: str) -> Dispute:
    row = _locked(session, dispute_id)
    if row is None:
        raise NotFound("dispute")
    return row


def _locked(session: Session, dispute_id: str) -> Dispute | None:
    row: Dispute | None = locked(session, select(Dispute).where(col(Dispute.id) == dispute_id))
    return row
