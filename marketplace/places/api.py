"""GET /api/v1/places: what a typed text may mean."""

from pydantic import BaseModel, Field

from marketplace.db import current_session
from marketplace.places import queries
from marketplace.places.models import Place
from marketplace.web.api import Strict, blueprint
from marketplace.web.app import reads
from marketplace.web.auth import public

bp_api = blueprint("places")


class PlacesQuery(Strict):
    """A text as somebody types it."""

    q: str = Field(max_length=200, description="Beginning or whole of a name or postal code, at least 2 letters")
    timezone: str | None = Field(default=None, max_length=60, description="Of who types: places near it come first")
    limit: int = Field(default=8, ge=1, le=20)


class PlaceAnswer(BaseModel):
    """One place. `region` is the code of a province or state, `country` the ISO code."""

    id: int
    name: str
    region: str
    region_name: str
    country: str
    postal_code: str
    latitude: float
    longitude: float
    timezone: str
    population: int

    @classmethod
    def of(cls, place: Place) -> "PlaceAnswer":
        """The API's shape of a place."""
        return cls.model_validate(place, from_attributes=True)


class PlacesAnswer(BaseModel):
    """Places, the likeliest first."""

    places: list[PlaceAnswer]


@bp_api.get("/places", responses={200: PlacesAnswer})
@reads
@public
def suggested(query: PlacesQuery) -> dict[str, object]:
    """Places that begin with, or are meant by, what was typed."""
    session = current_session()
    near = queries.middle_of_zone(session, query.timezone) if query.timezone else None
    found = queries.suggest(session, query.q, near=near, limit=query.limit)
    return PlacesAnswer(places=[PlaceAnswer.of(place) for place in found]).model_dump()
