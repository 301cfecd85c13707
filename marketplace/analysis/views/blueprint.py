"""The blueprint that all of these pages belong to, and what other pages may ask about analyses."""

from uuid import UUID

from flask import Blueprint

from marketplace.accounts.sessions import me
from marketplace.analysis import queries
from marketplace.analysis.models import Analysis
from marketplace.db import current_session
from marketplace.errors import NotFound

bp = Blueprint("analysis", __name__)


@bp.app_template_global()
def analysis_of(booking_id: UUID) -> Analysis | None:
    """A booking's analysis as the signed-in person may see it: its coach always, its runner once delivered."""
    session = current_session()
    analysis = queries.of_booking(session, booking_id)
    try:
        return analysis and queries.visible(session, analysis.id, me())[0]
    except NotFound:
        return None
