"""What these pages look at coaches for: the search of the address, or else what the visitor's story said."""

from datetime import datetime
from typing import Any

from flask import request
from sqlmodel import Session

from marketplace.kept import queries
from marketplace.kept.queries import Asked
from marketplace.matching.forms import PageQuery, lenient
from marketplace.matching.views.chips import goal_label
from marketplace.matching.views.listing import is_search
from marketplace.matching.views.told import told


def asked_here(session: Session, now: datetime) -> Asked:
    """The search that coaches are measured by here."""
    return queries.asked(session, _query(), now)


def carried(asked: Asked) -> dict[str, Any]:
    """What links to coaches take along: what the booking's form asks for, and where she is looked at from."""
    query, kept = asked.query, told()
    goal = "; ".join(goal_label(each, kept) for each in query.goal)[:200]
    found = {"issue": query.issue, "goal": goal, "near": None if asked.is_lost else query.near}
    return {name: value for name, value in found.items() if value}


def _query() -> PageQuery:
    if is_search(request.args):
        return lenient({name: request.args.getlist(name) for name in request.args})
    kept = told()
    return lenient({"issue": list(kept.issues), "goal": list(kept.goals)})
