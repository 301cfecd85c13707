"""Distances and cells."""

import pytest
from geopy.distance import great_circle
from hypothesis import given
from hypothesis import strategies as st

from marketplace.places.geo import cell, cells_around, cells_in, coordinates, distance_km

latitudes = st.floats(-89.9, 89.9)
longitudes = st.floats(-180, 180)


def test_ottawa_and_montreal_are_166_kilometres_apart() -> None:
    assert distance_km((45.4215, -75.6972), (45.5019, -73.5674)) == pytest.approx(166.5, abs=1)


@given(latitudes, longitudes, latitudes, longitudes)
def test_a_distance_is_geopys(a: float, b: float, c: float, d: float) -> None:
    assert distance_km((a, b), (c, d)) == pytest.approx(great_circle((a, b), (c, d)).km, rel=1e-6, abs=1e-6)


@given(latitudes, longitudes, latitudes, longitudes, st.floats(1, 300))
def test_every_point_within_the_circle_lies_in_a_cell_around(a: float, b: float, c: float, d: float, km: float) -> None:
    near = (a + (c - a) * km / 20000, b + (d - b) * km / 20000)
    if distance_km((a, b), near) <= km:
        assert any(first <= cell(*near) <= last for first, last in cells_around(a, b, km))


def test_a_circle_over_the_date_line_reaches_both_sides() -> None:
    ranges = cells_around(-17.0, 179.9, 50)
    assert any(first <= cell(-17.0, -179.9) <= last for first, last in ranges)


@given(latitudes, longitudes, st.floats(0, 60), st.floats(0, 359), st.floats(0, 1), st.floats(0, 1))
def test_every_point_of_a_frame_lies_in_its_cells(
    south: float, west: float, height: float, width: float, up: float, over: float
) -> None:
    north, east = min(south + height, 90), (west + width + 180) % 360 - 180
    point = south + (north - south) * up, (west + width * over + 180) % 360 - 180
    assert any(first <= cell(*point) <= last for first, last in cells_in(south, west, north, east))


def test_the_cells_of_a_country_are_few_ranges() -> None:
    assert len(cells_in(42, -141, 83, -52)) == 1
    assert len(cells_in(45, 179, 46, -179)) == 10


def test_cells_around_a_town_are_few() -> None:
    assert sum(last - first + 1 for first, last in cells_around(45.4, -75.7, 40)) < 40


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("45.42,-75.69", (45.42, -75.69)),
        (" 45.42 , -75.69 ", (45.42, -75.69)),
        ("91,0", None),
        ("Ottawa, ON", None),
        ("nan,nan", None),
        ("1,2,3", None),
    ],
)
def test_coordinates_are_told_from_names(text: str, point: tuple[float, float] | None) -> None:
    assert coordinates(text) == point
