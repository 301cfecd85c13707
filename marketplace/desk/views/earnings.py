"""What a coach earned and where it is, and the way to Stripe that it takes."""

from babel.dates import format_skeleton
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.db import current_session, transaction
from marketplace.desk import queries
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach
from marketplace.errors import Conflict
from marketplace.payments import queries as payments
from marketplace.payments import service
from marketplace.payments.answers import Refused, Unclear
from marketplace.places.models import Place
from marketplace.web.app import own_transaction, reads, shown_again
from marketplace.web.auth import role
from marketplace.web.languages import absolute_url, language


@bp.get("/coach/earnings")
@reads
@role("coach")
def earnings() -> ResponseReturnValue:
    """Held, on its way, paid out, and month by month."""
    session, coach = current_session(), my_coach()
    found = queries.earnings(session, coach)
    return render_template(
        "desk/earnings.html",
        coach=coach,
        earnings=found,
        months=[(format_skeleton("yMMMM", month.first, locale=get_locale() or "en"), month) for month in found.months],
        account=payments.payout_account(session, coach.id),
    )


@bp.post("/coach/payouts")
@own_transaction
@role("coach")
def open_payouts() -> ResponseReturnValue:
    """Go to Stripe's page where the account is set up."""
    with transaction(write=False) as session:
        coach, email = my_coach(), me().email
        country = session.get_one(Place, coach.place_id).country
    spoken = language()
    try:
        page = service.open_account(
            coach.id,
            email=email,
            country=country,
            return_url=absolute_url("desk.payouts", in_language=spoken),
            refresh_url=absolute_url("desk.earnings", in_language=spoken),
        )
    except Conflict as refusal:
        return shown_again(earnings, refusal)
    return redirect(page, 303)


@bp.get("/coach/payouts")
@own_transaction
@role("coach")
def payouts() -> ResponseReturnValue:
    """Back from Stripe: take in how the account stands there."""
    with transaction(write=False) as session:
        account = payments.payout_account(session, my_coach().id)
        name = account.stripe_account_id if account else None
    try:
        if name:
            service.look_at_account(name)
    except (Refused, Unclear):
        flash(_("Stripe does not answer just now. We look again by ourselves."), "warn")
    return redirect(url_for("desk.earnings"))
