"""What the map is told: who is where by squares of a frame, names of towns, and a search for a part of the map."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from marketplace import clock
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Invalid
from marketplace.matching import queries
from marketplace.matching.criteria import Criteria
from marketplace.matching.frame import MOST_SQUARES, Frame
from marketplace.matching.masks import IN_PERSON, ISSUES, mask
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries import Cluster
from marketplace.places.geo import cell
from tests import make
from tests.matching.conftest import PutCoach, coach, towns

EVERYWHERE = "-90,-180,90,180"
VALLEY = "44.9,-76.6,45.9,-74.8"


def anything() -> Criteria:
    return Criteria(now=clock.now())


def counted(session: Session, criteria: Criteria, bounds: str = VALLEY, zoom: str = "9") -> list[Cluster]:
    return queries.clusters(session, criteria, Frame.read(bounds, zoom))


def total(found: list[Cluster]) -> int:
    return sum(each.count for each in found)


@pytest.mark.both_databases
def test_the_counts_are_those_of_the_data(session: Session) -> None:
    towns(session)
    points = [(45.0 + number % 9 / 10, -76.5 + number % 7 / 4) for number in range(30)]
    for number, (latitude, longitude) in enumerate(points):
        issues = ("hip-drop",) if number % 3 else ("arm-swing",)
        coach(session, latitude=latitude, longitude=longitude, issues=issues)
    coach(session, latitude=43.7, longitude=-79.4)
    for zoom in ("4", "8", "11", "15"):
        assert total(counted(session, anything(), zoom=zoom)) == 30
    hips = replace(anything(), issues=mask(["hip-drop"], ISSUES))
    assert total(counted(session, hips)) == 20
    assert total(counted(session, hips, EVERYWHERE, "1")) == 21
    frame = Frame.read(VALLEY, "10")
    for each in queries.clusters(session, anything(), frame):
        high, wide = frame.grid
        inside = [
            (a, b) for a, b in points if (round((a + 90) * 100) // high, round((b + 180) * 100) // wide) == each.square
        ]
        assert each.count == len(inside)
        assert each.latitude == pytest.approx(sum(a for a, _ in inside) / len(inside), abs=0.006)


@pytest.mark.both_databases
def test_one_who_is_alone_has_a_name_and_several_have_none(session: Session) -> None:
    towns(session)
    coach(session, name="Robin Example", slug="robin", latitude=45.2, longitude=-76.2)
    coach(session, latitude=45.5, longitude=-75.0)
    coach(session, latitude=45.5, longitude=-75.0)
    pair, alone = counted(session, anything())
    assert (pair.count, pair.slug, pair.name) == (2, None, None)
    assert (alone.count, alone.slug, alone.name) == (1, "robin", "Robin Example")


@pytest.mark.both_databases
def test_both_sides_of_the_date_line_are_one_frame(session: Session) -> None:
    towns(session)
    for longitude in (179.5, -179.5, -170.0, 0.0):
        coach(session, latitude=-17.0, longitude=longitude)
    for bounds in ("-18,179,-16,181", "-18,179,-16,-179", "-18,-181,-16,-179", "-18,539,-16,541"):
        found = counted(session, anything(), bounds, "8")
        assert {each.longitude for each in found} == {179.5, -179.5}


@pytest.mark.both_databases
def test_who_counts_is_who_the_search_finds(session: Session) -> None:
    towns(session)
    coach(session, prices=(4000, 12000), kinds=(OfferKind.VIDEO_CALL, OfferKind.IN_PERSON))
    coach(session, prices=(9000,), kinds=(OfferKind.VIDEO_CALL,))
    late = coach(session, prices=(9000,), kinds=(OfferKind.IN_PERSON,))
    clips = coach(session, prices=(9000,), kinds=(OfferKind.CLIP_REVIEW,))
    session.get_one(CoachSearch, late.id).next_opening_at = clock.now() + timedelta(days=9)
    assert session.get_one(CoachSearch, clips.id).turnaround_hours == 72
    session.flush()
    asked = (
        anything(),
        replace(anything(), most_price=5000),
        replace(anything(), modes=IN_PERSON),
        replace(anything(), available_within_days=2),
        replace(anything(), available_within_days=4),
        replace(anything(), available_within_days=20),
    )
    found = [total(counted(session, each)) for each in asked]
    assert found == [queries.search(session, each).total for each in asked] == [4, 1, 2, 2, 3, 4]


@given(
    south=st.floats(-90, 89),
    height=st.floats(0.01, 180),
    west=st.floats(-540, 540),
    width=st.floats(0, 360),
    zoom=st.floats(0, 22),
)
def test_no_frame_has_more_squares_than_are_answered(
    south: float, height: float, west: float, width: float, zoom: float
) -> None:
    frame = Frame.read(f"{south},{west},{min(90, south + height)},{west + width}", str(zoom))
    high, wide = frame.grid
    rows = (frame.north - frame.south) * 100 // high + 2
    columns = frame.width * 100 // wide + 3
    assert rows * columns <= MOST_SQUARES
    assert -180 <= frame.west <= 180 and -180 <= frame.east <= 180
    assert frame.width == pytest.approx(min(width, 360), abs=1e-6) or frame.width == pytest.approx(
        width % 360, abs=1e-6
    )


@pytest.mark.both_databases
def test_coaches_all_over_the_world_are_all_in_at_most_two_hundred_counts(session: Session) -> None:
    towns(session)
    row = session.get_one(CoachSearch, coach(session).id).model_dump()
    for number in range(240):
        latitude, longitude = -60 + number % 16 * 8.0, -170 + number // 16 * 23.0
        there = {"latitude": latitude, "longitude": longitude, "cell": cell(latitude, longitude)}
        session.add(CoachSearch(**row | there | {"coach_id": make.coach(session).id}))
    session.flush()
    found = counted(session, anything(), EVERYWHERE, "22")
    assert total(found) == 241
    assert 50 < len(found) <= MOST_SQUARES


WRONG = ("", "1,2,3", "a,b,c,d", "nan,0,1,1", "inf,0,1,1", "2,0,1,1", "0,0,1,1e9", "95,0,99,1", "1,2,3,4,5")


@pytest.mark.parametrize("bounds", WRONG)
def test_bounds_that_are_none_are_refused(bounds: str) -> None:
    with pytest.raises(Invalid):
        Frame.read(bounds, "8")


def test_a_frame_that_is_none_is_422_and_a_foreign_filter_is_passed_over(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", latitude=45.2, longitude=-76.2)
    for query in (
        "",
        "?bounds=1,2,3,4",
        f"?bounds={VALLEY}&zoom=near",
        "?bounds=9,9,1,1&zoom=3",
        f"?bounds={VALLEY}&zoom=99",
    ):
        answer = client.get(f"/coaches/map.json{query}")
        assert answer.status_code == 422 and answer.mimetype == "application/problem+json"
        assert answer.json and set(answer.json["errors"]) <= {"bounds", "zoom"}
    answer = client.get(f"/coaches/map.json?bounds={VALLEY}&zoom=9&utm_source=x&issue=nonsense&within_km=9999")
    assert answer.status_code == 200 and answer.json
    (one,) = answer.json["clusters"]
    assert (one["count"], one["name"], one["latitude"], one["longitude"]) == (1, "Robin Example", 45.2, -76.2)
    assert client.get(one["url"]).status_code == 200
    assert {each["name"] for each in answer.json["places"]} == {"Ottawa", "Gatineau"}
    french = client.get(f"/fr/coaches/map.json?bounds={VALLEY}&zoom=9").json
    assert french and french["clusters"][0]["url"].startswith("/fr/coaches/")


def test_a_part_of_the_map_is_said_by_the_town_in_it(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    page = client.get("/coaches?near=45.40,-75.70&within_km=12&issue=hip-drop").text
    assert "1 coach in this area for what you describe" in page
    assert "Area on the map" in page and "around Ottawa, within 12 km" in page
    assert '<input type="hidden" name="near" value="45.40,-75.70">' in page
    assert '<option value="12" selected>12 km' in page
    assert "Nobody in this area yet" in client.get("/coaches?near=10,10&within_km=5").text


def test_the_map_of_an_empty_list_is_there_to_look_elsewhere(client: FlaskClient, put: PutCoach) -> None:
    put()
    page = client.get("/coaches?near=Toronto&mode=in-person&issue=arm-swing&within_km=5").text
    assert 'class="empty"' in page and 'id="map"' in page
    around = re.search(r'"around": ?"([^"]+)"', page)
    assert around and "issue" not in unescape(around[1])


def test_without_script_the_list_is_whole(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example")
    page = client.get("/coaches?near=Ottawa").text
    assert "The map needs JavaScript" in page
    for control in ("data-area", "data-map-switch", "data-card", "data-problem"):
        assert re.search(rf"<[^>]*{control}[^>]* hidden>", page), control
