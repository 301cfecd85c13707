"""The gateway of the current app; tests give the app another in `app.extensions`."""

from typing import cast

from flask import current_app

from marketplace.payments.stripe import Stripe


def stripe() -> Stripe:
    """The door to Stripe of this app."""
    return cast(Stripe, current_app.extensions["stripe"])
