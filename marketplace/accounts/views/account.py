"""One's own account: name, language, time zone, reminders; address, password; one's data; leaving."""

from flask import flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import passwords, policy, service, zones
from marketplace.accounts.forms import AddressChangeForm, ClosingForm, PasswordChangeForm, ProfileForm
from marketplace.accounts.sessions import end, me
from marketplace.accounts.views.shared import bp, enter, prove, refusals_show
from marketplace.db import current_session, transaction
from marketplace.web.app import own_transaction, reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.forms import parse
from marketplace.web.languages import language


@bp.get("/account")
@reads
@signed_in
def account() -> ResponseReturnValue:
    """The account with its form."""
    return render_template("accounts/account.html", user=me(), zones=zones.choices(me().timezone, language()))


@bp.post("/account")
@writes(again=account)
@signed_in
def edit() -> ResponseReturnValue:
    """Keep what was changed."""
    form = parse(ProfileForm)
    service.edit(current_session(), me().id, **form.model_dump())
    flash(_("Saved."), "good")
    return redirect(url_for("accounts.account"))


@bp.get("/account/address")
@reads
@signed_in
def address() -> ResponseReturnValue:
    """The form for another address."""
    return render_template("accounts/address.html", user=me())


@bp.post("/account/address")
@own_transaction
@signed_in
@refusals_show(address)
def ask_for_address() -> ResponseReturnValue:
    """Mail a link to the new address."""
    form = parse(AddressChangeForm)
    user_id = prove(form.current_password)
    with transaction() as session:
        service.ask_for_address(session, user_id, form.email)
    flash(_("We have sent a link to %(email)s. Your address changes once you follow it.", email=form.email), "good")
    return redirect(url_for("accounts.account"))


@bp.get("/account/password")
@reads
@signed_in
def password() -> ResponseReturnValue:
    """The form for another password."""
    return render_template("accounts/password.html", user=me())


@bp.post("/account/password")
@own_transaction
@signed_in
@refusals_show(password)
def change_password() -> ResponseReturnValue:
    """Set it, and sign out everywhere else."""
    form = parse(PasswordChangeForm)
    policy.check_password(form.password, email=me().email)
    user_id = prove(form.current_password)
    password_hash = passwords.hashed(form.password)
    with transaction() as session:
        user = service.change_password(session, user_id, password_hash=password_hash)
    enter(user)
    flash(_("Your new password is set. All other devices are signed out."), "good")
    return redirect(url_for("accounts.account"))


@bp.get("/account/export")
@reads
@signed_in
def export() -> ResponseReturnValue:
    """All we hold about her, as a file."""
    answer = jsonify(service.export(current_session(), me().id))
    answer.headers["Content-Disposition"] = "attachment; filename=runsight.json"
    return answer


@bp.get("/account/closing")
@reads
@signed_in
def closing() -> ResponseReturnValue:
    """What leaving means, and its form."""
    return render_template("accounts/closing.html", user=me())


@bp.post("/account/closing")
@own_transaction
@signed_in
@refusals_show(closing)
def close() -> ResponseReturnValue:
    """Close the account."""
    user_id = prove(parse(ClosingForm).current_password)
    with transaction() as session:
        service.close(session, user_id)
    end()
    flash(_("Your account is closed. Run well!"), "good")
    return redirect(url_for("matching.start"))
