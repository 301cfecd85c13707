"""What Stripe says of a Checkout Session, taken in once, by whoever asks first: webhook, return page or sweeper."""

from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session

from marketplace import clock, log
from marketplace.db import transaction
from marketplace.errors import Conflict, NotFound
from marketplace.jobs import enqueue, publish
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Charged, Checkout, Refused, Unclear
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Payment
from marketplace.payments.service import books, receipting
from marketplace.payments.service.refunding import give_back
from marketplace.payments.states import PaymentStatus


@dataclass(frozen=True)
class Bought:
    """A payment and what it pays, by reference."""

    payment: Payment
    parts: dict[str, int]


def settle(checkout_session_id: str) -> None:
    """Bring payment and order to where the session is at Stripe. Does nothing when they are there already.

    Asks Stripe outside any transaction, then changes everything in one. Publishes `payment.succeeded`,
    `payment.expired`, or `payment.rejected` where what came is not what was agreed. NotFound `checkout` for an id that
    is not ours, Conflict `stripe-away`.
    """
    try:
        checkout = stripe().retrieve_checkout(checkout_session_id)
    except (Refused, Unclear) as problem:
        if isinstance(problem, Refused) and problem.is_unknown:
            raise NotFound("checkout") from problem
        raise Conflict("stripe-away", code=problem.code) from problem
    take(checkout)


def take(checkout: Checkout) -> None:
    """The same for a session that was looked at a moment ago. Its own transaction; NotFound `checkout`."""
    with transaction() as session:
        take_over(session, checkout)


def take_over(session: Session, checkout: Checkout) -> None:
    """Take in a session as Stripe has just described it. NotFound `checkout` for one that is not ours."""
    payment_id = queries.payment_by_session(session, checkout.id) or _uuid(checkout.payment_id)
    if payment_id is None:
        raise NotFound("checkout")
    payment = queries.locked_payment(session, payment_id=payment_id)
    if checkout.charged:
        _paid(session, _bought(session, payment), checkout, checkout.charged)
    elif checkout.status == "expired" and payment.checkout_session_id == checkout.id and payment.is_open:
        payment.make(session, "expire", by="system", reason="expired at Stripe")
        session.flush()
        publish(session, "payment.expired", order_id=payment.order_id)


def _bought(session: Session, payment: Payment) -> Bought:
    lines = queries.lines(session, payment.order_id)
    return Bought(payment, {str(line.reference_id): line.amount for line in lines})


def _paid(session: Session, bought: Bought, checkout: Checkout, charged: Charged) -> None:
    payment = bought.payment
    if queries.has_entry(session, ledger.charge_source(charged.charge_id)):
        return
    if payment.status in (PaymentStatus.PAID, PaymentStatus.REJECTED):
        _give_back(session, bought, charged, "paid-twice")
        return
    agreed = (payment.amount, payment.currency, str(payment.order_id))
    if charged.is_converted or (charged.amount, charged.currency, checkout.reference) != agreed:
        came = f"{charged.amount} {charged.currency}, settled in {charged.settled_in or charged.currency}"
        log.error("paid otherwise than agreed", payment=str(payment.id), charge=charged.charge_id, came=came)
        payment.make(session, "reject", by="system", reason=came)
        _note(payment, checkout, charged)
        _give_back(session, bought, charged, "paid-otherwise")
        session.flush()
        publish(session, "payment.rejected", order_id=payment.order_id)
        enqueue(session, "payments.tell_rejected", key=f"tell-rejected:{payment.id}", payment_id=payment.id)
        return
    payment.make(session, "pay" if payment.is_open else "pay-late", by="system")
    _note(payment, checkout, charged)
    entry = ledger.charged(charged.charge_id, bought.parts, charged.stripe_fee)
    books.write(session, entry, charged.currency, at_stripe=charged.charge_id)
    receipting.issue(session, payment, checkout.payer_province)
    publish(session, "payment.succeeded", order_id=payment.order_id)


def _note(payment: Payment, checkout: Checkout, charged: Charged) -> None:
    payment.charged, payment.paid_at = charged.amount, clock.now()
    payment.charge_id, payment.payment_intent_id = charged.charge_id, charged.payment_intent_id
    payment.checkout_session_id = checkout.id


def _give_back(session: Session, bought: Bought, charged: Charged, reason: str) -> None:
    """Send back a charge that nothing was sold for, whole."""
    reference = next(iter(bought.parts))
    entry = ledger.charged(charged.charge_id, {reference: charged.amount}, charged.stripe_fee)
    books.write(session, entry, charged.currency, at_stripe=charged.charge_id)
    give_back(session, bought.payment, charged, reference_id=UUID(reference), reason=reason)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None
