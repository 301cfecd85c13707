"""A receipt in words, in the language being spoken: what its page and its file both say."""

from typing import TypedDict

from babel import numbers
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.payments.models import OrderLine, Refund
from marketplace.payments.receipt_queries import Bill
from marketplace.payments.states import RefundStatus
from marketplace.printing import Block
from marketplace.web.filters import exact, long_day, percent
from marketplace.web.languages import viewer_zone

Pairs = list[tuple[str, str]]


class Words(TypedDict):
    """A receipt's title, and what it says as pairs of (label, value); `end` is what was paid in the end."""

    title: str
    head: Pairs
    lines: Pairs
    totals: Pairs
    refunds: Pairs
    end: Pairs


def said(bill: Bill) -> Words:
    """All of a receipt's words."""
    total, rest = bill.payment.cost, bill.payment.cost - bill.refunded
    return {
        "title": _("Receipt"),
        "head": _head(bill),
        "lines": [(named(bill, line), exact(bill.money(line.amount))) for line in bill.lines],
        "totals": [*_taxes(bill), (_("Paid by card"), exact(total))],
        "refunds": [(_refund(bill, each), exact(-bill.money(each.amount))) for each in bill.refunds],
        "end": [(_("Paid in the end"), exact(rest))] if bill.refunds else [],
    }


def blocks(words: Words) -> list[Block]:
    """The same as the blocks of a file."""
    *taxes, total = words["totals"]
    amounts = [(words["lines"], ""), (taxes, ""), ([total], "B"), (words["refunds"], ""), (words["end"], "B")]
    return [("heading", words["title"]), ("facts", words["head"]), *(("amounts", *each) for each in amounts)]


def named(bill: Bill, line: OrderLine) -> str:
    """What was bought, and the days on which it happens, in the viewer's zone."""
    days = (long_day(at.astimezone(viewer_zone()).date()) for at in bill.days.get(line.reference_id, ()))
    return " · ".join([line_name(line), *days])


def line_name(line: OrderLine) -> str:
    """What was bought; a tip bears the name of the session that it thanks for."""
    return _("Tip: %(title)s", title=line.title) if line.kind == "tip" else line.title


def tax_name(tax: str) -> str:
    """A tax as people call it."""
    return {"GST": _("GST"), "HST": _("HST"), "QST": _("QST")}.get(tax, tax)


def _head(bill: Bill) -> Pairs:
    receipt = bill.receipt
    facts = [
        (_("Number"), receipt.number),
        (_("Date"), long_day(receipt.issued_at.astimezone(viewer_zone()).date())),
        (_("From"), receipt.coach_name),
        (_("Address"), receipt.coach_address),
        (_("GST/HST number"), receipt.gst_hst),
        (_("QST number"), receipt.qst),
        (_("VAT or other tax number"), receipt.vat),
        (_("To"), receipt.payer_name),
        (_("Currency"), numbers.get_currency_name(bill.payment.currency, locale=get_locale() or "en")),
    ]
    return [(label, value) for label, value in facts if value]


def _taxes(bill: Bill) -> Pairs:
    if not bill.taxes:
        return []
    lines = [
        (f"{tax_name(each.tax)} {percent(each.percent)}", exact(bill.money(each.amount))) for each in bill.tax_totals
    ]
    return [(_("Before taxes"), exact(bill.net)), *lines]


def _refund(bill: Bill, refund: Refund) -> str:
    if refund.status != RefundStatus.SENT or refund.sent_at is None:
        return _("Refund, on its way")
    day, tax = long_day(refund.sent_at.astimezone(viewer_zone()).date()), bill.tax_in(refund)
    if tax:
        return _("Refund of %(day)s, %(tax)s of it taxes", day=day, tax=exact(tax))
    return _("Refund of %(day)s", day=day)
