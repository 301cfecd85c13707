"""Codes of Stripe's, reasons and jobs in plain words, and how refusals to staff are said."""

from flask_babel import gettext as _

from marketplace.jobs import Job
from marketplace.web.errors import words

words(
    {
        "amount-needed": lambda **facts: _("Please say how much goes back."),
        "dispute-closed": lambda **facts: _("The bank has decided already."),
        "evidence-sent": lambda **facts: _("The evidence was sent already; it can be sent once."),
        "evidence-refused": lambda **facts: _(
            "Stripe did not take it: %(because)s. Nothing was sent; the file can still be given on Stripe’s own pages.",
            because=facts["because"],
        ),
        "not-printed": lambda **facts: _("The file could not be made just now. Please try again in a minute."),
        "job-not-dead": lambda **facts: _("This job is on its way already."),
    }
)


def failure(code: str | None) -> str:
    """Why Stripe refused, in a sentence that says what to do; its own code or words where we have none."""
    said = {
        "balance_insufficient": _("The coach’s account at Stripe can’t cover it. It may fill with other sessions."),
        "insufficient_capabilities_for_transfer": _(
            "Stripe does not pay this coach just now: something is missing in the account. The coach sees what."
        ),
        "account_closed": _("The coach’s account at Stripe is closed."),
        "charge_disputed": _("The bank questions the payment; what it decides comes first."),
        "charge_already_refunded": _("All of the payment has gone back already."),
        "lost_or_stolen_card": _("The card is lost or stolen. Ask the runner how else to pay it back."),
        "expired_or_canceled_card": _("The card is no longer valid. Ask the runner how else to pay it back."),
        "insufficient_funds": _("Our balance at Stripe can’t cover it."),
        "resource_missing": _("Stripe does not know what this is about."),
    }
    return said.get(code or "", _("Stripe says: %(code)s", code=code) if code else _("Stripe did not say why."))


def reason(code: str) -> str:
    """Why a payer's bank questions a payment."""
    said = {
        "fraudulent": _("the card’s owner says it was not her payment"),
        "product_not_received": _("the payer says nothing was delivered"),
        "product_unacceptable": _("the payer says it was not as described"),
        "duplicate": _("the payer says it was charged twice"),
        "credit_not_processed": _("the payer says a refund was promised"),
        "unrecognized": _("the payer does not recognize it"),
        "subscription_canceled": _("the payer says it was cancelled"),
    }
    return said.get(code, code or _("no reason given"))


def job_error(job: Job) -> str:
    """The last line of what a job failed with."""
    lines = (job.error or "").strip().splitlines()
    return lines[-1][:300] if lines else _("No worker survived it.")


def account_kind(name: str) -> str:
    """A kind of account of the books."""
    said = {
        "stripe": _("At Stripe"),
        "stripe_fees": _("Stripe’s fees"),
        "disputes": _("In dispute"),
        "losses": _("Losses"),
        "promotions": _("Our codes"),
        "bank": _("Paid out to our bank"),
        "held": _("Held for sessions"),
        "credits": _("Credits of packages"),
        "coach": _("Owed to coaches"),
        "fee_income": _("Our share"),
    }
    return said.get(name, name)
