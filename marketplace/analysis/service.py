"""What a coach does with an analysis: begin it, write it in many small saves, and deliver it."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.analysis import queries
from marketplace.analysis.drafts import (
    MOST_FINDINGS,
    DraftText,
    DrillText,
    FindingText,
    accepts,
    check_alive,
    check_deliver,
    check_weeks,
    check_write,
    moved,
)
from marketplace.analysis.models import Analysis, Finding, PrescribedDrill
from marketplace.analysis.queries import Found
from marketplace.bookings import queries as bookings
from marketplace.bookings import service as booking_service
from marketplace.bookings.states import Actor
from marketplace.clips import queries as clips
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.jobs import enqueue, publish
from marketplace.knowledge import catalogue


def draft(session: Session, booking_id: UUID, *, by: User) -> Analysis:
    """The coach opens the clip and begins; the draft that is there already when she has.

    Opening a clip review ends the runner's free cancelling.
    """
    booking = bookings.locked(session, booking_id, by)
    part = clips.part_of(session, booking, by)
    existing = queries.of_booking(session, booking_id)
    if existing is not None and part is Actor.COACH:
        return existing
    check_write(part, booking.kind, booking.status, clips=clips.count_of(session, booking_id))
    booking_service.open_clip(session, booking_id, by=by)
    now = clock.now()
    analysis = Analysis(
        booking_id=booking.id, coach_id=booking.coach_id, runner_id=booking.runner_id, created_at=now, changed_at=now
    )
    session.add(analysis)
    session.flush()
    return analysis


def save(session: Session, analysis_id: UUID, *, by: User, draft: DraftText) -> Analysis:
    """Keep what the coach has typed. Conflict `changed-elsewhere` when another window has saved since."""
    analysis = _writable(session, analysis_id, by)
    if not accepts(draft, version=analysis.version, editor=analysis.editor, step=analysis.step):
        return analysis
    check_weeks(draft.film_again_weeks)
    analysis.summary, analysis.film_again_weeks = draft.summary, draft.film_again_weeks
    texts = {text.id: text for text in draft.findings}
    for found in queries.findings(session, analysis_id):
        if found.finding.id in texts:
            _write(session, found, texts[found.finding.id])
    analysis.editor, analysis.step = draft.editor, draft.step
    _changed(session, analysis)
    return analysis


def add_finding(session: Session, analysis_id: UUID, *, by: User, issue: str) -> Finding:
    """A new finding at the end, empty but for its issue."""
    analysis = _writable(session, analysis_id, by)
    if issue not in catalogue.issue_ids():
        raise Invalid("unknown-issue", field="issue")
    present = queries.findings(session, analysis_id, removed=True)
    if sum(each.finding.removed_at is None for each in present) >= MOST_FINDINGS:
        raise Conflict("enough-findings", most=MOST_FINDINGS)
    last = max((each.finding.position for each in present), default=0)
    finding = Finding(analysis_id=analysis_id, position=last + 1, issue=issue)
    session.add(finding)
    _changed(session, analysis)
    return finding


def remove_finding(session: Session, finding_id: UUID, *, by: User) -> Finding:
    """Take a finding out; it can be brought back until the delivery."""
    return _set_removed(session, finding_id, by, removed=True)


def restore_finding(session: Session, finding_id: UUID, *, by: User) -> Finding:
    """Bring a removed finding back to its place."""
    return _set_removed(session, finding_id, by, removed=False)


def move_finding(session: Session, finding_id: UUID, *, by: User, places: int) -> Finding:
    """Move a finding up (negative) or down by so many places among those that stand."""
    finding, analysis = _finding(session, finding_id, by)
    standing = [each.finding for each in queries.findings(session, analysis.id)]
    if finding in standing:
        positions = [each.position for each in standing]
        for position, each in zip(positions, moved(standing, finding, places), strict=True):
            each.position = position
        _changed(session, analysis)
    return finding


def deliver(session: Session, analysis_id: UUID, *, by: User) -> Analysis:
    """Send it to the runner; from now on it can't be changed. That completes a clip review. Twice is once."""
    analysis, booking, _part = queries.visible(session, analysis_id, by)
    booking = bookings.locked(session, booking.id, by)
    analysis = queries.locked(session, analysis_id, by)
    if analysis.is_delivered:
        return analysis
    check_alive(booking.kind, booking.status)
    found = queries.findings(session, analysis_id)
    check_deliver([(each.finding.issue, each.finding.seen) for each in found])
    _forget_removed(session, analysis_id)
    analysis.delivered_at = clock.now()
    session.flush()
    enqueue(session, "analysis.mail_delivered", key=f"analysis.mail_delivered:{analysis.id}", analysis_id=analysis.id)
    publish(session, "analysis.delivered", analysis_id=analysis.id, booking_id=booking.id)
    if booking.kind == OfferKind.CLIP_REVIEW:
        booking_service.complete(session, booking.id, by)
    return analysis


def _writable(session: Session, analysis_id: UUID, by: User) -> Analysis:
    analysis = queries.locked(session, analysis_id, by)
    if analysis.is_delivered:
        raise Conflict("delivered-already")
    return analysis


def _finding(session: Session, finding_id: UUID, by: User) -> tuple[Finding, Analysis]:
    finding = session.get(Finding, finding_id)
    if finding is None:
        raise NotFound("finding")
    return finding, _writable(session, finding.analysis_id, by)


def _set_removed(session: Session, finding_id: UUID, by: User, *, removed: bool) -> Finding:
    finding, analysis = _finding(session, finding_id, by)
    finding.removed_at = clock.now() if removed else None
    _changed(session, analysis)
    return finding


def _write(session: Session, found: Found, text: FindingText) -> None:
    finding = found.finding
    finding.seen, finding.cue = text.seen, text.cue
    known = catalogue.issue(finding.issue).drills
    if any(each.drill not in known for each in text.drills):
        raise Invalid("unknown-drill", field=f"drill-{finding.id}")
    if [DrillText(each.drill, each.dose) for each in found.drills] != list(text.drills):
        _prescribe(session, found, text.drills)


def _prescribe(session: Session, found: Found, drills: Sequence[DrillText]) -> None:
    for given in found.drills:
        session.delete(given)
    session.flush()
    for position, each in enumerate({each.drill: each for each in drills}.values()):
        session.add(PrescribedDrill(finding_id=found.finding.id, drill=each.drill, dose=each.dose, position=position))


def _forget_removed(session: Session, analysis_id: UUID) -> None:
    for found in queries.findings(session, analysis_id, removed=True):
        if found.finding.removed_at is not None:
            for drill in found.drills:
                session.delete(drill)
            session.flush()
            session.delete(found.finding)


def _changed(session: Session, analysis: Analysis) -> None:
    analysis.version += 1
    analysis.changed_at = clock.now()
    session.flush()
