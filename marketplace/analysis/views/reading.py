"""Reading an analysis: the coach's preview and delivery, the runner's report."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.analysis import queries, service
from marketplace.analysis.drafts import film_again_on
from marketplace.analysis.models import Analysis
from marketplace.analysis.queries import Found
from marketplace.analysis.views.blueprint import bp
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.clips import queries as clips
from marketplace.db import current_session
from marketplace.knowledge import catalogue
from marketplace.knowledge.facts import Source
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in


@bp.get("/analyses/<uuid:analysis_id>")
@reads
@signed_in
def show(analysis_id: UUID) -> ResponseReturnValue:
    """The report, for the two of them once delivered; the coach goes on with her draft."""
    analysis, booking, by = queries.visible(current_session(), analysis_id, me())
    if not analysis.is_delivered:
        return redirect(url_for("analysis.write", analysis_id=analysis_id))
    return render_template("analysis/report.html", by=by, **_report(analysis, booking))


@bp.get("/analyses/<uuid:analysis_id>/preview")
@reads
@signed_in
def preview(analysis_id: UUID) -> ResponseReturnValue:
    """The report as the runner will see it, with the button that sends it."""
    analysis, booking, by = queries.visible(current_session(), analysis_id, me())
    if analysis.is_delivered or by is not Actor.COACH:
        return redirect(url_for("analysis.show", analysis_id=analysis_id))
    return render_template("analysis/preview.html", by=by, **_report(analysis, booking))


@bp.post("/analyses/<uuid:analysis_id>/delivery")
@writes(again=preview)
@signed_in
def deliver(analysis_id: UUID) -> ResponseReturnValue:
    """Send it to the runner."""
    service.deliver(current_session(), analysis_id, by=me())
    flash(_("Sent. Your runner gets a mail and can read it now."), "good")
    return redirect(url_for("analysis.show", analysis_id=analysis_id), 303)


def _report(analysis: Analysis, booking: Booking) -> dict[str, Any]:
    session = current_session()
    found = queries.findings(session, analysis.id)
    parties = bookings.parties(session, booking)
    local = (analysis.delivered_at or clock.now()).astimezone(ZoneInfo(parties.runner.timezone))
    return {
        "analysis": analysis,
        "booking": booking,
        "parties": parties,
        "findings": found,
        "catalogue": catalogue,
        "clips": clips.of_booking(session, booking.id),
        "sources": _sources(found),
        "unhurt": bool(booking.pain_screen) and not (booking.pain_screen or {}).get("pain"),
        "sent_on": local.date(),
        "film_again_on": film_again_on(local.date(), analysis.film_again_weeks),
    }


def _sources(found: Sequence[Found]) -> list[Source]:
    """Where the drills of this report come from, each once."""
    named = [source for each in found for drill in each.drills for source in catalogue.drill(drill.drill).sources]
    return [catalogue.source(each) for each in dict.fromkeys(named)]
