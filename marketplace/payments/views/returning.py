"""To Stripe's page and back, the same for whatever is bought; the views of what is sold call it."""

from uuid import UUID

from flask import flash, request
from flask_babel import gettext as _

from marketplace import log
from marketplace.errors import DomainError
from marketplace.payments import service
from marketplace.payments.receipt_words import line_name

SESSION = "{CHECKOUT_SESSION_ID}"  # Stripe puts the id of its session there


def page_at_stripe(order_id: UUID, *, done: str, cancel: str, email: str) -> str:
    """The address of Stripe's page, which leads back to `done` or `cancel`. Refusals as `service.begin_checkout`."""
    return service.begin_checkout(
        order_id,
        success_url=f"{done}?session_id={SESSION}",
        cancel_url=cancel,
        customer_email=email,
        line_name=line_name,
    )


def settle_now(what: UUID) -> None:
    """The payer is back: look at Stripe whether it was paid; while that is unclear, she hears that nothing is lost."""
    checkout_id = request.args.get("session_id", "")
    try:
        if checkout_id.startswith("cs_"):
            service.settle(checkout_id)
    except DomainError as error:
        log.warning("payment can't be looked at", kind=error.kind, what=str(what))
        flash(_("We are still waiting for the payment to be confirmed. You will get a mail; nothing is lost."), "warn")
