"""Ids of places: the same after every import, because derived from codes that others keep. Pure.

Ranges: GeoNames below 100 million, then one range of 100 million for each other origin. No id has five
digits, so that five digits are always a ZIP code.
"""

_LOW_GEONAMES_ID = 100_000
_ALPHABET = 26


def of_geonames(geoname_id: int) -> int:
    """GeoNames' own id; the few below 100,000 are moved up by 20 million."""
    return geoname_id if geoname_id >= _LOW_GEONAMES_ID else 20_000_000 + geoname_id


def of_area(area: str) -> int:
    """A Canadian postal area such as "K1S"."""
    return 100_000_000 + _area_number(area)


def of_zip(code: str) -> int:
    """A US ZIP code of five digits."""
    return 200_000_000 + int(code)


def of_part(area: str, index: int) -> int:
    """The part of a town that stands at `index` (0–99) in the name of a postal area."""
    return 300_000_000 + _area_number(area) * 100 + index


def of_canadian_town(code: str) -> int:
    """A town known only from full postal codes, by the smallest of them ("K0A 1L0")."""
    area, rest = code.split()
    unit = (int(rest[0]) * _ALPHABET + ord(rest[1]) - ord("A")) * 10 + int(rest[2])
    return 400_000_000 + _area_number(area) * 2600 + unit


def of_us_town(code: str) -> int:
    """A town known only from ZIP codes, by the smallest of them."""
    return 500_000_000 + int(code)


def of_municipality(area: str) -> int:
    """A municipality known only from names of postal areas, by the smallest of these."""
    return 600_000_000 + _area_number(area)


def _area_number(area: str) -> int:
    return ((ord(area[0]) - ord("A")) * 10 + int(area[1])) * _ALPHABET + ord(area[2]) - ord("A")
