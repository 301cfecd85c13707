"""The blueprint that all of these pages belong to, and what other pages may ask about clips."""

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, current_app

from marketplace.clips import queries
from marketplace.clips.models import Clip
from marketplace.db import current_session
from marketplace.storage import Storage

bp = Blueprint("clips", __name__)


@bp.app_template_global()
def clips_of(booking_id: UUID) -> Sequence[Clip]:
    """A booking's clips, for a page that shows the booking to one of the two."""
    return queries.of_booking(current_session(), booking_id)


def storage() -> Storage:
    """Where the files are."""
    found: Storage = current_app.extensions["storage"]
    return found
