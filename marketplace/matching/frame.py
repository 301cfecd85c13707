"""The part of the world that a map shows, and the grid by whose squares coaches are counted there. Pure."""

from dataclasses import dataclass
from math import cos, floor, isfinite, radians
from typing import Self

from marketplace.errors import Invalid

MOST_SQUARES = 200
SQUARE_PX = 100  # room for a bubble among the page's own pins
WIDER = 1.25
WORLD_PX = 256  # the world's width at zoom 0
HUNDREDTH = 100  # coordinates are rounded to a hundredth of a degree: no square is finer
BANDS = (-75, -65, -50, -35, -15, 15, 35, 50, 65, 75)
CLOSEST_ZOOM = 22
FARTHEST_LONGITUDE = 3600.0  # a map may be turned round the world a few times


@dataclass(frozen=True, slots=True)
class Frame:
    """Degrees, longitudes in [-180, 180]; `west` is the greater where the date line lies between. `zoom` as in a URL
    of tiles, with fractions."""

    south: float
    west: float
    north: float
    east: float
    zoom: float

    @classmethod
    def read(cls, bounds: str, zoom: str) -> Self:
        """From "south,west,north,east" and a zoom; Invalid `bounds` or `zoom` for what can't be a map's."""
        south, west, north, east = _numbers(bounds, 4, "bounds")
        (close,) = _numbers(zoom, 1, "zoom")
        if not 0 <= close <= CLOSEST_ZOOM:
            raise Invalid("zoom", field="zoom")
        south, north = max(south, -90.0), min(north, 90.0)
        if south >= north or max(abs(west), abs(east)) > FARTHEST_LONGITUDE:
            raise Invalid("bounds", field="bounds")
        if east - west >= 360:
            west, east = -180.0, 180.0
        return cls(south, _around(west), north, _around(east), close)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """South, west, north, east."""
        return self.south, self.west, self.north, self.east

    @property
    def crosses_date_line(self) -> bool:
        """Whether it is what lies west of `east` or east of `west`."""
        return self.west > self.east

    @property
    def width(self) -> float:
        """Degrees from west to east."""
        return self.east - self.west + 360 * self.crosses_date_line

    @property
    def grid(self) -> tuple[int, int]:
        """How high and how wide a square is, in hundredths of a degree from the south pole and from the date line.

        On the screen about SQUARE_PX, and wider where a frame would show more than MOST_SQUARES. All latitudes of a
        band have the same squares, so that a map that is moved keeps them.
        """
        wide = SQUARE_PX * 360 / WORLD_PX / 2**self.zoom * HUNDREDTH
        middle = (self.south + self.north) / 2
        high = wide * cos(radians(min(BANDS, key=lambda band: abs(middle - band))))
        while _cut(self.north - self.south, high) * _cut(self.width, wide) > MOST_SQUARES:
            high, wide = high * WIDER, wide * WIDER
        return max(1, round(high)), max(1, round(wide))


def _cut(degrees: float, hundredths: float) -> int:
    """How many squares such a stretch touches at most; one more where the date line cuts one in two."""
    return floor(degrees * HUNDREDTH / max(1, round(hundredths))) + 3


def _numbers(text: str, count: int, name: str) -> list[float]:
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        raise Invalid(name, field=name) from None
    if len(numbers) != count or not all(isfinite(number) for number in numbers):
        raise Invalid(name, field=name)
    return numbers


def _around(longitude: float) -> float:
    """The same meridian between -180 and 180."""
    return longitude if -180 <= longitude <= 180 else (longitude + 180) % 360 - 180
