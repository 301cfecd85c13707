"""The last change of the hours, taken back by one button."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.db import current_session
from marketplace.desk.forms import UndoForm
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.calendar import calendar
from marketplace.desk.views.shared import my_coach
from marketplace.scheduling import service
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/coach/hours/undo")
@reads
@role("coach")
def nothing_to_undo() -> ResponseReturnValue:
    """Who comes back by the address of the button sees her calendar."""
    return redirect(url_for("desk.calendar"))


@bp.post("/coach/hours/undo")
@writes(again=calendar)
@role("coach")
def undo() -> ResponseReturnValue:
    """Put back what the last change replaced."""
    form = parse(UndoForm)
    service.undo(current_session(), my_coach().id, form.change_id)
    flash(_("Undone: your hours are as they were before."), "good")
    back = form.back if form.back.startswith("/coach/") else "/coach/calendar"
    return redirect(request.script_root + back, 303)
