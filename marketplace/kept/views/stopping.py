"""The page that a mail's link leads to: a button stops the mails about one search. Nobody needs to be signed in."""

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.db import current_session
from marketplace.errors import Invalid, NotFound
from marketplace.kept import mails, service
from marketplace.kept.models import SavedSearch
from marketplace.kept.views.blueprint import bp
from marketplace.web.app import reads, writes
from marketplace.web.auth import public
from marketplace.web.security import csrf


@bp.get("/searches/stop/<token>")
@reads
@public
def stop(token: str) -> ResponseReturnValue:
    """The button. Opening the page changes nothing, since scanners follow links."""
    try:
        search = current_session().get(SavedSearch, mails.search_of(token))
    except Invalid:
        search = None
    if search is None or search.removed_at:
        return render_template("kept/stop.html", search=None), 410
    return render_template("kept/stop.html", search=search, token=token, is_stopped=search.is_paused)


@bp.post("/searches/stop/<token>")
@writes()
@public
def stopped(token: str) -> ResponseReturnValue:
    """Stop them. The link is the permission: a mail program may send this by itself (RFC 8058)."""
    try:
        search = service.pause(current_session(), mails.search_of(token), by=None)
    except (Invalid, NotFound):
        return render_template("kept/stop.html", search=None), 410
    return render_template("kept/stop.html", search=search, token=token, is_stopped=True)


csrf.exempt(stopped)
