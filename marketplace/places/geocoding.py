"""Addresses that the gazetteer lacks, asked of a Nominatim server where one is configured.

Calls out: never inside a transaction.
"""

from typing import NamedTuple
from urllib.parse import urlsplit

from geopy.exc import GeopyError
from geopy.geocoders import Nominatim

from marketplace import log

SECONDS = 3


class Address(NamedTuple):
    """What Nominatim found: its wording of the address, degrees."""

    name: str
    latitude: float
    longitude: float


def find_address(text: str, *, nominatim_url: str, language: str = "en") -> Address | None:
    """The point of an address; None without a server, for an unknown one, or with no answer in three seconds."""
    url = urlsplit(nominatim_url)
    if not url.netloc or not text.strip():
        return None
    server = Nominatim(
        scheme=url.scheme, domain=url.netloc + url.path.rstrip("/"), user_agent="Runsight", timeout=SECONDS
    )
    try:
        found = server.geocode(text, language=language)
    except GeopyError as error:
        log.warning("nominatim did not answer", error=repr(error))
        return None
    return Address(found.address, found.latitude, found.longitude) if found else None
