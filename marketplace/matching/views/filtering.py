"""The filters of a list of coaches, as a form, with how many coaches each choice would leave."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import current_app
from markupsafe import Markup

from marketplace.matching import queries, wording
from marketplace.matching.forms import TIMES, PageQuery
from marketplace.matching.masks import GOALS, ISSUES, LANGUAGES, MODES
from marketplace.matching.queries import Facets
from marketplace.matching.views.chips import LISTS, RINGS_KM, plain_km
from marketplace.memory import Memory
from marketplace.places.models import Place
from marketplace.web.languages import language

Choice = tuple[str, str, int | None]
"""Id, name, and how many coaches it would leave."""
_kept: Memory[Markup] = Memory(60)


def form(query: PageQuery, place: Place | None, counted: Facets | None, action: str, **about: bool) -> Markup:
    """The form, rendered once for everybody who sees the same. `about`: narrow_open, is_read, is_chosen."""
    filters = as_texts(query, place)
    key = repr((language(), filters, counted, action, about))

    def made() -> Markup:
        parts: Any = current_app.jinja_env.get_template("matching/_filters.html").module
        rendered: Markup = parts.filter_form(filters, _choices(counted), action, **about)
        return rendered

    return _kept.get(key, made)


def as_texts(query: PageQuery, place: Place | None) -> dict[str, Any]:
    """The search as the form shows it; `budget` in whole units."""
    chosen = {name: getattr(query, name) for name in LISTS}
    near = queries.name_of(place) if place and query.near and query.near.isdecimal() else query.near
    is_area = query.near is not None and queries.is_point(query.near)
    return chosen | {
        "q": query.q or "",
        "near": "" if is_area else near or "",
        "area": query.near if is_area else "",
        "within_km": str(plain_km(query.within_km)),
        "rings": [str(plain_km(km)) for km in sorted({*RINGS_KM, query.within_km})],
        "budget": str(query.max_price // 100) if query.max_price is not None else "",
        "sort": query.sort,
        "available_within_days": str(query.available_within_days or ""),
        "min_rating": str(query.min_rating or ""),
    }


def _choices(counted: Facets | None) -> dict[str, list[Choice]]:
    """What the form offers, in the reader's language."""

    def offered(ids: Sequence[str], name: Callable[[str], str], counts: Mapping[str, int]) -> list[Choice]:
        return [(each, name(each), counts.get(each)) for each in ids]

    return {
        "issues": offered(ISSUES, wording.issue_name, counted.issues if counted else {}),
        "goals": offered(GOALS, wording.goal_name, counted.goals if counted else {}),
        "modes": offered(MODES, wording.want_name, counted.modes if counted else {}),
        "languages": offered(LANGUAGES, wording.language_name, counted.languages if counted else {}),
        "free": offered(TIMES, wording.free_name, counted.free if counted else {}),
    }
