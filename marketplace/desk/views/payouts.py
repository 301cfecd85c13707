"""The way to Stripe, where a coach sets up how she is paid, and back."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.db import current_session, transaction
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.earnings import earnings
from marketplace.desk.views.shared import my_coach
from marketplace.errors import Conflict
from marketplace.payments import queries as payments
from marketplace.payments import service
from marketplace.payments.answers import Refused, Unclear
from marketplace.payments.models import PayoutAccount
from marketplace.places.models import Place
from marketplace.web.app import own_transaction, shown_again
from marketplace.web.auth import role
from marketplace.web.languages import absolute_url, language


@bp.post("/coach/payouts")
@own_transaction
@role("coach")
def open_payouts() -> ResponseReturnValue:
    """Go to Stripe's page where the account is set up."""
    try:
        return redirect(_page_at_stripe(), 303)
    except Conflict as refusal:
        return shown_again(earnings, refusal)


@bp.get("/coach/payouts/again")
@own_transaction
@role("coach")
def renew_payouts() -> ResponseReturnValue:
    """From an address of Stripe's that was used or too old, on to a new one; nothing is opened that was not before."""
    known = _account()
    if known is None or known.stripe_account_id is None:
        return redirect(url_for("desk.earnings"))
    try:
        return redirect(_page_at_stripe(), 303)
    except Conflict as refusal:
        return shown_again(earnings, refusal)


@bp.get("/coach/payouts")
@own_transaction
@role("coach")
def payouts() -> ResponseReturnValue:
    """Back from Stripe: take in how the account stands there."""
    known = _account()
    try:
        if known and known.stripe_account_id:
            service.look_at_account(known.stripe_account_id)
    except (Refused, Unclear):
        flash(_("Stripe does not answer just now. We look again by ourselves."), "warn")
        return redirect(url_for("desk.earnings"))
    now = _account()
    if now and now.payouts_enabled and not (known and known.payouts_enabled):
        flash(_("Stripe can pay you now, so runners can book you."), "good")
    return redirect(url_for("desk.earnings"))


def _account() -> PayoutAccount | None:
    with transaction(write=False) as session:
        return payments.payout_account(session, my_coach().id)


def _page_at_stripe() -> str:
    with transaction(write=False):
        coach, email = my_coach(), me().email
        country = current_session().get_one(Place, coach.place_id).country
    spoken = language()
    return service.open_account(
        coach.id,
        email=email,
        country=country,
        return_url=absolute_url("desk.payouts", in_language=spoken),
        refresh_url=absolute_url("desk.renew_payouts", in_language=spoken),
    )
