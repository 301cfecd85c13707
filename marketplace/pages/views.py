"""Terms, privacy, cancellation rules, how coaches are checked, contact."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.db import current_session
from marketplace.mail import send_later
from marketplace.pages.forms import ContactForm
from marketplace.pages.terms import IN_FORCE_ON, TERMS_VERSION
from marketplace.settings import Settings
from marketplace.web.app import reads, writes
from marketplace.web.auth import public
from marketplace.web.forms import parse

bp = Blueprint("pages", __name__)


@bp.get("/terms")
@reads
@public
def terms() -> ResponseReturnValue:
    """What runner, coach and site owe each other."""
    return _text("terms")


@bp.get("/privacy")
@reads
@public
def privacy() -> ResponseReturnValue:
    """What is kept of a person, why, how long, and what she may ask."""
    return _text("privacy")


@bp.get("/cancellation")
@reads
@public
def cancellation() -> ResponseReturnValue:
    """When money comes back."""
    return _text("cancellation")


@bp.get("/how-coaches-are-checked")
@reads
@public
def checks() -> ResponseReturnValue:
    """What is looked at before a coach is listed."""
    return _text("checks")


@bp.get("/contact")
@reads
@public
def contact() -> ResponseReturnValue:
    """A form to the people who run the site."""
    return render_template("pages/contact.html")


@bp.post("/contact")
@writes(again=contact)
@public
def write() -> ResponseReturnValue:
    """Send the message to the operator's address."""
    form = parse(ContactForm)
    settings: Settings = current_app.extensions["settings"]
    text = f"{form.name} <{form.email}>\n\n{form.message}\n"
    send_later(current_session(), to=settings.mail_from, subject=f"Contact: {form.name}", text=text)
    flash(_("Your message is on its way. We answer within two working days."), "good")
    return redirect(url_for("pages.contact"))


def _text(name: str) -> str:
    """A long text in the reader's language: each language has a template of its own."""
    locale = get_locale()
    language = locale.language if locale else "en"
    return render_template(f"pages/{language}/{name}.html", version=TERMS_VERSION, in_force_on=IN_FORCE_ON)
