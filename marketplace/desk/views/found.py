"""What the coach is found for, and where a runner's story would put her."""

from typing import Any

from flask import g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk import queries
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach
from marketplace.desk.views.tried import shown
from marketplace.errors import Invalid
from marketplace.knowledge import catalogue
from marketplace.matching import trial
from marketplace.matching.counting import NEAR_KM
from marketplace.matching.forms import StoryForm
from marketplace.matching.part_words import ordinal
from marketplace.matching.queries import name_of
from marketplace.matching.stories import typical
from marketplace.matching.trial import Trial
from marketplace.matching.wording import goal_name, issue_name
from marketplace.places.models import Place
from marketplace.web.app import reads
from marketplace.web.auth import role
from marketplace.web.forms import parse
from marketplace.web.languages import LANGUAGES, language


@bp.get("/coach/found")
@reads
@role("coach")
def found() -> ResponseReturnValue:
    """What runners near her ask for, how she comes up, and stories to try."""
    return _page()


@bp.post("/coach/found/trial")
@reads
@role("coach")
def try_story() -> ResponseReturnValue:
    """The same page with what a story would do for her. Nothing of it is kept."""
    g.typed = request.form
    try:
        form = parse(StoryForm)
    except Invalid as refusal:
        g.errors = getattr(refusal, "fields", {})
        return _page(), refusal.status
    if not form.story:
        g.errors = {"story": _("Write what a runner might tell, or take one of the stories below.")}
        return _page(), 422
    return _page(trial.tried(current_session(), my_coach(), form.beginning, clock.now()))


def _page(tried: Trial | None = None) -> str:
    session, coach, today = current_session(), my_coach(), clock.now().date()
    now, before = queries.counts(session, coach.id, today)
    return render_template(
        "desk/found.html",
        coach=coach,
        now=now,
        before=before,
        asked=_asked(session, coach),
        near_km=NEAR_KM,
        stories=_stories(session, coach),
        trial=shown(tried) if tried else None,
    )


def _asked(session: Session, coach: Coach) -> list[dict[str, Any]]:
    """Her issues and goals with how often they were asked for."""
    fixes = [each.issue for each in coaches.specialisms(session, coach.id) if each.issue in catalogue.issue_ids()]
    goals = coaches.goals(session, coach.id)
    rows = queries.asked(session, coach, [*fixes, *goals], clock.now().date())
    return [
        {
            "drawing": row.id if row.id in fixes else None,
            "name": issue_name(row.id) if row.id in fixes else goal_name(row.id),
            "searches": row.searches,
            "shown": row.shown,
            "place": ordinal(row.place) if row.place else None,
            "among": row.among,
        }
        for row in rows
    ]


def _stories(session: Session, coach: Coach) -> list[tuple[str, list[str]]]:
    """Three stories in each language, the reader's first."""
    issues = [each.issue for each in coaches.specialisms(session, coach.id) if each.issue in catalogue.issue_ids()]
    goals, place = coaches.goals(session, coach.id), name_of(session.get_one(Place, coach.place_id))
    spoken = sorted(LANGUAGES, key=lambda each: each != language())
    return [(each, typical(issues, goals, place, each)) for each in spoken]
