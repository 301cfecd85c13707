"""The start page, and a story's way from there to the coaches who fit it."""

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace.db import current_session
from marketplace.errors import Invalid
from marketplace.knowledge import catalogue
from marketplace.knowledge.need.tree import Need
from marketplace.matching import queries, wording
from marketplace.matching.forms import MOST_STORY, StoryForm
from marketplace.matching.needs import asked
from marketplace.matching.views import linked, listing
from marketplace.matching.views.blueprint import bp
from marketplace.matching.views.told import remember
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.errors import word
from marketplace.web.forms import parse
from marketplace.web.indexing import indexed

SHOWN_ISSUES = 12


@bp.get("/")
@reads
@public
@indexed
def start() -> ResponseReturnValue:
    """Where a runner tells what she wants fixed."""
    return _start()


@bp.route("/match", methods=["GET", "POST"])
@reads
@public
def results() -> ResponseReturnValue:
    """POST reads a story and leads to its results; GET shows the results that the address describes."""
    if request.method == "POST":
        return _read_story()
    if not listing.is_search(request.args):
        g.typed = request.args if "story" in request.args else None
        return _start()
    return listing.page("matching.results", "matching/results.html")


def _read_story() -> ResponseReturnValue:
    session = current_session()
    try:
        form = parse(StoryForm)
        near = _address(session, form.near) if form.near else None
    except Invalid as refusal:
        return _again(refusal)
    need = queries.understood(session, form.beginning)
    if form.beginning != form.story:
        flash(_("That was a long story: we read its first %(count)s characters.", count=MOST_STORY), "info")
    if near is None and need.place is not None:
        place = need.place
        near = queries.address_of(session, place.id, place.name, place.region)
    remember(need, near)
    return redirect(url_for("matching.results", **_parameters(need, near)), 303)


def _address(session: Session, near: str) -> str:
    """What was typed, as the address has it; Invalid when it names no place."""
    _point, place = queries.located(session, near)
    if place is None or queries.is_point(near):
        return near
    return queries.address_of(session, place.id, place.name, place.region)


def _parameters(need: Need, near: str | None) -> dict[str, Any]:
    """The address of a need: all of it that is a filter, each of which a chip can take out again."""
    found = asked(need)
    values = {
        "near": near,
        "issue": found.issues,
        "past": found.past,
        "goal": found.goals,
        "want": need.wants,
        "mode": found.modes,
        "language": found.languages,
        "prefer": found.likes,
        "budget": found.budget,
    }
    # "sort" marks the address as a search even when nothing was understood
    return {name: value for name, value in values.items() if value} | {"sort": "fit"}


def _again(refusal: Invalid) -> ResponseReturnValue:
    """The start page once more, with the story as it was typed and what is wrong."""
    g.typed = request.form
    g.errors = getattr(refusal, "fields", None) or {refusal.field or "": word(refusal)}
    return _start(), refusal.status


def _start() -> str:
    known = catalogue.all_issues()[:SHOWN_ISSUES]
    issues = [(each.id, wording.issue_name(each.id)) for each in known]
    return render_template("matching/start.html", issues=issues, linked_data=linked.of_start())
