"""Street addresses, asked of a Nominatim server where one is configured.

Calls out: never inside a transaction.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from geopy.exc import GeopyError
from geopy.geocoders import Nominatim

from marketplace import log

SECONDS = 3
AROUND_DEGREES = 1
"""So far around a point an address is preferred to others that read the same."""


class Address(NamedTuple):
    """What Nominatim found: its wording of the address, degrees."""

    name: str
    latitude: float
    longitude: float


class NoAnswer(Exception):
    """There is no server, or it did not answer in three seconds."""


def find_address(text: str, *, nominatim_url: str, near: tuple[float, float], language: str = "en") -> Address | None:
    """The point of an address, rather `near` (latitude, longitude) than far; None for an unknown one. NoAnswer."""
    url = urlsplit(nominatim_url)
    if not url.netloc:
        raise NoAnswer("no server")
    server = Nominatim(
        scheme=url.scheme, domain=url.netloc + url.path.rstrip("/"), user_agent="Runsight", timeout=SECONDS
    )
    latitude, longitude = near
    corners = [(latitude + side * AROUND_DEGREES, longitude + side * AROUND_DEGREES) for side in (-1, 1)]
    try:
        found = server.geocode(text, language=language, viewbox=corners)
    except (GeopyError, ValueError) as error:
        log.warning("nominatim did not answer", error=repr(error))
        raise NoAnswer(str(error)) from error
    return Address(found.address, found.latitude, found.longitude) if found else None
