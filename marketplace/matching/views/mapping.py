"""What the map of a list of coaches is drawn from: rings, pins, and place names of our own gazetteer."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace.matching import queries
from marketplace.matching.criteria import MOST_KM
from marketplace.matching.forms import PageQuery
from marketplace.matching.queries import Hit, Results
from marketplace.places.queries import Point

RINGS = (5, 10, 20, 40, 80, 150, 300)
MOST_RINGS = 4


def map_data(
    session: Session, centre: Point | None, query: PageQuery, results: Results, carried: dict[str, Any]
) -> dict[str, Any]:
    """JSON for the page's script; without a centre there are no rings."""
    rings = [km for km in RINGS if km <= max(query.within_km, RINGS[0])][-MOST_RINGS:]
    middle = centre or _middle(results.hits)
    around = queries.around(session, middle, query.within_km if centre else MOST_KM) if middle else []
    return {
        "centre": _named(centre, query.near or _("Your position")) if centre else None,
        "middle": list(middle) if middle else None,
        "rings": rings if centre else [],
        "places": [_named(place.point, place.name) | {"population": place.population} for place in around],
        "pins": [_pin(hit, number, carried) for number, hit in enumerate(results.hits, results.first)],
    }


def _middle(hits: Sequence[Hit]) -> Point | None:
    """Where most of those coaches are: the median of each coordinate."""
    latitudes, longitudes = sorted(hit.card.latitude for hit in hits), sorted(hit.card.longitude for hit in hits)
    return (latitudes[len(hits) // 2], longitudes[len(hits) // 2]) if hits else None


def _pin(hit: Hit, number: int, carried: dict[str, Any]) -> dict[str, Any]:
    """A coach's pin, labelled by her fit, or by her place in the list where nothing was asked for."""
    more = {"slug": hit.card.slug, "label": str(hit.fit if hit.is_matched else number), "fit": hit.fit}
    url = url_for("matching.profile", slug=hit.card.slug, **carried)
    return _named((hit.card.latitude, hit.card.longitude), hit.card.name) | more | {"url": url}


def _named(point: Point, name: str) -> dict[str, Any]:
    return {"latitude": round(point[0], 4), "longitude": round(point[1], 4), "name": name}
