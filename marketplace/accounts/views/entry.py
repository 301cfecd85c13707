"""Registering, signing in and out, asking for mails."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import passwords, policy, queries, service
from marketplace.accounts.forms import AddressForm, RegistrationForm, SignInForm
from marketplace.accounts.links import fingerprint
from marketplace.accounts.sessions import end, maybe_me
from marketplace.accounts.views.shared import bp, client, destination, enter, refusals_show
from marketplace.db import transaction
from marketplace.errors import Invalid
from marketplace.pages.versions import TERMS_VERSION
from marketplace.web.app import own_transaction, reads
from marketplace.web.auth import public
from marketplace.web.forms import parse
from marketplace.web.languages import language, viewer_zone


@bp.get("/sign-in")
@reads
@public
def sign_in() -> ResponseReturnValue:
    """The form; who is signed in already goes on."""
    target = request.args.get("next", "")
    if user := maybe_me():
        return redirect(destination(target, user))
    return render_template("accounts/sign_in.html", next=target)


@bp.post("/sign-in")
@own_transaction
@public
@refusals_show(sign_in)
def signed_in_now() -> ResponseReturnValue:
    """Check address and password. The tries are counted first; the slow part holds no lock."""
    form = parse(SignInForm)
    with transaction() as db_session:
        attempt = service.begin_attempt(db_session, email=form.email, client=client())
    with transaction(write=False) as db_session:
        user = queries.by_email(db_session, form.email)
        kept = user.password_hash if user else None
    if not passwords.matches(form.password, kept) or kept is None:
        raise Invalid("sign-in-wrong", field="")
    new_hash = passwords.hashed(form.password) if passwords.is_outdated(kept) else None
    with transaction() as db_session:
        user = service.finish_attempt(db_session, attempt, new_hash=new_hash)
    enter(user, remember=form.remember)
    return redirect(destination(form.next, user))


@bp.post("/sign-out")
@own_transaction
@public
def sign_out() -> ResponseReturnValue:
    """End this browser's session."""
    end()
    flash(_("You are signed out."), "good")
    return redirect(url_for("matching.start"))


@bp.get("/register")
@reads
@public
def register() -> ResponseReturnValue:
    """The form for a new account."""
    target = request.args.get("next", "")
    if user := maybe_me():
        return redirect(destination(target, user))
    role = "coach" if request.args.get("role") == "coach" else "runner"
    return render_template("accounts/register.html", next=target, role=role)


@bp.post("/register")
@own_transaction
@public
@refusals_show(register)
def registered() -> ResponseReturnValue:
    """Open the account. The answer is the same whether the address was known or not."""
    form = parse(RegistrationForm)
    policy.check_password(form.password, email=form.email)
    person = service.Registration(
        email=form.email,
        name=form.name,
        password_hash=passwords.hashed(form.password),
        is_coach=form.role == "coach",
        language=language(),
        timezone=viewer_zone().key,
        terms_version=TERMS_VERSION,
    )
    with transaction() as db_session:
        service.count_mail(db_session, client=client())
        service.register(db_session, person, next_path=policy.safe_path(form.next, request.host) or "")
    session["opened"] = fingerprint(person.password_hash)  # matches nothing where the address was known before
    return _sent(form.email)


@bp.get("/mail-sent")
@reads
@public
def sent() -> ResponseReturnValue:
    """Tells to look into the mailbox."""
    return render_template("accounts/sent.html", email=session.get("sent_to", ""))


@bp.get("/verify")
@reads
@public
def unverified() -> ResponseReturnValue:
    """The form for having the link mailed once more."""
    user = maybe_me()
    target = request.args.get("next", "")
    return render_template("accounts/verify_again.html", email=user.email if user else "", next=target)


@bp.post("/verify")
@own_transaction
@public
@refusals_show(unverified)
def verify_again() -> ResponseReturnValue:
    """Mail the link once more, to whoever needs it."""
    form = parse(AddressForm)
    target = policy.safe_path(form.next, request.host) or ""
    with transaction() as db_session:
        service.count_mail(db_session, client=client())
        service.ask_for_verification(db_session, form.email, next_path=target)
    return _sent(form.email)


@bp.get("/password")
@reads
@public
def forgotten() -> ResponseReturnValue:
    """The form for a forgotten password."""
    return render_template("accounts/forgotten.html")


@bp.post("/password")
@own_transaction
@public
@refusals_show(forgotten)
def ask_for_reset() -> ResponseReturnValue:
    """Mail a link for a new password. The answer is the same whether the address is known or not."""
    form = parse(AddressForm)
    with transaction() as db_session:
        service.count_mail(db_session, client=client())
        service.ask_for_reset(db_session, form.email)
    return _sent(form.email)


def _sent(email: str) -> ResponseReturnValue:
    session["sent_to"] = email
    return redirect(url_for("accounts.sent"))
