"""Pages that mailed links lead to. Opening one changes nothing, since scanners follow links: each has a button."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import passwords, policy, queries, service
from marketplace.accounts.forms import NewPasswordForm, VerificationForm
from marketplace.accounts.links import fingerprint
from marketplace.accounts.models import User
from marketplace.accounts.sessions import maybe_me
from marketplace.accounts.views.shared import bp, client, dead_link, destination, enter, mailed_facts, refusals_show
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict, Invalid
from marketplace.web.app import own_transaction, reads, writes
from marketplace.web.auth import public
from marketplace.web.forms import parse


@bp.get("/verify/<token>")
@reads
@public
def verification(token: str) -> ResponseReturnValue:
    """The button that proves the address."""
    try:
        facts = mailed_facts("verify", token)
    except Invalid:
        return dead_link("verify")
    known = _is_here(facts)
    return render_template("accounts/verify.html", token=token, email=facts["email"], ask_password=not known)


@bp.post("/verify/<token>")
@own_transaction
@public
@refusals_show(verification)
def verify(token: str) -> ResponseReturnValue:
    """The address is hers: sign her in, and go on with what she was about to do.

    The mail alone does not do it: somebody else may have opened the account with a password of his own.
    """
    try:
        facts = mailed_facts("verify", token)
        user = _verified(facts)
    except Invalid as refusal:
        if refusal.kind == "link-dead":
            return dead_link("verify")
        if refusal.kind == "already-verified":
            return _verified_before()
        raise
    enter(user)
    flash(_("Your address is confirmed. Welcome!"), "good")
    return redirect(destination(facts["next"], user))


@bp.get("/password/<token>")
@reads
@public
def reset(token: str) -> ResponseReturnValue:
    """The form for a new password."""
    try:
        user = _resetting(token)
    except Invalid:
        return dead_link("reset")
    return render_template("accounts/reset.html", token=token, email=user.email)


@bp.post("/password/<token>")
@own_transaction
@public
@refusals_show(reset)
def set_anew(token: str) -> ResponseReturnValue:
    """Set it, end all sessions, and sign her in here."""
    try:
        user = _set_anew(token)
    except Invalid as refusal:
        if refusal.kind == "link-dead":
            return dead_link("reset")
        raise
    enter(user)
    flash(_("Your new password is set. All other devices are signed out."), "good")
    return redirect(destination("", user))


@bp.get("/address/<token>")
@reads
@public
def new_address(token: str) -> ResponseReturnValue:
    """The button that makes a new address hers."""
    try:
        facts = mailed_facts("address", token)
    except Invalid:
        return dead_link("address")
    return render_template("accounts/new_address.html", token=token, email=facts["new"])


@bp.post("/address/<token>")
@writes()
@public
def change_address(token: str) -> ResponseReturnValue:
    """The new address is proven and holds from now on."""
    try:
        facts = mailed_facts("address", token)
        service.change_address(current_session(), UUID(facts["user"]), old=facts["old"], new=facts["new"])
    except (Invalid, Conflict):
        return dead_link("address")
    flash(_("Your address is now %(email)s.", email=facts["new"]), "good")
    return redirect(url_for("accounts.account"))


def _verified(facts: dict[str, str]) -> User:
    user_id, email, mark = UUID(facts["user"]), facts["email"], facts["mark"]
    with transaction(write=False) as session:
        service.check_verifiable(session, user_id, email=email, mark=mark)
        user = queries.by_id(session, user_id)
        kept = user.password_hash if user else None
    if not _is_here(facts):
        typed = parse(VerificationForm).password
        with transaction() as session:
            attempt = service.begin_attempt(session, email=email, client=client())
        if not passwords.matches(typed, kept):
            raise Invalid("not-the-password", field="password")
        with transaction() as session:
            service.finish_attempt(session, attempt)
    with transaction() as session:
        return service.verify(session, user_id, email=email, mark=mark)


def _is_here(facts: dict[str, str]) -> bool:
    """Whether the account's password was given in this browser: it opened the account, or is signed in to it."""
    if cookie.get("opened") == facts["mark"]:
        return True
    user = maybe_me()
    return user is not None and str(user.id) == facts["user"]


def _resetting(token: str) -> User:
    """Whose password this link sets; Invalid `link-dead` when it was set since."""
    facts = mailed_facts("reset", token)
    user = queries.by_id(current_session(), UUID(facts["user"]))
    if user is None or fingerprint(user.password_hash) != facts["mark"]:
        raise Invalid("link-dead")
    return user


def _set_anew(token: str) -> User:
    with transaction(write=False):
        user = _resetting(token)
    form = parse(NewPasswordForm)
    policy.check_password(form.password, email=user.email)
    password_hash, mark = passwords.hashed(form.password), fingerprint(user.password_hash)
    with transaction() as session:
        return service.reset_password(session, user.id, mark=mark, password_hash=password_hash)


def _verified_before() -> ResponseReturnValue:
    flash(_("Your address is confirmed already."), "good")
    return redirect(url_for("accounts.account") if maybe_me() else url_for("accounts.sign_in"))
