"""What is known of a form problem or a pain: how it shows, is filmed and practised, and coaches near who fix it."""

from dataclasses import dataclass
from typing import Any

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.db import current_session
from marketplace.errors import Invalid
from marketplace.guides import wording
from marketplace.guides.views.blueprint import bp
from marketplace.knowledge import catalogue
from marketplace.knowledge.facts import Issue, View
from marketplace.matching import linked_data, queries
from marketplace.matching.criteria import USUAL_KM, Criteria, currency_of
from marketplace.matching.linked_data import Linked
from marketplace.matching.masks import ISSUES, mask
from marketplace.matching.views.rows import row
from marketplace.matching.views.told import told
from marketplace.places.models import Place
from marketplace.places.queries import Point, largest_of_zone
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.errors import word
from marketplace.web.indexing import indexed, moved
from marketplace.web.languages import full_url, language, viewer_zone

SHOWN = 3


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where coaches are looked for, as an address says it; `is_guessed` from the reader's time zone."""

    point: Point | None = None
    place: Place | None = None
    near: str | None = None
    is_guessed: bool = False
    refusal: str | None = None


@bp.get("/issues")
@reads
@public
@indexed
def issues() -> ResponseReturnValue:
    """All issues: what the body does, and where it hurts."""
    known = catalogue.all_issues()
    return render_template(
        "guides/issues.html",
        form=[each for each in known if each.kind != "pain"],
        pain=[each for each in known if each.kind == "pain"],
    )


@bp.get("/issues/<string(maxlength=40):issue_id>")
@reads
@public
@indexed
def issue(issue_id: str) -> ResponseReturnValue:
    """One issue, with coaches near the reader who fix it."""
    if issue_id not in catalogue.issue_ids():
        return _otherwise_spelt(issue_id.lower())
    session, known = current_session(), catalogue.issue(issue_id)
    where = _whereabouts(session)
    return render_template(
        "guides/issue.html", where=where, linked_data=_linked(known), **_known(known), **_coaches(session, known, where)
    )


def _known(known: Issue) -> dict[str, Any]:
    """What the catalogue has on it; `numbers` are those of its sources."""
    sources = catalogue.sources_of(known.id)
    return {
        "issue": known,
        "title": wording.issue_title(known),
        "drills": catalogue.drills_for(known.id),
        "companions": catalogue.companions_of(known.id),
        "sources": sources,
        "numbers": {each.id: number for number, each in enumerate(sources, 1)},
        "filming": catalogue.filming(),
        "views": _views(known),
        "disclaimers": catalogue.disclaimers(),
        "revised_on": catalogue.REVISED_ON,
        "basis": wording.basis,
    }


def _views(known: Issue) -> list[View]:
    """The sides to film it from, the one that shows it best first."""
    views = [each for each in catalogue.filming().views if each.id in known.views]
    return sorted(views, key=lambda view: view.id != known.best_view)


def _otherwise_spelt(issue_id: str) -> ResponseReturnValue:
    if issue_id not in catalogue.issue_ids():
        abort(404)
    return moved("guides.issue", issue_id=issue_id)


def _whereabouts(session: Session) -> Whereabouts:
    """The place that the reader names, that of her story, or the largest town of her time zone."""
    asked, refusal = request.args.get("near", "").replace("\x00", "").strip()[:200], None
    if asked:
        try:
            return Whereabouts(*queries.located(session, asked), near=asked)
        except Invalid as error:
            refusal = word(error)
    if near := told().near:
        try:
            return Whereabouts(*queries.located(session, near), near=near, refusal=refusal)
        except Invalid:
            pass  # the gazetteer has changed since
    town = largest_of_zone(session, viewer_zone().key)
    if town is None:
        return Whereabouts(refusal=refusal)
    near = queries.address_of(session, town.id, town.name, town.region)
    return Whereabouts(town.point, town, near, is_guessed=True, refusal=refusal)


def _coaches(session: Session, known: Issue, where: Whereabouts) -> dict[str, Any]:
    """The coaches who fit best, and the way to all of them."""
    now, country = clock.now(), where.place.country if where.place else "CA"
    criteria = Criteria(
        now=now, centre=where.point, issues=mask([known.id], ISSUES), currency=currency_of(country), limit=SHOWN
    )
    found = queries.search(session, criteria)
    carried: dict[str, Any] = {name: value for name, value in (("issue", [known.id]), ("near", where.near)) if value}
    return {
        "rows": [row(hit, carried) for hit in found.hits],
        "total": found.total,
        "near_count": found.near,
        "km": USUAL_KM,
        "all_url": url_for("matching.coaches", **carried),
    }


def _linked(known: Issue) -> list[Linked]:
    """The page as an article with its sources, and the way here."""
    name, line = known.name.in_language(language()), known.line.in_language(language())
    here = full_url("guides.issue", issue_id=known.id)
    article = linked_data.article(
        wording.issue_title(known),
        line,
        here,
        language=language(),
        changed_on=catalogue.REVISED_ON,
        sources=[each.title.in_language(language()) for each in catalogue.sources_of(known.id) if each.url],
    )
    return [article, linked_data.breadcrumbs([(_("Form problems"), full_url("guides.issues")), (name, here)])]
