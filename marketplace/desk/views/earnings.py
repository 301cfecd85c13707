"""What a coach earned and where it is, the file of her books, and what her receipts say."""

from collections.abc import Iterator, Sequence
from typing import Any

from babel.dates import format_skeleton
from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace import clock
from marketplace.db import current_session
from marketplace.desk import queries
from marketplace.desk.csv_file import text_of
from marketplace.desk.queries import SOLD_PAGE, Movement, Purse
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach
from marketplace.payments import queries as payments
from marketplace.payments import receipt_queries as receipts
from marketplace.payments import service
from marketplace.payments.forms import RegistrationForm
from marketplace.payments.receipt_words import line_name, tax_name
from marketplace.payments.requirement_words import asked, why_shut
from marketplace.places.models import Place
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse
from marketplace.web.languages import language

CHARTED_MONTHS = 12
LAST_PAGE = 500
TAXES = ("GST", "HST", "QST")


@bp.get("/coach/earnings")
@reads
@role("coach")
def earnings() -> ResponseReturnValue:
    """Held, on its way, paid out, month by month and session by session."""
    session, coach = current_session(), my_coach()
    page = max(0, min(request.args.get("page", 0, type=int), LAST_PAGE))
    account = payments.payout_account(session, coach.id)
    purses, sold = queries.earnings(session, coach), queries.sold(session, coach, page)
    return render_template(
        "desk/earnings.html",
        coach=coach,
        purses=[(purse, _named(purse), _chart(purse)) for purse in purses],
        account=account,
        asked=asked(account.missing) if account else [],
        why_shut=why_shut(account.disabled_reason) if account else None,
        sold=sold[:SOLD_PAGE],
        has_more=len(sold) > SOLD_PAGE,
        page=page,
    )


@bp.get("/coach/earnings.csv")
@reads
@role("coach")
def earnings_file() -> ResponseReturnValue:
    """Every movement of her money as a file for a spreadsheet or an accountant; UTF-8 with a mark at its beginning."""
    session, coach = current_session(), my_coach()
    text = text_of(_columns(), (list(_row(each)) for each in queries.movements(session, coach)))
    answer = Response(text, content_type="text/csv; charset=utf-8")
    name = f"runsight-{coach.slug}-{clock.now():%Y-%m-%d}.csv"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@bp.get("/coach/earnings/receipts")
@reads
@role("coach")
def receipt_details() -> ResponseReturnValue:
    """What her receipts say: the address of her practice and her tax numbers."""
    session, coach = current_session(), my_coach()
    place = session.get_one(Place, coach.place_id)
    said = receipts.registration(session, coach.id)
    return render_template("desk/receipts.html", coach=coach, place=place, said=said, home=place.label(language()))


@bp.post("/coach/earnings/receipts")
@writes(again=receipt_details)
@role("coach")
def edit_receipt_details() -> ResponseReturnValue:
    """Say it from now on."""
    service.register(current_session(), my_coach().id, **parse(RegistrationForm).model_dump())
    flash(_("Saved. Receipts say so from now on; those that are out stay as they are."), "good")
    return redirect(url_for("desk.earnings"), 303)


def _named(purse: Purse) -> list[tuple[str, queries.Month]]:
    return [(format_skeleton("yMMMM", month.first, locale=get_locale() or "en"), month) for month in purse.months]


def _chart(purse: Purse) -> dict[str, Any]:
    """The last months as the chart takes them, the first one first, in whole units of the currency."""
    months: Sequence[queries.Month] = purse.months[:CHARTED_MONTHS][::-1]
    return {
        "months": [format_skeleton("yMMM", month.first, locale=get_locale() or "en") for month in months],
        "earned": [(month.earned - month.given_back) / 100 for month in months],
        "sent": [month.sent / 100 for month in months],
        "names": [_("Earned"), _("Sent to you"), _("Month")],
        "currency": purse.currency,
        "language": language(),
    }


def _columns() -> list[str]:
    money = [_("Paid by the runner"), _("Given back"), _("Our fee"), _("Your share"), _("Sent to you")]
    within = [_("%(tax)s in it", tax=tax_name(tax)) for tax in TAXES]
    return [
        *(_("Time (UTC)"), _("What"), _("Session"), _("Session on (UTC)"), _("Runner"), _("Currency")),
        *money,
        *within,
        _("Entry"),
    ]


def _row(each: Movement) -> Iterator[str | int | None]:
    kinds = {
        "charge": _("Payment"),
        "earned": _("Session done"),
        "refund": _("Refund"),
        "refund-failed": _("Refund that came back"),
        "added-back": _("Our part of a code, taken back"),
        "transfer": _("Transfer to you"),
        "reversal": _("Taken back from your account"),
        "written-off": _("Owed by you, let go"),
        "dispute-lost": _("Taken back by the bank"),
    }
    starts_at = each.booking.starts_at if each.booking else None
    yield from (
        f"{each.at:%Y-%m-%d %H:%M:%S}",
        kinds.get(each.kind, each.kind),
        line_name(each.line) if each.line else "",
    )
    yield from (f"{starts_at:%Y-%m-%d %H:%M}" if starts_at else "", each.runner, each.currency)
    yield from (each.paid, each.given_back, each.fee, each.share, each.sent)
    yield from (each.taxes.get(tax) for tax in TAXES)
    yield each.source
