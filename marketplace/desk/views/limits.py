"""How much a coach takes on in a day and in a week, and the way between her places."""

from dataclasses import replace

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.db import current_session
from marketplace.desk.forms import LimitsForm
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import hours_page, my_coach
from marketplace.scheduling import queries, service
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/coach/hours/limits")
@reads
@role("coach")
def limits() -> ResponseReturnValue:
    """Her limits."""
    coach = my_coach()
    kept = service.Limits.of(queries.calendar_of(current_session(), coach.id))
    return hours_page("desk/limits.html", coach, limits=kept)


@bp.post("/coach/hours/limits")
@writes(again=limits)
@role("coach")
def save_limits() -> ResponseReturnValue:
    """Set them; an empty field is no limit."""
    session, coach, form = current_session(), my_coach(), parse(LimitsForm)
    kept = service.Limits.of(service.lock(session, coach.id))
    service.set_limits(session, coach.id, replace(kept, **form.model_dump()))
    flash(_("Saved. What is booked already stays as it was agreed."), "good")
    return redirect(url_for("desk.limits"), 303)
