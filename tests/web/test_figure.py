"""The drawn runner: one picture for each form issue, well-formed, themed, and silent unless it is given words."""

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from marketplace.web.drawing.avatar import avatar, face
from marketplace.web.drawing.filming import filming_guide
from marketplace.web.drawing.rear import Stance, frame
from marketplace.web.drawing.side import GROUND, STRIKE, joints
from marketplace.web.drawing.strokes import angle_of, at, limb
from marketplace.web.figure import DRAWINGS, drawn_figure, figure, sheet_address

CONTRACTED = [
    *("hip-drop", "weak-glutes", "itb", "shin-pain", "low-cadence", "overstride", "trunk-lean", "heel-strike"),
    *("knee-valgus", "crossover", "arm-swing", "bounce", "front-knee-pain", "achilles-calf", "hamstring"),
    *("plantar-fascia", "hip-flexor", "low-back", "pelvic-tilt", "pronation"),
]


def tree(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)


def kinds(svg: str) -> set[str]:
    return {part.get("class", "") for part in tree(svg).iter()}


@pytest.mark.parametrize("issue", CONTRACTED)
def test_each_form_issue_has_its_own_picture_with_a_red_mark(issue: str) -> None:
    assert issue in DRAWINGS
    assert kinds(figure(issue)) & {"mark", "dot"}


def test_no_two_issues_look_the_same() -> None:
    assert len({figure(issue) for issue in DRAWINGS}) == len(DRAWINGS)


def test_a_mark_can_be_left_out() -> None:
    assert not kinds(figure("hip-drop", mark=False)) & {"mark", "dot"}


def test_an_unknown_issue_shows_the_runner_alone() -> None:
    assert figure("something-new") == figure("runner")


def test_a_picture_is_ornament_unless_it_is_given_words_and_these_are_escaped() -> None:
    assert tree(figure("itb")).get("aria-hidden") == "true"
    spoken = tree(figure("itb", label='the "band" <b>'))
    assert spoken.get("role") == "img"
    assert spoken.get("aria-label") == 'the "band" <b>'


@pytest.mark.parametrize("height", [20, 28, 84, 470])
def test_a_small_picture_has_a_bolder_mark_in_its_own_units(height: int) -> None:
    widths = [
        float(p.get("stroke-width", 0))
        for p in tree(figure("hip-drop", height=height)).iter()
        if p.get("class") == "mark"
    ]
    assert widths[0] * height / 328 >= min(1.0, 15 * height / 328) - 0.1


def test_the_pelvis_of_a_hip_drop_is_lower_on_the_swing_side() -> None:
    dropped = frame(Stance(pelvis=9))
    assert dropped.swing_hip[1] > dropped.hip[1]


def test_the_lower_foot_stands_on_the_ground() -> None:
    place = joints(STRIKE)
    assert max(y for leg in (place.near, place.far) for _, y in leg[1:]) + 7 == pytest.approx(GROUND)


@given(st.floats(-179, 179), st.floats(1, 100))
def test_a_direction_is_found_again(angle: float, length: float) -> None:
    assert angle_of((3, 4), at((3, 4), angle, length)) == pytest.approx(angle, abs=1e-6)


@given(st.lists(st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(0.5, 40)), min_size=2, max_size=5))
def test_any_limb_can_be_drawn(knots: list[tuple[float, float, float]]) -> None:
    assert limb("b", knots).count("Z") == len(list(pairwise(knots)))


def test_a_seed_is_always_the_same_person_and_people_differ() -> None:
    assert avatar("noor") == avatar("noor")
    people = [face(f"coach-{i}") for i in range(200)]
    assert len({who.style for who in people}) > 9
    assert len({who.skin for who in people}) == 6
    assert len(set(people)) > 190


@pytest.mark.parametrize("view", ["behind", "front", "side"])
def test_the_filming_guide_shows_a_camera_for_each_view(view: str) -> None:
    assert tree(filming_guide(view)).get("class") == "figure filming"


def test_small_pictures_come_out_of_one_sheet_that_needs_no_class(client: FlaskClient) -> None:
    sheet = tree(client.get(sheet_address()).text)
    held = {part.get("id") for part in sheet}
    assert held == set(DRAWINGS) and kinds(ElementTree.tostring(sheet, "unicode")) == {""}
    for issue in DRAWINGS:
        (use,) = tree(drawn_figure(issue, 44))
        assert use.get("href") == f"{sheet_address()}#{issue}"
    assert "immutable" in client.get(sheet_address()).headers["Cache-Control"]
