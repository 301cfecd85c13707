"""Saying that the other side did not come, answering that, and staff's decision; all on the booking's own page."""

from uuid import UUID

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.bookings import service
from marketplace.bookings.forms import AbsencePage, DecisionPage, ObjectionPage
from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.views.booking import show
from marketplace.db import current_session
from marketplace.web.app import writes
from marketplace.web.auth import signed_in
from marketplace.web.forms import parse


@bp.post("/bookings/<uuid:booking_id>/absence")
@writes(again=show)
@signed_in
def report_absence(booking_id: UUID) -> ResponseReturnValue:
    """Say that the other side did not come."""
    service.report_absence(current_session(), booking_id, by=me(), words=parse(AbsencePage).words)
    return _back(booking_id, _("Noted. Both of you get a mail; the other side has a day to object."))


@bp.post("/bookings/<uuid:booking_id>/absence/admission")
@writes(again=show)
@signed_in
def admit_absence(booking_id: UUID) -> ResponseReturnValue:
    """Agree that one did not come."""
    service.admit_absence(current_session(), booking_id, by=me())
    return _back(booking_id, _("Noted. Both of you get a mail."))


@bp.post("/bookings/<uuid:booking_id>/absence/objection")
@writes(again=show)
@signed_in
def object_to_absence(booking_id: UUID) -> ResponseReturnValue:
    """Say that one did come."""
    service.object_to_absence(current_session(), booking_id, by=me(), words=parse(ObjectionPage).words)
    return _back(booking_id, _("Noted. Our staff look at it now; no money moves meanwhile."))


@bp.post("/bookings/<uuid:booking_id>/absence/retraction")
@writes(again=show)
@signed_in
def retract_absence(booking_id: UUID) -> ResponseReturnValue:
    """Take a report back."""
    service.retract_absence(current_session(), booking_id, by=me())
    return _back(booking_id, _("Taken back. Both of you get a mail."))


@bp.post("/bookings/<uuid:booking_id>/absence/decision")
@writes(again=show)
@signed_in
def decide_absence(booking_id: UUID) -> ResponseReturnValue:
    """Staff: decide what the two see differently."""
    was_absent = parse(DecisionPage).was_absent == "yes"
    service.decide_absence(current_session(), booking_id, by=me(), was_absent=was_absent)
    return _back(booking_id, _("Decided. Both of them get a mail."))


def _back(booking_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)
