"""Writing an analysis: one page, one form. Every button saves what was typed first, so that nothing is lost."""

from typing import Any
from uuid import UUID, uuid4

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.accounts.sessions import me
from marketplace.analysis import queries, service
from marketplace.analysis.drafts import MOST_FINDINGS
from marketplace.analysis.forms import posted_draft
from marketplace.analysis.models import Analysis
from marketplace.analysis.queries import Found
from marketplace.analysis.views.blueprint import bp
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.clips import queries as clips
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict, DomainError, Invalid
from marketplace.knowledge import catalogue
from marketplace.web.app import own_transaction, read_body, reads, shown_again, writes
from marketplace.web.auth import signed_in
from marketplace.web.errors import problem, word
from marketplace.web.filters import clock_time
from marketplace.web.languages import language


@bp.get("/bookings/<uuid:booking_id>/analysis")
@reads
@signed_in
def of_booking(booking_id: UUID) -> ResponseReturnValue:
    """The way to a booking's analysis: where to begin it, to go on with it, or to read it."""
    session = current_session()
    booking = bookings.visible(session, booking_id, me())
    by = clips.part_of(session, booking, me())
    analysis = queries.of_booking(session, booking_id)
    if analysis is not None and (by is Actor.COACH or analysis.is_delivered):
        return redirect(url_for("analysis.show", analysis_id=analysis.id))
    return render_template(
        "analysis/start.html",
        booking=booking,
        parties=bookings.parties(session, booking),
        by=by,
        clips=clips.of_booking(session, booking_id),
    )


@bp.post("/bookings/<uuid:booking_id>/analysis")
@writes(again=of_booking)
@signed_in
def start(booking_id: UUID) -> ResponseReturnValue:
    """Open the clip and begin."""
    analysis = service.draft(current_session(), booking_id, by=me())
    return redirect(url_for("analysis.write", analysis_id=analysis.id), 303)


@bp.get("/analyses/<uuid:analysis_id>/write")
@reads
@signed_in
def write(analysis_id: UUID, finding_id: UUID | None = None) -> ResponseReturnValue:
    """The writing page, shown again too when one of its buttons was refused (`finding_id` is that button's)."""
    session = current_session()
    analysis, booking, by = queries.visible(session, analysis_id, me())
    if analysis.is_delivered and g.get("errors"):
        raise Conflict("delivered-already")
    if by is not Actor.COACH or analysis.is_delivered:
        return redirect(url_for("analysis.show", analysis_id=analysis_id))
    found = queries.findings(session, analysis_id, removed=True)
    _complete_typed(analysis, found)
    return render_template(
        "analysis/write.html",
        analysis=analysis,
        booking=booking,
        parties=bookings.parties(session, booking),
        clips=clips.of_booking(session, booking.id),
        findings=found,
        standing=[each.finding.id for each in found if each.finding.removed_at is None],
        catalogue=catalogue,
        issues=_issues(booking),
        wanted=[issue for issue in booking.issues if issue in catalogue.issue_ids()],
        editor=uuid4().hex,
        most_findings=MOST_FINDINGS,
    )


@bp.post("/analyses/<uuid:analysis_id>/draft")
@own_transaction
@signed_in
def save(analysis_id: UUID) -> ResponseReturnValue:
    """Keep the draft: for the page's own script as JSON, for its buttons as a page."""
    read_body()
    try:
        draft = posted_draft()
        with transaction() as session:
            analysis = service.save(session, analysis_id, by=me(), draft=draft)
    except (Invalid, Conflict) as refusal:
        return _refused(refusal, analysis_id)
    if _wants_json():
        return jsonify(saved_at=_("Saved %(time)s", time=clock_time(analysis.changed_at)))
    if request.form.get("then") == "preview":
        return redirect(url_for("analysis.preview", analysis_id=analysis_id), 303)
    flash(_("Your draft is saved."), "good")
    return redirect(url_for("analysis.write", analysis_id=analysis_id), 303)


@bp.post("/analyses/<uuid:analysis_id>/findings")
@writes(again=write)
@signed_in
def add(analysis_id: UUID) -> ResponseReturnValue:
    """Save, then add a finding at the end."""
    session = current_session()
    service.save(session, analysis_id, by=me(), draft=posted_draft())
    issue = request.form.get("issue", "")
    finding = service.add_finding(session, analysis_id, by=me(), issue=issue)
    return _to_finding(analysis_id, finding.id)


@bp.post("/analyses/<uuid:analysis_id>/findings/<uuid:finding_id>/removal")
@writes(again=write)
@signed_in
def remove(analysis_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    """Save, then take a finding out."""
    session = current_session()
    service.save(session, analysis_id, by=me(), draft=posted_draft())
    service.remove_finding(session, finding_id, by=me())
    return _to_finding(analysis_id, finding_id)


@bp.post("/analyses/<uuid:analysis_id>/findings/<uuid:finding_id>/restoration")
@writes(again=write)
@signed_in
def restore(analysis_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    """Save, then bring a finding back."""
    session = current_session()
    service.save(session, analysis_id, by=me(), draft=posted_draft())
    service.restore_finding(session, finding_id, by=me())
    return _to_finding(analysis_id, finding_id)


@bp.post("/analyses/<uuid:analysis_id>/findings/<uuid:finding_id>/position")
@writes(again=write)
@signed_in
def move(analysis_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    """Save, then move a finding one place up or down."""
    session = current_session()
    service.save(session, analysis_id, by=me(), draft=posted_draft())
    service.move_finding(session, finding_id, by=me(), places=-1 if request.form.get("to") == "up" else 1)
    return _to_finding(analysis_id, finding_id)


def _to_finding(analysis_id: UUID, finding_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("analysis.write", analysis_id=analysis_id, _anchor=f"finding-{finding_id}"), 303)


def _refused(refusal: DomainError, analysis_id: UUID) -> ResponseReturnValue:
    if not _wants_json():
        return shown_again(write, refusal, analysis_id=analysis_id)
    errors = getattr(refusal, "fields", None) or {refusal.field or "": word(refusal)}
    return problem(refusal.status, " ".join(errors.values()), kind=refusal.kind)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _issues(booking: Booking) -> dict[str, list[tuple[str, str]]]:
    """What may be found, the runner's own words first."""
    named = [(issue.id, issue.name.in_language(language())) for issue in catalogue.all_issues()]
    hers = [pair for pair in named if pair[0] in booking.issues]
    others = [pair for pair in named if pair[0] not in booking.issues]
    return ({_("What the runner came with"): hers} if hers else {}) | {_("Everything else"): others}


def _complete_typed(analysis: Analysis, found: list[Found]) -> None:
    """A refused form may know less than the draft has by now: what it didn't carry is shown as saved."""
    if g.get("typed") is None:
        return
    typed: MultiDict[str, Any] = MultiDict(g.typed)
    typed.setdefault("summary", analysis.summary)
    typed.setdefault("film_again_weeks", analysis.film_again_weeks or "")
    for each in found:
        if f"seen-{each.finding.id}" in typed:
            continue
        typed[f"seen-{each.finding.id}"], typed[f"cue-{each.finding.id}"] = each.finding.seen, each.finding.cue
        typed.setlist(f"drill-{each.finding.id}", [drill.drill for drill in each.drills])
        for drill in each.drills:
            typed[f"dose-{each.finding.id}-{drill.drill}"] = drill.dose
    g.typed = typed
