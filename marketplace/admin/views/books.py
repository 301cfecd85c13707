"""The books: balances day by day, and where they differ from Stripe's."""

from collections.abc import Sequence
from datetime import UTC, date
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.admin import queries, service
from marketplace.admin.forms import BooksQuery
from marketplace.admin.views import words
from marketplace.admin.views.blueprint import bp
from marketplace.db import current_session, transaction
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
    shown = _month(queries.months(session, currency), asked.month)
    days = queries.days(session, currency, shown["month"])
    shown |= {"currency": currency, "currencies": currencies, "days": days, "kinds": queries.kinds(days)}
    return render_template("admin/books.html", check=queries.last_check(session), words=words, **shown)


@bp.post("/books/checks")
@own_transaction
@role("staff")
def check_books() -> ResponseReturnValue:
    """Look through them now, rather than once a day."""
    service.check_books()
    return redirect(url_for("admin.books"), 303)


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
    with transaction(write=False) as session:
        heard_at = queries.heard_from_stripe_at(session)
        return render_template("admin/differences.html", found=found, away=away, heard_at=heard_at)


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


def _month(months: Sequence[date], asked: str) -> dict[str, Any]:
    """The month that is shown, the latest unless another is asked for; beside those that there are."""
    today = clock.now().astimezone(UTC).date().replace(day=1)
    return {"month": date.fromisoformat(f"{asked}-01") if asked else next(iter(months), today), "months": months}
