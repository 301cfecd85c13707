"""All of a coach's sessions: to come, past, cancelled."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.db import current_session
from marketplace.desk import queries
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach, shown
from marketplace.web.app import reads
from marketplace.web.auth import role

TABS = ("coming", "past", "cancelled")
LAST_PAGE = 500


@bp.get("/coach/bookings")
@reads
@role("coach")
def bookings() -> ResponseReturnValue:
    """One tab of her sessions, `?show=past` or `cancelled`; page by page."""
    session, coach, now = current_session(), my_coach(), clock.now()
    tab = request.args.get("show", TABS[0])
    tab = tab if tab in TABS else TABS[0]
    page = max(0, min(request.args.get("page", 0, type=int), LAST_PAGE))
    rows = queries.listed(session, coach.id, tab, now, page)
    return render_template(
        "desk/bookings.html",
        coach=coach,
        now=now,
        tab=tab,
        page=page,
        rows=shown(rows[: queries.PAGE]),
        has_more=len(rows) > queries.PAGE,
        coming=queries.coming_count(session, coach.id, now),
    )
