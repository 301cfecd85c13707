"""Up to three coaches side by side: what differs stands out, what is the same for all is said once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.db import current_session
from marketplace.kept import pocket, queries
from marketplace.kept.addresses import fields_of
from marketplace.kept.policy import MOST_SIDE_BY_SIDE
from marketplace.kept.queries import Asked, Face
from marketplace.kept.views import columns
from marketplace.kept.views.asked import asked_here
from marketplace.kept.views.blueprint import bp
from marketplace.kept.views.columns import Column
from marketplace.kept.views.parts import kept_slugs
from marketplace.matching import queries as matching
from marketplace.web.app import reads
from marketplace.web.auth import public

MOST_ASKED_FOR = 12
MOST_OFFERED = 6


@dataclass(frozen=True, slots=True)
class Row:
    """One thing, said of each coach. `is_same`: the same of all, so that it is said once and quietly."""

    name: str
    title: str
    cells: Sequence[Any]
    is_same: bool


@bp.get("/compare")
@reads
@public
def compare() -> str:
    """The coaches whom the address names."""
    session, now = current_session(), clock.now()
    asked, named = asked_here(session, now), _named()
    faces = queries.faces(session, named)
    found = [(face, hit) for face in faces if (hit := matching.standing(session, face.coach_id, asked.criteria))]
    side_by_side = [columns.column(session, face, hit, asked, now) for face, hit in found[:MOST_SIDE_BY_SIDE]]
    known = [face.slug for face, _hit in found]
    return render_template(
        "kept/compare.html",
        columns=side_by_side,
        rows=_rows(side_by_side),
        too_many=[face.name for face, _hit in found[MOST_SIDE_BY_SIDE:]],
        unknown=[slug[:80] for slug in named if slug not in known],
        **_ways_on(session, asked, known),
    )


def _named() -> list[str]:
    """The coaches of the address, each once."""
    return list(dict.fromkeys(slug for slug in request.args.getlist("coach") if slug))[:MOST_ASKED_FOR]


def _ways_on(session: Session, asked: Asked, known: Sequence[str]) -> dict[str, Any]:
    """The same page without one of them, or with another beside them, and the list that they are from."""
    shown = known[:MOST_SIDE_BY_SIDE]
    others = _others(session, known) if len(shown) < MOST_SIDE_BY_SIDE else []
    return {
        "without": {slug: _address(asked, [each for each in shown if each != slug]) for slug in shown},
        "others": [(face, _address(asked, [*shown, face.slug])) for face in others],
        "list_url": url_for("matching.results", **_parameters(asked)) if fields_of(asked.query) else None,
    }


def _rows(side_by_side: Sequence[Column]) -> list[Row]:
    """The rows that say anything of anybody. Fit and times are each coach's own, whatever they are."""
    kinds: list[tuple[str, str, Callable[[Column], Any]]] = [
        ("fit", _("Fit"), lambda each: each.fit),
        ("issues", _("Fixes"), lambda each: each.fixes),
        ("goals", _("Prepares for"), lambda each: each.goals),
        ("where", _("Where"), lambda each: each.where),
        ("modes", _("How"), lambda each: each.modes),
        ("languages", _("Speaks"), lambda each: each.languages),
        ("offers", _("Offers"), lambda each: each.offers),
        ("times", _("Next free times"), lambda each: each.times),
        ("cancelling", _("Cancelling"), lambda each: each.cancelling),
        ("rating", _("Rated by runners"), lambda each: each.rating),
        ("papers", _("Papers checked by us"), lambda each: each.papers),
    ]
    rows = [_row(name, title, [say(each) for each in side_by_side]) for name, title, say in kinds]
    return [row for row in rows if any(row.cells)]


def _row(name: str, title: str, cells: Sequence[Any]) -> Row:
    is_own = name in ("fit", "times")
    return Row(name, title, cells, is_same=not is_own and len(cells) > 1 and all(cell == cells[0] for cell in cells))


def _others(session: Session, known: Sequence[str]) -> list[Face]:
    """Who might be set beside them: favourites, then those seen lately."""
    slugs = [slug for slug in [*sorted(kept_slugs()), *pocket.seen()] if slug not in known]
    return queries.faces(session, slugs, bookable=True)[:MOST_OFFERED]


def _address(asked: Asked, slugs: Sequence[str]) -> str:
    return url_for("kept.compare", coach=list(slugs), **_parameters(asked))


def _parameters(asked: Asked) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for name, text in fields_of(asked.query):
        found.setdefault(name, []).append(text)
    return found
