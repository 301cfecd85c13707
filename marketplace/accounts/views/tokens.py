"""API tokens: made, shown once, revoked."""

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts import queries, service
from marketplace.accounts.forms import TokenForm
from marketplace.accounts.sessions import me
from marketplace.accounts.views.shared import bp
from marketplace.db import current_session, new_id
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.forms import parse


@bp.get("/account/tokens")
@reads
@signed_in
def tokens() -> ResponseReturnValue:
    """Her tokens and the form for another."""
    return _page()


@bp.post("/account/tokens")
@writes(again=tokens)
@signed_in
def create_token() -> ResponseReturnValue:
    """Make one and show it, this once; the answer is not to be kept by the browser."""
    form = parse(TokenForm)
    made = service.create_token(current_session(), me(), label=form.label, token_id=form.id)
    answer = make_response(_page(made=made, label=form.label), 201)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/account/tokens/<uuid:token_id>/revocation")
@writes()
@signed_in
def revoke_token(token_id: UUID) -> ResponseReturnValue:
    """End one."""
    service.revoke_token(current_session(), token_id, of=me().id)
    flash(_("The token no longer works."), "good")
    return redirect(url_for("accounts.tokens"))


def _page(made: str = "", label: str = "") -> str:
    mine = queries.tokens(current_session(), me().id)
    return render_template("accounts/tokens.html", tokens=mine, made=made, label=label, fresh_id=new_id())
