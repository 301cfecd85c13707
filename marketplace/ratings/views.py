"""The page on which a runner rates a session that is over."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.bookings import queries as bookings
from marketplace.db import current_session
from marketplace.ratings import queries, service
from marketplace.ratings.forms import RatingForm
from marketplace.ratings.models import Rating
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.errors import words
from marketplace.web.forms import parse

bp = Blueprint("ratings", __name__)
words(
    {
        "runners-rate": lambda **_f: _("Only the runner who had this session can rate it."),
        "not-done-yet": lambda **_f: _("You can rate a session once it is done."),
        "rated-already": lambda **_f: _("You have rated this session already. Thank you."),
    }
)


@bp.app_template_global()
def rating_of(booking_id: UUID) -> Rating | None:
    """What the runner said of a session, for its page."""
    return queries.of_booking(current_session(), booking_id)


@bp.get("/bookings/<uuid:booking_id>/rating")
@reads
@signed_in
def new(booking_id: UUID) -> ResponseReturnValue:
    """The form; what was said before, for whoever has part in the session."""
    session = current_session()
    booking = bookings.visible(session, booking_id, me())
    rating = queries.of_booking(session, booking_id)
    if rating is None:
        service.may_rate(session, booking_id, by=me())
    return render_template("ratings/new.html", parties=bookings.parties(session, booking), rating=rating)


@bp.post("/bookings/<uuid:booking_id>/rating")
@writes(again=new)
@signed_in
def rate(booking_id: UUID) -> ResponseReturnValue:
    """Keep the rating."""
    form = parse(RatingForm)
    service.rate(current_session(), booking_id, by=me(), stars=form.stars, words=form.words)
    flash(_("Thank you. Your words are on your coach’s page."), "good")
    return redirect(url_for("bookings.show", booking_id=booking_id))
