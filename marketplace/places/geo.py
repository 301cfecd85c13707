"""Distances and the quarter-degree cells that near things share. Pure.

Distances are great-circle kilometres on a sphere (geopy): within 0.5 % of the ellipsoid, which no runner
will notice, and ten times quicker.
"""

from math import ceil, cos, floor, radians

from geopy.distance import great_circle

CELLS_PER_DEGREE = 4
CELLS_AROUND = 360 * CELLS_PER_DEGREE
MOST_ROWS = 40  # of a frame: more ranges than these cost more than they save
KM_PER_DEGREE = 111.195  # of latitude, on geopy's sphere


def distance_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres between two (latitude, longitude) pairs in degrees."""
    return float(great_circle(a, b).km)


def cell(latitude: float, longitude: float) -> int:
    """The number of the quarter-degree cell that a point lies in, counted eastwards, row by row."""
    row = floor((latitude + 90) * CELLS_PER_DEGREE)
    return row * CELLS_AROUND + floor((longitude + 180) * CELLS_PER_DEGREE) % CELLS_AROUND


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
