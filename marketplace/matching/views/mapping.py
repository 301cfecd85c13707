"""What the map of a list of coaches is drawn from: rings, pins, and place names of our own gazetteer."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace.matching import queries
from marketplace.matching.criteria import MOST_KM
from marketplace.matching.forms import PageQuery
from marketplace.matching.queries import Cluster, Hit, Results
from marketplace.matching.rendered import Reader, of_the_minute
from marketplace.matching.views.chips import parameters
from marketplace.matching.views.rows import reader_of
from marketplace.places.models import Place
from marketplace.places.queries import Point

RINGS = (5, 10, 20, 40, 80, 150, 300)
MOST_RINGS = 4


def map_data(
    session: Session, centre: Point | None, query: PageQuery, results: Results, carried: dict[str, Any]
) -> dict[str, Any]:
    """JSON for the page's script; without a centre there are no rings. `area_km`: a part of the map was searched."""
    rings = [km for km in RINGS if km <= max(query.within_km, RINGS[0])][-MOST_RINGS:]
    middle = centre or _middle(results.hits)
    around = queries.around(session, middle, query.within_km if centre else MOST_KM) if middle else []
    reader = reader_of(carried)
    is_area = centre is not None and queries.is_point(query.near or "")
    return {
        "centre": _at(centre, query.near or "") if centre else None,
        "area_km": query.within_km if is_area else None,
        "middle": list(middle) if middle else None,
        "rings": rings if centre else [],
        "places": [_at(point, name) | {"population": population} for point, name, population in around],
        "pins": [_pin(hit, number, carried, reader) for number, hit in enumerate(results.hits, results.first)],
    }


def map_addresses(endpoint: str, query: PageQuery, is_relaxed: bool) -> dict[str, str]:
    """Where the script looks for another area, and where it counts those whom the page does not show.

    `is_relaxed`: nobody lists what was asked for, so others are shown and counted.
    """
    elsewhere = parameters(query, near=None, within_km=None)
    counted = parameters(query) | ({"issue": [], "past": [], "goal": []} if is_relaxed else {})
    return {"search": url_for(endpoint, **elsewhere), "around": url_for("matching.map_json", **counted)}


def named(place: Place) -> dict[str, Any]:
    """A place for the map's names."""
    return _at(place.point, place.name) | {"population": place.population}


def cluster(found: Cluster) -> dict[str, Any]:
    """Coaches of one square; who is alone has a name and a page."""
    at: dict[str, Any] = {"latitude": found.latitude, "longitude": found.longitude, "count": found.count}
    at["square"] = found.square
    if found.slug is None:
        return at
    return at | {"slug": found.slug, "name": found.name, "url": url_for("matching.profile", slug=found.slug)}


def words() -> dict[str, str]:
    """What the script says, with {num} and {place} where it puts a number and a town."""
    gaps = {"num": "{num}", "place": "{place}"}
    return {
        "in": _("Closer"),
        "out": _("Farther"),
        "km": _("km"),
        "around": _("%(num)s coaches around %(place)s", **gaps),
        "several": _("%(num)s coaches", **gaps),
        "place": _("Place %(num)s in the list", **gaps),
        "fit": _("fit %(num)s", **gaps),
        "another": _("Another coach around %(place)s", **gaps),
        "others": _("%(num)s more coaches around %(place)s", **gaps),
        "fingers": _("Two fingers move the map"),
        "elsewhere": _("Not on this page of the list"),
    }


def _middle(hits: Sequence[Hit]) -> Point | None:
    """Where most of those coaches are: the median of each coordinate."""
    latitudes, longitudes = sorted(hit.card.latitude for hit in hits), sorted(hit.card.longitude for hit in hits)
    return (latitudes[len(hits) // 2], longitudes[len(hits) // 2]) if hits else None


def _pin(hit: Hit, number: int, carried: dict[str, Any], reader: Reader) -> dict[str, Any]:
    return of_the_minute("pin", hit, number, reader, lambda: _made_pin(hit, number, carried))


def _made_pin(hit: Hit, number: int, carried: dict[str, Any]) -> dict[str, Any]:
    """A coach's pin, labelled by her fit, or by her place in the list where nothing was asked for."""
    label = str(hit.fit if hit.is_matched else number)
    more = {"slug": hit.card.slug, "label": label, "fit": hit.fit, "is_fit": hit.is_matched}
    url = url_for("matching.profile", slug=hit.card.slug, **carried)
    return _at((hit.card.latitude, hit.card.longitude), hit.card.name) | more | {"url": url}


def _at(point: Point, name: str) -> dict[str, Any]:
    return {"latitude": round(point[0], 4), "longitude": round(point[1], 4), "name": name}
