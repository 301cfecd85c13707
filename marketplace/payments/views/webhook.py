"""Where Stripe tells us news, and how refusals of payments are worded."""

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.db import transaction
from marketplace.payments import service
from marketplace.payments.answers import NotEvent, NotStripe
from marketplace.payments.gateway import stripe
from marketplace.payments.views.blueprint import bp
from marketplace.web.app import own_transaction
from marketplace.web.auth import public
from marketplace.web.errors import problem, words
from marketplace.web.security import csrf

words(
    {
        "stripe-away": lambda **facts: _(
            "The payment service does not answer just now. Nothing was charged; please try again in a minute."
        ),
        "payouts-lost": lambda **facts: _(
            "Stripe has closed your account here, or you took it from us. Press again to open another one."
        ),
        "payouts-country": lambda **facts: _("Stripe does not pay coaches in your country yet. Please write to us."),
        "payouts-refused": lambda **facts: _(
            "Stripe would not open your account just now. Please try again, and write to us if it stays so."
        ),
        "number-gst-hst": lambda **facts: _("A GST/HST number has nine digits, RT and four digits: 123456789 RT0001."),
        "number-qst": lambda **facts: _("A QST number has ten digits, TQ and four digits: 1234567890 TQ0001."),
        "number-vat": lambda **facts: _(
            "This does not look like a tax number. Write it with the letters in front of it."
        ),
        "already-paid": lambda **facts: _("This is paid already. You were not charged again."),
        "payment-over": lambda **facts: _(
            "The time to pay is over and nothing was charged. Please choose a time again."
        ),
        "payment-rejected": lambda **facts: _(
            "What was charged was not what was agreed, so all of it goes back to your card. You can order it anew."
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
