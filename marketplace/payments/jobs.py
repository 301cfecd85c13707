"""Jobs of payments: all of them speak to Stripe, so none holds a transaction."""

from uuid import UUID

from marketplace.jobs import job
from marketplace.payments import service


@job("payments.take_event", transactional=False)
def take_event(event_id: str) -> None:
    """Look at what an event of Stripe's is about."""
    service.take_event(event_id)


@job("payments.send_refund", transactional=False)
def send_refund(refund_id: str) -> None:
    """Send a refund that was decided."""
    service.send_refund(UUID(refund_id))


@job("payments.look_at_refunds", transactional=False)
def look_at_refunds(charge_id: str) -> None:
    """Look at what has gone back of a charge."""
    service.look_at_refunds(charge_id)


@job("payments.send_reversal", transactional=False)
def send_reversal(reversal_id: str) -> None:
    """Take back what a coach was sent too much."""
    service.send_reversal(UUID(reversal_id))


@job("payments.compare", transactional=False)
def compare() -> None:
    """Look at what Stripe has booked and we have not."""
    service.compare()


@job("payments.sweep", transactional=False)
def sweep() -> None:
    """Look after what hangs."""
    service.sweep()


@job("payments.release", transactional=False)
def release() -> None:
    """Send the coaches' shares that are due."""
    service.release_due()
