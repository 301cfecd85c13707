"""What waits for staff, and trying again what did not go."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock, jobs
from marketplace.admin import queries
from marketplace.admin.views import words
from marketplace.admin.views.blueprint import bp
from marketplace.db import current_session
from marketplace.payments import service as payments
from marketplace.web.app import reads, writes
from marketplace.web.auth import role


@bp.get("")
@reads
@role("staff")
def home() -> ResponseReturnValue:
    """All that waits for a decision, or did not go."""
    return render_template("admin/home.html", waiting=queries.waiting(current_session()), words=words, now=clock.now())


@bp.post("/refunds/<uuid:refund_id>/attempts")
@writes()
@role("staff")
def retry_refund(refund_id: UUID) -> ResponseReturnValue:
    """Try a refund again."""
    payments.retry_refund(current_session(), refund_id, by="staff")
    return _tried()


@bp.post("/transfers/<uuid:transfer_id>/attempts")
@writes()
@role("staff")
def retry_transfer(transfer_id: UUID) -> ResponseReturnValue:
    """Try to send a coach her share again."""
    payments.retry_transfer(current_session(), transfer_id, by="staff")
    return _tried()


@bp.post("/reversals/<uuid:reversal_id>/attempts")
@writes()
@role("staff")
def retry_reversal(reversal_id: UUID) -> ResponseReturnValue:
    """Try to take back again what a coach was sent too much."""
    payments.retry_reversal(current_session(), reversal_id, by="staff")
    return _tried()


@bp.post("/reversals/<uuid:reversal_id>/loss")
@writes()
@role("staff")
def write_off(reversal_id: UUID) -> ResponseReturnValue:
    """Bear what a coach can't give back."""
    payments.write_off(current_session(), reversal_id, by="staff")
    flash(_("Written off: it stands in the books as a loss, and the coach owes it no more."), "good")
    return redirect(url_for("admin.home"), 303)


@bp.post("/jobs/<uuid:job_id>/attempts")
@writes()
@role("staff")
def retry_job(job_id: UUID) -> ResponseReturnValue:
    """Let a job that was given up begin anew."""
    jobs.revive(current_session(), job_id)
    return _tried()


def _tried() -> ResponseReturnValue:
    flash(_("It is being tried again. If it fails once more, it comes back to this page."), "good")
    return redirect(url_for("admin.home"), 303)
