"""Distances and the quarter-degree cells that near things share. Pure.

Distances are great-circle kilometres on geopy's sphere: within 0.5 % of the ellipsoid, which no runner will notice.
geopy itself takes twenty times as long for one, and a page of results asks for twenty.
"""

from datetime import UTC, datetime
from functools import lru_cache
from math import asin, ceil, cos, floor, radians, sin, sqrt
from zoneinfo import ZoneInfo

EARTH_KM = 6371.009
CELLS_PER_DEGREE = 4
CELLS_AROUND = 360 * CELLS_PER_DEGREE
MOST_ROWS = 40  # of a frame: more ranges than these cost more than they save
KM_PER_DEGREE = 111.195  # of latitude, on geopy's sphere


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two (latitude, longitude) pairs in degrees: the haversine formula, on geopy's sphere."""
    north, south = radians(a[0]), radians(b[0])
    across, along = radians(b[1] - a[1]) / 2, (south - north) / 2
    part = sin(along) ** 2 + cos(north) * cos(south) * sin(across) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(part)))


def cell(latitude: float, longitude: float) -> int:
    """The number of the quarter-degree cell that a point lies in, counted eastwards, row by row."""
    row = floor((latitude + 90) * CELLS_PER_DEGREE)
    return row * CELLS_AROUND + floor((longitude + 180) * CELLS_PER_DEGREE) % CELLS_AROUND


def on_sphere(latitude: float, longitude: float) -> tuple[float, float, float]:
    """The point on the unit sphere: the product of two such points is the cosine of the angle between them."""
    north, east = radians(latitude), radians(longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


@lru_cache(maxsize=1024)
def standard_minutes(timezone: str) -> int:
    """Minutes by which the standard time of an IANA zone is ahead of UTC."""
    zone = ZoneInfo(timezone)
    offsets = [datetime(2026, month, 15, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7)]
    return min(int(each.total_seconds()) // 60 for each in offsets if each is not None)


def cells_around(latitude: float, longitude: float, km: float) -> list[tuple[int, int]]:
    """Inclusive ranges of cell numbers that cover the circle of `km` around a point, one or two to a row.

    The circle's box is covered whole: filter by `distance_km` after.
    """
    north, south = min(latitude + km / KM_PER_DEGREE, 89.999), max(latitude - km / KM_PER_DEGREE, -90.0)
    narrowest = cos(radians(min(max(abs(north), abs(south)), 89.0)))
    half = ceil(km / (KM_PER_DEGREE * narrowest) * CELLS_PER_DEGREE)
    middle = floor((longitude + 180) * CELLS_PER_DEGREE)
    return _by_row(south, north, _columns(middle - half, middle + half))


def cells_in(south: float, west: float, north: float, east: float) -> list[tuple[int, int]]:
    """Inclusive ranges of cell numbers that cover a frame; `west` is the greater where it crosses the date line.

    A frame of more than MOST_ROWS rows is covered by one range that goes all the way round.
    """
    first, last = floor((south + 90) * CELLS_PER_DEGREE), floor((north + 90) * CELLS_PER_DEGREE)
    if last - first >= MOST_ROWS:
        return [(first * CELLS_AROUND, (last + 1) * CELLS_AROUND - 1)]
    a, b = floor((west + 180) * CELLS_PER_DEGREE), floor((east + 180) * CELLS_PER_DEGREE)
    return _by_row(south, north, _columns(a, b + CELLS_AROUND * (west > east)))


def _by_row(south: float, north: float, columns: list[tuple[int, int]]) -> list[tuple[int, int]]:
    first, last = floor((south + 90) * CELLS_PER_DEGREE), floor((north + 90) * CELLS_PER_DEGREE)
    return [(row * CELLS_AROUND + a, row * CELLS_AROUND + b) for row in range(first, last + 1) for a, b in columns]


def _columns(west: int, east: int) -> list[tuple[int, int]]:
    """Column ranges, split where they cross the date line."""
    if east - west + 1 >= CELLS_AROUND:
        return [(0, CELLS_AROUND - 1)]
    west, east = west % CELLS_AROUND, east % CELLS_AROUND
    return [(west, east)] if west <= east else [(0, east), (west, CELLS_AROUND - 1)]


def coordinates(text: str) -> tuple[float, float] | None:
    """(latitude, longitude) from "45.42,-75.69", None when the text is nothing of the kind."""
    parts = text.split(",")
    if len(parts) != 2:
        return None
    try:
        latitude, longitude = float(parts[0]), float(parts[1])
    except ValueError:
        return None
    return (latitude, longitude) if -90 <= latitude <= 90 and -180 <= longitude <= 180 else None
