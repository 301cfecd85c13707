"""One stretch of hours, as it is dragged in the calendar or typed: added, moved, removed, once or every week."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.db import current_session
from marketplace.desk.forms import StretchForm
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.calendar import offer_of, offers_with_hours
from marketplace.desk.views.shared import hours_page, my_coach, today_of
from marketplace.errors import Invalid
from marketplace.scheduling import service
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/coach/calendar/hours")
@reads
@role("coach")
def stretch() -> ResponseReturnValue:
    """The form, filled in from the address: `?on=&from=&to=`, and `was_on`, `was_from`, `was_to` for hours that are."""
    coach = my_coach()
    return hours_page("desk/stretch.html", coach, given=request.values, offers=offers_with_hours(coach))


@bp.post("/coach/calendar/hours")
@writes(again=stretch)
@role("coach")
def save_stretch() -> ResponseReturnValue:
    """Do it. What is booked stays as it was agreed."""
    coach, form = my_coach(), parse(StretchForm)
    offer = offer_of(coach, form.offer)
    if form.scope == "date" and form.on < today_of(coach):
        raise Invalid("date-past", field="on")
    change = service.change_week if form.scope == "week" else service.change_dates
    change(current_session(), coach.id, was=form.was, to=form.to, schedule=offer.schedule if offer else 0)
    flash(_("Saved for every week.") if form.scope == "week" else _("Saved for this date only."), "good")
    back = url_for("desk.calendar", week=form.on.isoformat(), offer=str(offer.id) if offer else None)
    return redirect(back, 303)
