"""One's sessions as a calendar to subscribe to, under a secret address."""

from typing import Literal

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.bookings import outside
from marketplace.bookings.views.blueprint import bp
from marketplace.calendars import queries, service
from marketplace.db import current_session
from marketplace.web.app import reads, writes
from marketplace.web.auth import public, signed_in
from marketplace.web.forms import Form, parse
from marketplace.web.languages import absolute_url


class RenewalPage(Form):
    """From which page the address is made or renewed."""

    back: Literal["desk.calendars", "bookings.subscribe"] = "bookings.subscribe"


@bp.get("/calendar/<token>.ics")
@reads
@public
def feed(token: str) -> ResponseReturnValue:
    """The sessions of whoever made this address, for her calendar program; nothing new is answered in a few bytes."""
    session = current_session()
    owner = service.owner_of(session, _secret(), token)
    answer = Response(outside.feed(session, owner), content_type="text/calendar; charset=utf-8; method=PUBLISH")
    answer.headers["Content-Disposition"] = 'inline; filename="runsight.ics"'
    answer.add_etag()
    return answer.make_conditional(request)


@bp.get("/bookings/feed")
@reads
@signed_in
def subscribe() -> ResponseReturnValue:
    """The address of one's feed, how to use it, and how to get another one."""
    return render_template("bookings/feed.html", feed_url=my_feed())


@bp.post("/bookings/feed")
@writes()
@signed_in
def renew_feed() -> ResponseReturnValue:
    """Make the address, or another one in its place."""
    back = parse(RenewalPage).back
    feed = service.renew_feed(current_session(), me().id)
    if feed.number > 1:
        flash(_("Here is your new address. The old one no longer works."), "good")
    else:
        flash(_("Here is your address. Whoever has it can see your sessions, so keep it to yourself."), "good")
    return redirect(url_for(back, _anchor="feed"), 303)


def my_feed() -> str | None:
    """The address of the signed-in person's feed, if she has made one."""
    feed = queries.feed(current_session(), me().id)
    return None if feed is None else absolute_url("bookings.feed", token=service.feed_token(_secret(), feed))


def _secret() -> str:
    key: str = current_app.extensions["settings"].secret_key
    return key
