"""Where Stripe tells us news, and how refusals of payments are worded."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.db import transaction
from marketplace.payments import service
from marketplace.payments.answers import NotEvent, NotStripe
from marketplace.payments.gateway import stripe
from marketplace.web.app import own_transaction
from marketplace.web.auth import public
from marketplace.web.errors import problem, words
from marketplace.web.security import csrf

bp = Blueprint("payments", __name__)

words(
    {
        "stripe-away": lambda **facts: _(
            "The payment service does not answer just now. Nothing was charged; please try again in a minute."
        ),
        "already-paid": lambda **facts: _("This is paid already. You were not charged again."),
        "payment-over": lambda **facts: _(
            "The time to pay is over and nothing was charged. Please choose a time again."
        ),
        "not-paid": lambda **facts: _("Nothing was paid, so there is nothing to give back."),
        "refund-too-much": lambda **facts: _("That is more than is left to give back."),
    }
)


@bp.post("/webhooks/stripe")
@own_transaction
@public
def webhook() -> ResponseReturnValue:
    """Store a signed event once and answer after the commit; what it means is looked up later."""
    try:
        event = stripe().verify_webhook(request.get_data(), request.headers.get("Stripe-Signature", ""))
    except NotStripe:
        return problem(400, _("This was not signed by Stripe."), kind="bad-signature")
    except NotEvent:
        return problem(400, _("This is not an event of Stripe."), kind="bad-event")
    with transaction() as session:
        service.take_in(session, event)
    return {"received": True}


csrf.exempt(webhook)
