"""What an address asks for, as criteria of a search."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from marketplace.errors import Invalid
from marketplace.matching import queries as matching
from marketplace.matching.criteria import Criteria, currency_of
from marketplace.matching.forms import PageQuery
from marketplace.places.models import Place

HOME = "CA"  # whose currency a price is in where no place is named


@dataclass(frozen=True, slots=True)
class Asked:
    """A search as it was written and as it is looked for. `is_lost`: it names a place that we don't know."""

    query: PageQuery
    criteria: Criteria
    place: Place | None = None
    is_lost: bool = False


def asked(session: Session, query: PageQuery, now: datetime) -> Asked:
    """The search; without its place when that means nothing to us."""
    try:
        point, place = matching.located(session, query.near) if query.near else (None, None)
    except Invalid:
        return Asked(query, query.criteria(now, None, currency_of(HOME)), is_lost=True)
    currency, timezone = currency_of(place.country if place else HOME), place.timezone if place else None
    return Asked(query, query.criteria(now, point, currency, timezone), place)
