"""Terms, privacy, cancelling, how coaches are checked, contact. The long texts are one template a language."""

from email.utils import parseaddr

from babel.dates import format_date
from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.db import current_session, new_id
from marketplace.pages import service
from marketplace.pages.forms import ContactForm
from marketplace.pages.versions import IN_FORCE_SINCE, TERMS_VERSION
from marketplace.settings import Settings
from marketplace.web.app import reads, writes
from marketplace.web.auth import public
from marketplace.web.errors import words
from marketplace.web.forms import parse
from marketplace.web.indexing import indexed
from marketplace.web.languages import language

bp = Blueprint("pages", __name__)
words(
    {
        "messages-many": lambda **facts: _(
            "We have had many messages just now. Please keep yours and send it in an hour, or write us a mail."
        )
    }
)


@bp.get("/terms")
@reads
@public
@indexed
def terms() -> ResponseReturnValue:
    """What using Runsight means for both sides."""
    return _text("terms")


@bp.get("/privacy")
@reads
@public
@indexed
def privacy() -> ResponseReturnValue:
    """What we keep, why, for how long."""
    return _text("privacy")


@bp.get("/cancellation")
@reads
@public
@indexed
def cancellation() -> ResponseReturnValue:
    """Who gets what back when."""
    return _text("cancellation")


@bp.get("/how-coaches-are-checked")
@reads
@public
@indexed
def checks() -> ResponseReturnValue:
    """What we look at before a coach is listed, and what we don't."""
    return _text("checks")


@bp.get("/contact")
@reads
@public
@indexed
def contact() -> ResponseReturnValue:
    """A form that reaches us."""
    return render_template("pages/contact.html", fresh_id=new_id(), operator=_operator())


@bp.post("/contact")
@writes(again=contact)
@public
def send() -> ResponseReturnValue:
    """Mail the message to the operator; what fell into the trap is dropped without a word."""
    form = parse(ContactForm)
    if not form.website:
        service.write_to_operator(
            current_session(),
            form.id,
            operator=_operator(),
            name=form.name,
            email=form.email,
            message=form.message,
            client=request.remote_addr or "unknown",
        )
    flash(_("Your message is on its way. We answer within two working days."), "good")
    return redirect(url_for("pages.contact"))


def _text(name: str) -> str:
    return render_template(
        f"pages/{language()}/{name}.html",
        version=TERMS_VERSION,
        since=format_date(IN_FORCE_SINCE, "long", locale=language()),
        operator=_operator(),
        fee=format(_settings().platform_fee_percent.normalize(), "f"),
    )


def _operator() -> str:
    return parseaddr(_settings().mail_from)[1]


def _settings() -> Settings:
    found: Settings = current_app.extensions["settings"]
    return found
