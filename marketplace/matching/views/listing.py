"""Lists of coaches: what a story led to, and the whole list."""

from collections.abc import Container
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from marketplace import clock
from marketplace.db import current_session
from marketplace.errors import Invalid
from marketplace.matching import queries
from marketplace.matching.criteria import Criteria, currency_of
from marketplace.matching.forms import PageQuery, lenient
from marketplace.matching.queries import Results
from marketplace.matching.views import chips, filtering, headings, sighted
from marketplace.matching.views.blueprint import bp
from marketplace.matching.views.mapping import map_addresses, map_data, words
from marketplace.matching.views.rows import slots
from marketplace.matching.views.told import Told, told
from marketplace.places.models import CITY, Place
from marketplace.places.queries import Point
from marketplace.web import front, shared
from marketplace.web.api import decode_cursor, encode_cursor
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.indexing import indexed, keep_out, stand_for
from marketplace.web.languages import about_place, viewer_zone

SEARCHED = frozenset(PageQuery.model_fields) - {"cursor", "limit"}


@dataclass(frozen=True, slots=True)
class Centre:
    """Where a search looks from, or why that can't be said: `refusal` when the text names no place."""

    point: Point | None = None
    place: Place | None = None
    refusal: Invalid | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What an address asks for and what is found; `is_relaxed`: nobody lists what is asked, so others are shown."""

    query: PageQuery
    centre: Centre
    criteria: Criteria
    results: Results
    is_relaxed: bool


@bp.get("/coaches")
@reads
@public
@indexed
def coaches() -> ResponseReturnValue:
    """Every coach, or those whom the address asks for."""
    return page("matching.coaches", "matching/coaches.html")


def page(endpoint: str, template: str) -> ResponseReturnValue:
    """A page of results for the address's search. Who brings nothing of her own gets the one that others got, as long
    as the search finds the same coaches in the same state, for a minute."""
    if shared.is_for_anybody():
        found, rendered = front.lately(lambda: _anybodys(endpoint, template))
        sighted.shown(found.criteria, found.results)
        return shared.answer(rendered)
    found = _find()
    sighted.shown(found.criteria, found.results)
    return _render(endpoint, template, found)


def _anybodys(endpoint: str, template: str) -> tuple[Found, shared.Page]:
    found = _find()
    results, minute = found.results, int(found.criteria.now.timestamp()) // 60
    versions = tuple((hit.card.coach_id, hit.card.version) for hit in results.hits)
    asked = (request.script_root, request.full_path, viewer_zone().key, minute)
    return found, shared.page(
        (*asked, results.total, results.near, versions), lambda: _render(endpoint, template, found)
    )


def _find() -> Found:
    """What the address asks for."""
    session = current_session()
    query = lenient({name: request.args.getlist(name) for name in request.args})
    centre = centre_of(session, query.near)
    if centre.place:
        about_place(centre.place.timezone)
    return Found(query, centre, *_found(session, query, centre, clock.now()))


def _render(endpoint: str, template: str, found: Found) -> str:
    session, now, query, results = current_session(), found.criteria.now, found.query, found.results
    _tell_search_engines(query, found.centre.place)
    carried = _carried(query, told())
    addresses = map_addresses(endpoint, query, found.is_relaxed)
    context = _about_search(endpoint, found) | {
        "hits": results.hits,
        "first": results.first,
        "slot": slots(carried),
        "next_url": _next(endpoint, query, results),
        "map": map_data(session, found.centre.point, query, results, carried) | addresses,
        "map_words": words(),
    }
    if not results.total:
        context["ways_out"] = _ways_out(session, query, found.centre, context["understood"], now)
    if found.is_relaxed and results.total:
        context |= {
            "title": headings.nobody_lists_it(),
            "lead": context["lead"] if found.centre.refusal else headings.others(),
        }
    return render_template(template, **context)


def is_search(given: Container[str]) -> bool:
    """Whether an address asks for anything that a search knows."""
    return any(name in given for name in SEARCHED)


def _about_search(endpoint: str, found: Found) -> dict[str, Any]:
    query, centre, results = found.query, found.centre, found.results
    kept, is_match = told(), endpoint == "matching.results"
    lead = headings.lead(endpoint, query, centre.point is not None, results)
    lead = headings.unknown_place(endpoint, query, centre.refusal) if centre.refusal else lead
    is_read = kept.found or not is_match or bool(query.issue or query.past or query.goal)
    understood = chips.understood(endpoint, query, centre.place, kept)
    return {
        "title": headings.title(query, centre.point is not None, results),
        "lead": lead,
        "understood": understood,
        "not_yours": headings.not_yours(endpoint, query, centre.place, kept),
        "outlooks": headings.outlooks(query, kept),
        "red_flags": chips.red_flags(kept),
        "now": found.criteria.now,
        "town": _town(centre.place),
        "is_read": is_read,
        "near": query.near or "",
        "sort": query.sort,
        "drawing": next(iter(query.issue), "runner"),
        "filter_form": filtering.form(
            query,
            centre.place,
            queries.facets(current_session(), found.criteria),
            url_for(endpoint),
            narrow_open=centre.refusal is not None or not is_read,
            is_read=is_read,
            is_chosen=bool(understood),
        ),
    }


def centre_of(session: Session, near: str | None) -> Centre:
    """Where an address's `near` is."""
    if near is None:
        return Centre()
    try:
        return Centre(*queries.located(session, near))
    except Invalid as refusal:
        return Centre(refusal=refusal)


def _found(session: Session, query: PageQuery, centre: Centre, now: datetime) -> tuple[Criteria, Results, bool]:
    """What a search finds; where nobody lists what is asked, everybody else whom the rest of it lets through (True)."""
    place = centre.place
    currency, timezone = currency_of(place.country if place else "CA"), place.timezone if place else None
    criteria = query.criteria(now, centre.point, currency, timezone)
    results = _search(session, criteria, query)
    if results.total or not criteria.issues | criteria.past | criteria.goals:
        return criteria, results, False
    return criteria, _search(session, replace(criteria, issues=0, past=0, goals=0), query), True


def _ways_out(
    session: Session, query: PageQuery, centre: Centre, chosen: list[chips.Chip], now: datetime
) -> list[chips.Chip]:
    """The chips without which somebody would be found, each with how many."""
    found = []
    for chip in chosen:
        rest = chips.without(query, chip["name"], chip["value"])
        total = _found(session, rest, centre if rest.near else Centre(), now)[1].total
        if total:
            found.append(chip | {"total": total})
    return found


def _search(session: Session, criteria: Criteria, query: PageQuery) -> Results:
    """The page that the cursor asks for; an impossible cursor begins again."""
    try:
        return queries.search(session, criteria, decode_cursor(query.cursor) if query.cursor else None)
    except Invalid:
        return queries.search(session, criteria)


def _carried(query: PageQuery, kept: Told) -> dict[str, Any]:
    """What links to coaches take along: what the booking's form asks for, and where she is looked at from."""
    goal = "; ".join(chips.goal_label(each, kept) for each in query.goal)[:200]
    return {name: value for name, value in {"issue": query.issue, "goal": goal, "near": query.near}.items() if value}


def _next(endpoint: str, query: PageQuery, results: Results) -> str | None:
    if results.after is None:
        return None
    return url_for(endpoint, **chips.parameters(query), cursor=encode_cursor(*results.after))


def _town(place: Place | None) -> tuple[str, str] | None:
    """The name and the address of the page about the town that is searched around."""
    parts: dict[str, Any] | None = place.address if place and place.kind == CITY else None
    return (place.name, url_for("guides.town", **parts)) if place and parts else None


def _tell_search_engines(query: PageQuery, place: Place | None) -> None:
    """A town's coaches have a page of their own, which search engines keep; other searches they pass over."""
    asked = [name for name in request.args if name in PageQuery.model_fields]
    is_named = query.near is not None and any(map(str.isalpha, query.near))
    town = place.address if place and place.kind == CITY else None
    if town and asked == ["near"] and is_named:
        stand_for("guides.town", **town)
    elif asked:
        keep_out()
