"""What the pages of an account share: the blueprint, refusals in words, where to go after."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, current_app, make_response, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace import clock
from marketplace.accounts import links, passwords, policy, service
from marketplace.accounts.models import User
from marketplace.accounts.sessions import me, start
from marketplace.db import transaction
from marketplace.errors import Conflict, Invalid
from marketplace.settings import Settings
from marketplace.web.app import shown_again
from marketplace.web.errors import words

bp = Blueprint("accounts", __name__)
View = TypeVar("View", bound=Callable[..., Any])

words(
    {
        "too-often": lambda minutes, **facts: ngettext(
            "That was too often. Please wait a minute, or set a new password by mail.",
            "That was too often. Please wait %(num)d minutes, or set a new password by mail.",
            int(minutes),
        ),
        "mails-too-often": lambda minutes, **facts: ngettext(
            "Too many mails were asked for from your connection. Please wait a minute.",
            "Too many mails were asked for from your connection. Please wait %(num)d minutes.",
            int(minutes),
        ),
        "name-with-address": lambda **facts: _("Please give a name without a web or email address in it."),
        "not-the-password": lambda **facts: _(
            "That is not the password with which this account was opened. If somebody else opened it, "
            "set a new password by mail: the account is yours then."
        ),
        "sign-in-wrong": lambda **facts: _("Address and password don't go together. Please try again."),
        "password-wrong": lambda **facts: _("That is not your present password."),
        "password-short": lambda least, **facts: _("Please use at least %(least)s characters.", least=least),
        "password-long": lambda most, **facts: _("Please use at most %(most)s characters.", most=most),
        "password-common": lambda **facts: _(
            "That password is among the first that somebody would guess. Three or four words in a row are better."
        ),
        "address-same": lambda **facts: _("That is your address already."),
        "address-taken": lambda **facts: _("That address belongs to another account now."),
        "address-unverified": lambda **facts: _(
            "Please confirm your email address first: follow the link in our mail, or get a new one in your account."
        ),
        "link-dead": lambda **facts: _("This link no longer works: it was used, or is too old."),
        "token-made": lambda **facts: _("That token was made a moment ago. For another, open this page afresh."),
        "tokens-many": lambda most, **facts: _("You have %(most)s tokens. Please revoke one first.", most=most),
    }
)


def refusals_show(page: Callable[..., ResponseReturnValue]) -> Callable[[View], View]:
    """For views with transactions of their own: a refused form shows its page again."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **values: Any) -> Any:
            try:
                return view(*args, **values)
            except (Invalid, Conflict, policy.TooOften) as refusal:
                response = make_response(shown_again(page, refusal, **values))
                if minutes := refusal.facts.get("minutes"):
                    response.headers["Retry-After"] = str(int(str(minutes)) * 60)
                return response

        return wrapper  # type: ignore[return-value]

    return decorate


def client() -> str:
    """Where this request came from."""
    return (request.remote_addr or "unknown")[:64]


def prove(password: str) -> UUID:
    """The signed-in person's id once she has shown her password; counted like tries to sign in."""
    user = me()
    with transaction() as session:
        attempt = service.begin_attempt(session, email=user.email, client=client())
    if not passwords.matches(password, user.password_hash):
        raise Invalid("password-wrong", field="current_password")
    with transaction() as session:
        service.finish_attempt(session, attempt)
    return user.id


def enter(user: User, *, remember: bool = False) -> None:
    """Sign her in on this browser, with nothing left of what was before."""
    session.pop("csrf_token", None)
    session.pop("sent_to", None)
    start(user, remember=remember)


def destination(target: str, user: User) -> str:
    """Where to go after signing in: `target` when it is a page of ours, else her own first page."""
    if path := policy.safe_path(target, request.host):
        root = request.script_root
        return path if not root or path.startswith(f"{root}/") else root + path
    return url_for("desk.home") if user.is_coach else url_for("matching.start")


def mailed_facts(purpose: str, token: str) -> dict[str, str]:
    """What a mailed link carries; Invalid `link-dead`."""
    settings: Settings = current_app.extensions["settings"]
    return links.read(settings.secret_key, purpose, token, now=clock.now())


def dead_link(purpose: str) -> ResponseReturnValue:
    """The page for a link that no longer works, with what to do instead."""
    return render_template("accounts/link_dead.html", purpose=purpose), 410
