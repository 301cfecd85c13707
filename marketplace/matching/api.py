"""Search, match, a coach and what she sells, under /api/v1."""

import json
from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, request
from pydantic import BaseModel
from sqlmodel import Session

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.errors import NotFound
from marketplace.matching import queries
from marketplace.matching.answers import (
    CoachesAnswer,
    CoachShown,
    CredentialShown,
    MatchAnswer,
    OffersAnswer,
    OfferShown,
    ProfileAnswer,
)
from marketplace.matching.criteria import Criteria, currency_of
from marketplace.matching.forms import CoachPath, MatchBody, SearchQuery
from marketplace.matching.needs import criteria_of
from marketplace.matching.needshown import NeedShown
from marketplace.matching.queries import Hit
from marketplace.matching.rendered import of_the_minute
from marketplace.matching.views.rows import reader_of
from marketplace.web import front, shared
from marketplace.web.api import blueprint, decode_cursor, encode_cursor
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.security import csrf

bp_api = blueprint("matching")
csrf.exempt(bp_api)
HOME = "CA"  # whose currency a price is in where neither currency nor place is named


@bp_api.get("/coaches", responses={200: CoachesAnswer})
@reads
@public
def search(query: SearchQuery) -> Response:
    """Coaches by place, issues, goals and more, in pages."""
    is_anybodys = shared.is_for_anybody() and "Authorization" not in request.headers
    body = front.lately(lambda: _search(query)) if is_anybodys else _search(query)
    return Response(body, mimetype="application/json")


def _search(query: SearchQuery) -> str:
    session = current_session()
    point, place = queries.located(session, query.near) if query.near else (None, None)
    currency, timezone = currency_of(place.country if place else HOME), place.timezone if place else None
    criteria = query.criteria(clock.now(), point, currency, timezone)
    after = decode_cursor(query.cursor) if query.cursor else None
    results = queries.search(session, criteria, after)
    after_it = json.dumps(encode_cursor(*results.after) if results.after else None)
    coaches_found = ",".join(_shown(results.hits))
    return f'{{"coaches":[{coaches_found}],"total":{results.total},"next_cursor":{after_it}}}'


@bp_api.post("/match", responses={200: MatchAnswer})
@reads
@public
def match(body: MatchBody) -> dict[str, Any]:
    """A runner's story understood, and the twenty coaches who fit it best. Nothing of it is kept."""
    session = current_session()
    near = queries.located(session, body.near)[0] if body.near else None
    need = queries.understood(session, body.story)
    hits = queries.search(session, criteria_of(need, clock.now(), near)).hits
    return _json(MatchAnswer(need=NeedShown.of(need), coaches=[CoachShown.of(hit) for hit in hits]))


@bp_api.get("/coaches/<string:slug>", responses={200: ProfileAnswer})
@reads
@public
def coach(path: CoachPath) -> dict[str, Any]:
    """One listed coach."""
    session, found = current_session(), _listed(current_session(), path.slug)
    hit = queries.standing(session, found.id, Criteria(now=clock.now()))
    assert hit is not None  # noqa: S101  (_listed has seen to it)
    papers = [
        CredentialShown(title=each.title, issuer=each.issuer, year=each.year, checked=each.checked_at is not None)
        for each in coaches.credentials(session, found.id)
    ]
    return _json(ProfileAnswer.of(hit, about=found.about, timezone=found.timezone, credentials=papers))


@bp_api.get("/coaches/<string:slug>/offers", responses={200: OffersAnswer})
@reads
@public
def offers(path: CoachPath) -> dict[str, Any]:
    """What a listed coach sells."""
    found = _listed(current_session(), path.slug)
    sold = coaches.offers(current_session(), found.id)
    return _json(OffersAnswer(offers=[OfferShown.of(offer) for offer in sold]))


def _shown(hits: Sequence[Hit]) -> list[str]:
    """Those coaches as JSON, each made once a minute."""
    reader = reader_of({})
    return [of_the_minute("json", hit, 0, reader, partial(_as_json, hit)) for hit in hits]


def _as_json(hit: Hit) -> str:
    return CoachShown.of(hit).model_dump_json()


def _listed(session: Session, slug: str) -> Coach:
    """The coach; NotFound `coach` for one whom search does not find."""
    found = coaches.by_slug(session, slug)
    if not queries.is_listed(session, found.id):
        raise NotFound("coach")
    return found


def _json(answer: BaseModel) -> dict[str, Any]:
    return answer.model_dump(mode="json")
