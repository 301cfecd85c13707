"""What nobody came back for: payments whose news never came, refunds and transfers without an answer."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

from marketplace import clock, log
from marketplace.db import transaction
from marketplace.errors import DomainError
from marketplace.jobs import publish
from marketplace.payments import queries
from marketplace.payments.answers import StripeError
from marketplace.payments.models import Payment
from marketplace.payments.service.accounts import accounts_to_look_at, look_at_account
from marketplace.payments.service.checkout import end, sessions_of
from marketplace.payments.service.earning import retry_transfer, send_transfer
from marketplace.payments.service.refunding import retry_refund, send_refund
from marketplace.payments.service.reversing import retry_reversal, send_reversal
from marketplace.payments.service.settling import take
from marketplace.payments.states import RefundStatus, ReversalStatus

LOOK_AGAIN = timedelta(minutes=2)
SEND_AGAIN = timedelta(minutes=5)
TRY_AGAIN = timedelta(hours=24)
AT_ONCE = 50
Thing = TypeVar("Thing")


def sweep() -> int:
    """Look after what hangs; how many things were looked at. Its own transactions; one that fails stops no other."""
    now = clock.now()
    with transaction(write=False) as session:
        payments = queries.stale_payments(session, now=now, looked_before=now - LOOK_AGAIN, limit=AT_ONCE)
        unsent = queries.refunds_in(session, RefundStatus.PENDING, called_before=now - SEND_AGAIN, limit=AT_ONCE)
        failed = queries.refunds_in(session, RefundStatus.FAILED, called_before=now - TRY_AGAIN, limit=AT_ONCE)
    with transaction() as session:
        accounts = accounts_to_look_at(session)
    _each(look_at_account, accounts)
    done = _each(look_at_payment, payments) + _each(send_refund, unsent) + _each(_try_again, failed)
    return done + _sweep_reversals()


def _sweep_reversals() -> int:
    now = clock.now()
    with transaction(write=False) as session:
        unsent = queries.reversals_in(session, ReversalStatus.PENDING, called_before=now - SEND_AGAIN, limit=AT_ONCE)
        failed = queries.reversals_in(session, ReversalStatus.FAILED, called_before=now - TRY_AGAIN, limit=AT_ONCE)
    return _each(send_reversal, unsent) + _each(_take_back_anew, failed)


def release_due() -> int:
    """Send the coaches' shares whose time has come; how many were looked at. Its own transactions."""
    now = clock.now()
    with transaction(write=False) as session:
        failed = queries.transfers_failed(session, called_before=now - TRY_AGAIN, limit=AT_ONCE)
    _each(_send_anew, failed)
    with transaction(write=False) as session:
        due = queries.transfers_due(session, now=now, limit=AT_ONCE)
    return _each(send_transfer, due)


def look_at_payment(payment: Payment) -> None:
    """Ask Stripe what became of a pending payment; one that is over and was not paid ends here."""
    now = clock.now()
    over = payment.expires_at < now
    for checkout in sessions_of(payment):
        if over and checkout.status == "open":
            end(checkout)
        else:
            take(checkout)
    with transaction() as session:
        payment = queries.locked_payment(session, payment_id=payment.id)
        payment.swept_at = now
        if over and payment.is_open and payment.expires_at < now:
            payment.make(session, "expire", by="system", reason="nobody paid")
            session.flush()
            publish(session, "payment.expired", order_id=payment.order_id)


def _try_again(refund_id: UUID) -> None:
    """A failed refund is tried once a day, as a new attempt: the runner's money is not ours to keep."""
    with transaction() as session:
        retry_refund(session, refund_id, by="system")


def _send_anew(transfer_id: UUID) -> None:
    """The same for a coach's share."""
    with transaction() as session:
        retry_transfer(session, transfer_id, by="system")


def _take_back_anew(reversal_id: UUID) -> None:
    """And for what she was sent too much: her account may have filled since."""
    with transaction() as session:
        retry_reversal(session, reversal_id, by="system")


def _each(act: Callable[[Thing], None], things: Iterable[Thing]) -> int:
    done = 0
    for thing in things:
        try:
            act(thing)
        except (StripeError, DomainError) as problem:
            log.warning("left for the next sweep", what=act.__name__, problem=str(problem))
        done += 1
    return done
