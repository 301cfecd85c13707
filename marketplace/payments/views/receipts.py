"""A runner's receipts: the list, and each as a page and as a PDF file."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict
from marketplace.payments import receipt_queries as receipts
from marketplace.payments.receipt_queries import Bill
from marketplace.payments.receipt_words import blocks, line_name, said
from marketplace.payments.views.blueprint import bp
from marketplace.printing import printed
from marketplace.web.app import own_transaction, reads
from marketplace.web.auth import signed_in

bp.add_app_template_global(line_name)


@bp.get("/account/receipts")
@reads
@signed_in
def mine() -> ResponseReturnValue:
    """All receipts of a person, the newest first."""
    return render_template("payments/receipts.html", bills=receipts.bills(current_session(), me().id))


@bp.get("/account/receipts/<uuid:order_id>")
@reads
@signed_in
def receipt(order_id: UUID) -> ResponseReturnValue:
    """One receipt."""
    return page(order_id)


@bp.get("/account/receipts/<uuid:order_id>.pdf")
@own_transaction
@signed_in
def receipt_file(order_id: UUID) -> ResponseReturnValue:
    """The same as a file."""
    return file(order_id)


def page(order_id: UUID) -> str:
    """The receipt of an order of hers. NotFound `receipt`."""
    bill = _bill(order_id)
    return render_template("payments/receipt.html", bill=bill, said=said(bill), order_id=order_id)


def file(order_id: UUID) -> ResponseReturnValue:
    """The receipt as PDF, made by a program of its own, outside any transaction. NotFound `receipt`."""
    with transaction(write=False):
        bill = _bill(order_id)
        words = said(bill)
    try:
        body = printed(f"{words['title']} {bill.receipt.number}", blocks(words))
    except Conflict:
        flash(_("The file can’t be made just now. Print this page instead, or try again in a minute."), "warn")
        return redirect(url_for("payments.receipt", order_id=order_id))
    answer = Response(body, content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="runsight-{bill.receipt.number}.pdf"'
    return answer


def _bill(order_id: UUID) -> Bill:
    return receipts.bill(current_session(), order_id, me().id)
