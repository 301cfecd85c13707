"""The way to Stripe's page and back without paying. Each function uses transactions of its own."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from marketplace import clock
from marketplace.db import new_id, transaction
from marketplace.errors import Conflict
from marketplace.payments import queries
from marketplace.payments.answers import Checkout, Purchase, Refused, Unclear
from marketplace.payments.gateway import stripe
from marketplace.payments.models import OrderLine, Payment
from marketplace.payments.service.settling import settle, take
from marketplace.payments.states import PaymentStatus

LEAST = timedelta(minutes=30, seconds=30)
"""Stripe's shortest session is 30 minutes; half a minute for the call and for clocks that differ."""
ROOM = timedelta(minutes=32)
SKEW = timedelta(hours=1)
TRIES = 4
LineName = Callable[[OrderLine], str]


def _title(line: OrderLine) -> str:
    return line.title


def begin_checkout(
    order_id: UUID, *, success_url: str, cancel_url: str, customer_email: str, line_name: LineName = _title
) -> str:
    """The address of Stripe's page for an order; the open one when there is one.

    `success_url` may contain {CHECKOUT_SESSION_ID}; `line_name`: how a line is called there. Conflict `already-paid`,
    `payment-over`, `payment-rejected`, `stripe-away`.
    """
    for _ in range(TRIES):
        open_url = _page_of_an_earlier_try(order_id)
        if open_url:
            return open_url
        payment_id, attempt, purchase = _note_the_call(order_id, success_url, cancel_url, customer_email, line_name)
        try:
            made = stripe().create_checkout(purchase, key=f"checkout:{payment_id}:{attempt}")
        except (Refused, Unclear) as problem:
            if isinstance(problem, Refused) or problem.code == "idempotency":
                _take_a_new_attempt(payment_id, attempt)
            if problem.code == "idempotency":  # the key was used with another email address
                continue
            raise Conflict("stripe-away", code=problem.code) from problem
        if _remember(payment_id, attempt, made):
            _end_others(order_id, made)
            return made.url or ""
        _end([made])  # another attempt took its place meanwhile, or the order is over
    raise Conflict("stripe-away", code="attempts")


def abandon(order_id: UUID) -> bool:
    """Make sure that an order can't be paid any more; False when it was paid just before, and is settled now.

    Raises Conflict `stripe-away` while Stripe can't be asked.
    """
    with transaction(write=False) as session:
        payment = queries.payment_of(session, order_id)
        if not payment.is_open:
            return payment.status != PaymentStatus.PAID
    _end(_all_of(payment))
    with transaction() as session:
        payment = queries.locked_payment(session, order_id=order_id)
        if payment.is_open:
            payment.make(session, "expire", by="system", reason="given up")
        return payment.status != PaymentStatus.PAID


def sessions_of(payment: Payment) -> list[Checkout]:
    """The Checkout Sessions of a payment as they stand at Stripe, also those that nobody remembers.

    One attempt makes one session; those of earlier attempts, and one made just before a crash, only Stripe can name.
    """
    if payment.checkout_session_id and payment.attempt == 1:
        return [stripe().retrieve_checkout(payment.checkout_session_id)]
    if payment.called_at:
        return stripe().find_checkouts(str(payment.id), since=payment.called_at - SKEW)
    return []


def end(checkout: Checkout) -> None:
    """End a session, as Stripe has just described it, if it is open; else take in whatever became of it."""
    if checkout.status == "open":
        try:
            stripe().expire_checkout(checkout.id, key=f"expire:{new_id()}")
        except Refused:
            settle(checkout.id)  # paid, or over, a moment ago
    elif checkout.charged:
        take(checkout)


def _page_of_an_earlier_try(order_id: UUID) -> str | None:
    with transaction(write=False) as session:
        payment = queries.payment_of(session, order_id)
    if payment.is_open and payment.checkout_session_id:
        with _stripe_may_be_away():
            checkout = stripe().retrieve_checkout(payment.checkout_session_id)
        if checkout.status == "open":
            return checkout.url
        take(checkout)
    return None


def _note_the_call(
    order_id: UUID, success_url: str, cancel_url: str, customer_email: str, line_name: LineName
) -> tuple[UUID, int, Purchase]:
    """Commit that Stripe is about to be asked, so that a session made before a crash is looked for."""
    now = clock.now()
    with transaction() as session:
        payment = queries.locked_payment(session, order_id=order_id)
        _check_open(payment)
        if payment.expires_at - now < LEAST:
            payment.make(session, "extend", by="system")
            payment.expires_at = now + ROOM
            payment.begin_attempt()
        payment.called_at = payment.called_at or now
        payment.success_url, payment.cancel_url = payment.success_url or success_url, payment.cancel_url or cancel_url
        lines = tuple((line_name(line), line.amount) for line in queries.lines(session, order_id) if line.amount)
        purchase = Purchase(
            payment_id=str(payment.id),
            order_id=str(order_id),
            lines=lines,
            currency=payment.currency,
            email=customer_email,
            success_url=payment.success_url,
            cancel_url=payment.cancel_url,
            expires_at=_whole(payment.expires_at),
        )
        return payment.id, payment.attempt, purchase


def _check_open(payment: Payment) -> None:
    if payment.status == PaymentStatus.PAID:
        raise Conflict("already-paid")
    if payment.status == PaymentStatus.REJECTED:
        raise Conflict("payment-rejected")
    if not payment.is_open:
        raise Conflict("payment-over", status=payment.status.value)


def _take_a_new_attempt(payment_id: UUID, attempt: int) -> None:
    """Begin another attempt, unless this one has made its session, or another has begun, in the meantime."""
    with transaction() as session:
        payment = queries.locked_payment(session, payment_id=payment_id)
        if payment.attempt == attempt and payment.checkout_session_id is None:
            payment.begin_attempt()


def _remember(payment_id: UUID, attempt: int, made: Checkout) -> bool:
    """Keep the session of this attempt; False when it must not be paid: the attempt or the order is over."""
    with transaction() as session:
        payment = queries.locked_payment(session, payment_id=payment_id)
        if not payment.is_open or payment.attempt != attempt or made.url is None:
            return False
        if payment.checkout_session_id != made.id:
            payment.make(session, "begin", by="payer")
            payment.checkout_session_id = made.id
        return True


def _end_others(order_id: UUID, made: Checkout) -> None:
    """End what earlier attempts left open at Stripe. Conflict `already-paid` when one of them was paid."""
    with transaction(write=False) as session:
        payment = queries.payment_of(session, order_id)
    if payment.attempt == 1:
        return
    _end([checkout for checkout in _all_of(payment) if checkout.id != made.id])
    with transaction(write=False) as session:
        over = not queries.payment_of(session, order_id).is_open
    if over:
        _end([made])
        raise Conflict("already-paid")


def _all_of(payment: Payment) -> list[Checkout]:
    with _stripe_may_be_away():
        return sessions_of(payment)


def _end(checkouts: Iterable[Checkout]) -> None:
    with _stripe_may_be_away():
        for checkout in checkouts:
            end(checkout)


@contextmanager
def _stripe_may_be_away() -> Iterator[None]:
    try:
        yield
    except (Refused, Unclear) as problem:
        raise Conflict("stripe-away", code=problem.code) from problem


def _whole(instant: datetime) -> datetime:
    """Stripe counts whole seconds."""
    return instant.replace(microsecond=0)
