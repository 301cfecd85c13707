"""A town's page: what its coaches are like as a whole, the next free times, and the coaches themselves."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.db import current_session
from marketplace.guides import wording
from marketplace.guides.views.blueprint import bp
from marketplace.matching import linked_data, queries
from marketplace.matching import wording as matching_wording
from marketplace.matching.criteria import USUAL_KM, Criteria, Sort, currency_of
from marketplace.matching.forms import PageQuery
from marketplace.matching.linked_data import Linked
from marketplace.matching.masks import IN_PERSON
from marketplace.matching.queries import Hit, towns
from marketplace.matching.views.mapping import map_addresses, map_data, words
from marketplace.matching.views.rows import row, slots
from marketplace.places.models import CITY, Place
from marketplace.places.queries import by_slug
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.indexing import indexed, keep_out, moved
from marketplace.web.languages import about_place, full_url, language

SOONEST = 3


@bp.get("/coaches/<string(length=2):country>/<string(maxlength=10):region>/<string(maxlength=120):city>")
@reads
@public
@indexed
def town(country: str, region: str, city: str) -> ResponseReturnValue:
    """The coaches in and around a town. Other spellings lead to its one address."""
    session = current_session()
    place, address = _found(session, country, region, city)
    if tuple(address.values()) != (country, region, city):
        return moved("guides.town", **address)
    if place.kind != CITY or not towns.is_served(session, place.point):
        keep_out()
    about_place(place.timezone)
    return render_template("guides/town.html", **_about(session, place))


def _found(session: Session, country: str, region: str, city: str) -> tuple[Place, dict[str, str]]:
    """The place meant, and the address that means it and no other."""
    place = by_slug(session, country, region, city.replace("-", " "))
    address = place.address if place else None
    if place is None or address is None:
        abort(404)
    again = by_slug(session, address["country"], address["region"], address["city"].replace("-", " "))
    if again is None or again.id != place.id:
        abort(404)
    return place, address


def _about(session: Session, place: Place) -> dict[str, Any]:
    now = clock.now()
    near = queries.address_of(session, place.id, place.name, place.region)
    criteria = Criteria(now=now, centre=place.point, currency=currency_of(place.country))
    results = queries.search(session, criteria)
    figures = towns.figures(session, place, now)
    carried, query = {"near": near}, PageQuery(near=near)
    hits = [hit for hit in results.hits if not hit.elsewhere] or results.hits
    addresses = map_addresses("matching.coaches", query, False)
    return {
        "place": place,
        "title": wording.town_title(place.label(language())),
        "heading": wording.town_title(place.name),
        "description": wording.town_description(place.name, figures),
        "label": place.label(language()),
        "figures": figures,
        "prices": wording.prices(figures),
        "issues": [(each, matching_wording.issue_name(each), count) for each, count in figures.issues.items()],
        "languages": [(matching_wording.language_name(each), count) for each, count in figures.languages.items()],
        "soonest": _soonest(session, criteria, carried) if figures.free else [],
        "around": towns.around(session, place),
        "hits": hits,
        "slot": slots(carried),
        "online": results.total - results.near,
        "has_more": len(hits) < results.total,
        "map": map_data(session, place.point, query, results, carried) | addresses,
        "map_words": words(),
        "near": near,
        "km": USUAL_KM,
        "most_counted": towns.MOST_COUNTED,
        "linked_data": _linked(place, hits),
    }


def _soonest(session: Session, criteria: Criteria, carried: dict[str, Any]) -> list[dict[str, Any]]:
    """The coaches who meet in person and are free first, with their times."""
    wanted = replace(criteria, modes=IN_PERSON, sort=Sort.SOONEST, limit=SOONEST)
    found = [row(hit, carried) for hit in queries.search(session, wanted).hits]
    return [each for each in found if each["times"]]


def _linked(place: Place, hits: Sequence[Hit]) -> list[Linked]:
    """The list of coaches and the way here, for search engines."""
    named = [(hit.card.name, full_url("matching.profile", slug=hit.card.slug)) for hit in hits]
    here = (place.label(language()), full_url("guides.town", **(place.address or {})))
    steps = [(_("Coaches"), full_url("matching.coaches")), here]
    return [linked_data.coach_list(wording.town_title(place.name), named), linked_data.breadcrumbs(steps)]
