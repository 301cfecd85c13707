"""A dispute: what the bank asks, what we know, the evidence as a file and on its way to the bank."""

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.admin import evidence, queries
from marketplace.admin.views import words
from marketplace.admin.views.blueprint import bp
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict
from marketplace.payments import service as payments
from marketplace.printing import printed
from marketplace.web.app import own_transaction, reads, shown_again
from marketplace.web.auth import role


@bp.get("/disputes/<dispute_id>")
@reads
@role("staff")
def dispute(dispute_id: str) -> ResponseReturnValue:
    """How it stands, and what would be sent."""
    proof = queries.proof(current_session(), dispute_id)
    sections = evidence.sections(proof)
    return render_template(
        "admin/dispute.html",
        proof=proof,
        dispute=proof.dispute,
        is_sold=proof.is_sold,
        sections=sections,
        words=words,
        now=clock.now(),
    )


@bp.get("/disputes/<dispute_id>/evidence.pdf")
@own_transaction
@role("staff")
def evidence_file(dispute_id: str) -> ResponseReturnValue:
    """All that speaks for the charge, in one file."""
    with transaction(write=False) as session:
        sections = evidence.sections(queries.proof(session, dispute_id))
    title = f"Evidence for dispute {dispute_id}"
    blocks = [("heading", title), *(("section", each.heading, each.lines) for each in sections)]
    answer = Response(printed(title, blocks), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = f'attachment; filename="evidence-{dispute_id}.pdf"'
    return answer


@bp.post("/disputes/<dispute_id>/evidence")
@own_transaction
@role("staff")
def send_evidence(dispute_id: str) -> ResponseReturnValue:
    """Send it to the bank, by Stripe; once."""
    with transaction(write=False) as session:
        found = evidence.for_stripe(queries.proof(session, dispute_id))
    try:
        payments.send_evidence(dispute_id, found)
    except Conflict as refusal:
        return shown_again(dispute, refusal, dispute_id=dispute_id)
    flash(_("Sent. The bank decides, which may take weeks; how it ends stands on this page."), "good")
    return redirect(url_for("admin.dispute", dispute_id=dispute_id), 303)
