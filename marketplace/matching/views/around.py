"""What a map shows beyond the page's coaches: how many there are where, and the names of towns, as JSON."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from marketplace import clock
from marketplace.db import current_session
from marketplace.errors import Invalid
from marketplace.matching import queries
from marketplace.matching.criteria import Criteria, currency_of
from marketplace.matching.forms import PageQuery, lenient
from marketplace.matching.frame import Frame
from marketplace.matching.views.blueprint import bp
from marketplace.matching.views.listing import centre_of
from marketplace.matching.views.mapping import cluster, named
from marketplace.places.models import AREA, CITY
from marketplace.places.queries import largest_in
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.errors import problem, word

MOST_NAMES = 60
PARTS_FROM_ZOOM = 9  # parts of towns only crowd a wider map


@bp.get("/coaches/map.json")
@reads
@public
def map_json() -> ResponseReturnValue:
    """Those whom the address asks for, counted by squares of the frame `bounds` at `zoom`; its largest places.

    What a list's address does not know is passed over here too; a frame that can't be one is 422.
    """
    session = current_session()
    try:
        frame = Frame.read(request.args.get("bounds", ""), request.args.get("zoom", ""))
    except Invalid as refusal:
        return problem(refusal.status, word(refusal), kind=refusal.kind, errors={refusal.field: word(refusal)})
    query = lenient({name: request.args.getlist(name) for name in request.args})
    found = queries.clusters(session, _criteria(session, query), frame)
    kinds = (CITY, AREA) if frame.zoom >= PARTS_FROM_ZOOM else (CITY,)
    places = largest_in(session, frame.box, kinds=kinds, limit=MOST_NAMES)
    return jsonify(grid=frame.grid, clusters=[cluster(each) for each in found], places=[named(each) for each in places])


def _criteria(session: Session, query: PageQuery) -> Criteria:
    """The place of a search counts for nothing but the currency of its prices."""
    place = centre_of(session, query.near).place if query.max_price is not None else None
    return query.criteria(clock.now(), None, currency_of(place.country if place else "CA"))
