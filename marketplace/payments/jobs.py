"""Jobs of payments: those that speak to Stripe hold no transaction."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.accounts.service.account import share
from marketplace.coaches.models import Coach
from marketplace.jobs import enqueue, job, on
from marketplace.money import Money
from marketplace.payments import queries, service
from marketplace.payments import receipt_queries as receipts
from marketplace.payments.models import Payment, PayoutAccount
from marketplace.payments.models_back import Dispute
from marketplace.payments.requirement_words import asked, why_shut
from marketplace.web.languages import absolute_url, speaking
from marketplace.web.mails import mail_to


@share("receipts")
def receipts_of(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """The receipts of a person, for her copy of her data."""
    return [each.receipt.model_dump(mode="json") for each in receipts.bills(session, user_id)]


@on("dispute.opened")
def questioned(session: Session, dispute_id: str, order_id: UUID, is_over: bool) -> None:
    """Mail the coach that her money waits for a bank; only how it ended where that is known already."""
    if not is_over:
        _tell_dispute(session, dispute_id, "opened")


@on("dispute.won")
def kept(session: Session, dispute_id: str, order_id: UUID) -> None:
    """Mail the coach that it goes on."""
    _tell_dispute(session, dispute_id, "won")


@on("dispute.lost")
def taken(session: Session, dispute_id: str, order_id: UUID) -> None:
    """Mail the coach that it is gone."""
    _tell_dispute(session, dispute_id, "lost")


def _tell_dispute(session: Session, dispute_id: str, news: str) -> None:
    key = f"payments.tell_dispute:{dispute_id}:{news}"
    enqueue(session, "payments.tell_dispute", key=key, dispute_id=dispute_id, news=news)


@job("payments.take_event", transactional=False)
def take_event(event_id: str) -> None:
    """Look at what an event of Stripe's is about."""
    service.take_event(event_id)


@job("payments.send_refund", transactional=False)
def send_refund(refund_id: str) -> None:
    """Send a refund that was decided."""
    service.send_refund(UUID(refund_id))


@job("payments.look_at_charge", transactional=False)
def look_at_charge(charge_id: str) -> None:
    """Look at what has gone back of a charge, and who questions it."""
    service.look_at_charge(charge_id)


@job("payments.look_at_transfer", transactional=False)
def look_at_transfer(stripe_transfer_id: str) -> None:
    """Look at what was taken back of a coach's share."""
    service.look_at_transfer(stripe_transfer_id)


@job("payments.send_reversal", transactional=False)
def send_reversal(reversal_id: str) -> None:
    """Take back what a coach was sent too much."""
    service.send_reversal(UUID(reversal_id))


@job("payments.compare", transactional=False)
def compare() -> None:
    """Look at what Stripe has booked and we have not."""
    service.compare_in_turn()


@job("payments.sweep", transactional=False)
def sweep() -> None:
    """Look after what hangs."""
    service.sweep()


@job("payments.release", transactional=False)
def release() -> None:
    """Send the coaches' shares that are due."""
    service.release_due()


@job("payments.tell_rejected")
def tell_rejected(session: Session, payment_id: str) -> None:
    """Mail who paid something else than was agreed that all of it goes back."""
    payment = session.get_one(Payment, UUID(payment_id))
    currency = queries.charge_currency(session, payment.charge_id or "")
    payer = session.get_one(User, queries.order(session, payment.order_id).payer_id)
    mail_to(
        session,
        payer,
        "payments/mail/rejected.txt",
        key=f"payments:{payment.id}:rejected",
        titles=_titles(session, payment),
        charged=Money(payment.charged, currency),
        agreed=payment.cost,
        url=absolute_url("pages.contact", in_language=payer.language),
    )


@job("payments.tell_payouts")
def tell_payouts(session: Session, coach_id: str, news: str) -> None:
    """Mail a coach that she can be paid no more ("stopped"), or again ("work"); not what is no longer so."""
    account = session.get_one(PayoutAccount, UUID(coach_id))
    user = _coach(session, account.coach_id)
    if account.payouts_enabled != (news == "work") or user.closed_at:
        return
    with speaking(user.language):
        missing, why = asked(account.missing), why_shut(account.disabled_reason)
    page = absolute_url("desk.earnings", in_language=user.language)
    mail_to(session, user, f"payments/mail/payouts_{news}.txt", page=page, asked=missing, why=why)


@job("payments.tell_dispute")
def tell_dispute(session: Session, dispute_id: str, news: str) -> None:
    """Mail a coach that a bank questions what pays her ("opened"), and what it has decided ("won", "lost").

    Not of a charge that nothing was sold for, since none of it is hers; nor what is no longer so, or not yet.
    """
    dispute = session.get_one(Dispute, dispute_id)
    payment = session.get_one(Payment, dispute.payment_id)
    user = _coach(session, payment.coach_id)
    if not payment.sold_for(dispute.charge_id) or user.closed_at:
        return
    if news != "lost" and queries.is_disputed(session, dispute.charge_id) != (news == "opened"):
        return
    mail_to(
        session,
        user,
        f"payments/mail/dispute_{news}.txt",
        key=f"payments:{dispute_id}:{news}",
        titles=_titles(session, payment),
        taken=Money(dispute.taken, dispute.currency),
        charged=Money(payment.charged, payment.currency),
        page=absolute_url("desk.earnings", in_language=user.language),
    )


def _coach(session: Session, coach_id: UUID) -> User:
    return session.get_one(User, session.get_one(Coach, coach_id).user_id)


def _titles(session: Session, payment: Payment) -> str:
    return ", ".join(line.title for line in queries.lines(session, payment.order_id))
