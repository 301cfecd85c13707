"""The drills that a coach can give, to be read."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach
from marketplace.knowledge import catalogue
from marketplace.matching.wording import issue_name
from marketplace.web.app import reads
from marketplace.web.auth import role
from marketplace.web.languages import language


@bp.get("/coach/drills")
@reads
@role("coach")
def drills() -> ResponseReturnValue:
    """All of them, or those that go with one issue (`?issue=`)."""
    coach, issue = my_coach(), request.args.get("issue", "")
    issue = issue if issue in catalogue.issue_ids() else ""
    spoken = language()
    found = catalogue.drills_for(issue) if issue else catalogue.all_drills()
    return render_template(
        "desk/drills.html",
        coach=coach,
        issue=issue,
        issues=[(each.id, issue_name(each.id)) for each in catalogue.all_issues() if each.drills],
        dose_note=catalogue.disclaimers()["dose"].in_language(spoken),
        drills=[
            {
                "id": drill.id,
                "level": drill.level,
                "name": drill.name.in_language(spoken),
                "how": drill.how.in_language(spoken),
                "dose": drill.dose.in_language(spoken),
                "why": drill.why.in_language(spoken),
                "issues": [
                    (each.id, issue_name(each.id)) for each in catalogue.all_issues() if drill.id in each.drills
                ],
            }
            for drill in found
        ],
    )
