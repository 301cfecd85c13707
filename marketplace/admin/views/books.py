"""The books: balances day by day, and where they differ from Stripe's."""

from datetime import UTC, date

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.admin import queries
from marketplace.admin.forms import BooksQuery
from marketplace.admin.views import words
from marketplace.admin.views.blueprint import bp
from marketplace.db import current_session, transaction
from marketplace.payments import invariants
from marketplace.payments import service as payments
from marketplace.payments.answers import StripeError
from marketplace.web.app import own_transaction, reads
from marketplace.web.auth import role
from marketplace.web.forms import parse_query


@bp.get("/books")
@reads
@role("staff")
def books() -> ResponseReturnValue:
    """A month of one currency: nothing is ever added across currencies."""
    session, asked = current_session(), parse_query(BooksQuery)
    currencies = queries.used_currencies(session)
    currency = asked.currency if asked.currency in currencies else next(iter(currencies), "CAD")
    months = queries.months(session, currency)
    today = clock.now().astimezone(UTC).date().replace(day=1)
    month = date.fromisoformat(f"{asked.month}-01") if asked.month else next(iter(months), today)
    days = queries.days(session, currency, month)
    return render_template(
        "admin/books.html",
        days=days,
        kinds=queries.kinds(days),
        currency=currency,
        currencies=currencies,
        month=month,
        months=months,
        words=words,
        broken=invariants.broken(session),
    )


@bp.get("/books/differences")
@own_transaction
@role("staff")
def differences() -> ResponseReturnValue:
    """What moved money in the last 30 days at Stripe otherwise than in our books, one by one."""
    found, away = [], False
    try:
        found = payments.differences()
    except StripeError:
        away = True
    with transaction(write=False):
        return render_template("admin/differences.html", found=found, away=away)


@bp.post("/books/differences/looks")
@own_transaction
@role("staff")
def look() -> ResponseReturnValue:
    """Look at the refunds, reversals and disputes among them now, rather than in some hours."""
    try:
        looked = payments.compare()
        flash(_("%(count)s looked at. What can be taken into the books is there now.", count=looked), "good")
    except StripeError:
        flash(_("Stripe does not answer just now. We look again by ourselves."), "warn")
    return redirect(url_for("admin.differences"), 303)
