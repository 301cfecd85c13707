"""What matters in a pose, marked in red: an angle against its reference, a line along a muscle, a sore spot.

Each function draws a runner and its mark; `w` is the width of the red stroke in user units, chosen by the size
of the picture so that a small one is still read.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from marketplace.web.drawing import rear, side
from marketplace.web.drawing.strokes import (
    Point,
    angle_of,
    arc,
    at,
    beside,
    between,
    curve,
    disc,
    path,
    through,
)

GROUND = side.GROUND


@dataclass(frozen=True)
class Drawn:
    """body and mark are SVG text; reach is how far the picture goes to the left and right."""

    body: str
    mark: str
    reach: Point


def _rear(body: str, mark: str) -> Drawn:
    return Drawn(body, mark, (30, 170))


def _side(body: str, mark: str, place: side.Joints) -> Drawn:
    xs = [x for x, _ in (*place.near, *place.far, *place.near_arm, *place.far_arm, place.head)]
    return Drawn(body, mark, (min(xs) - 22, max(xs) + 16))


def _flat(kind: str, start: Point, end: Point) -> str:
    return path(kind, f"M{start[0]:.0f} {start[1]:.0f}L{end[0]:.0f} {end[1]:.0f}")


def _red(points: Iterable[Point], w: float) -> str:
    """The red stroke, with a little paper around it so that it stands out from the body."""
    data = through(points)
    return path("gap", data, w + 4) + path("mark", data, w)


def _sore(place: Point, w: float) -> str:
    return disc("ache", place, 14 + w) + disc("dot", place, 3 + w * 0.7)


def pelvis(stance: rear.Stance, w: float) -> Drawn:
    """The pelvis against the horizontal."""
    body, _ = rear.body(stance)
    x, y = rear.MID
    ref = _flat("ref", (x - 66, y), (x + 66, y))
    return _rear(body, ref + _red(rear.pelvis_line(stance.pelvis, 62), w))


def glutes(stance: rear.Stance, w: float) -> Drawn:
    """The two gluteal muscles."""
    body, f = rear.body(stance)
    mark = "".join(
        arc("mark", (hip[0] + side_ * 1.5, hip[1] - 3), 15, 70 if side_ > 0 else -70, -10 if side_ > 0 else 10, w)
        + arc("mark", (hip[0] + side_ * 1.5, hip[1] - 3), 15, 70 if side_ > 0 else -70, 160 if side_ > 0 else -160, w)
        for hip, side_ in ((f.swing_hip, -1), (f.hip, 1))
    )
    return _rear(body, mark)


def outer_thigh(stance: rear.Stance, w: float) -> Drawn:
    """The band from the hip to the outer knee, sore at its end."""
    body, f = rear.body(stance)
    top, end = (f.hip[0] + 14, f.hip[1] - 6), (f.knee[0] + 8, f.knee[1] + 4)
    bent = path("mark", curve(top, (f.hip[0] + 16, f.hip[1] + 40), end), w)
    return _rear(body, bent + _sore(end, w))


def knee_line(stance: rear.Stance, w: float) -> Drawn:
    """Hip, knee and ankle against the straight line."""
    body, f = rear.body(stance)
    return _rear(body, _flat("ref", f.hip, f.ankle) + _red((f.hip, f.knee, f.ankle), w) + disc("dot", f.knee, w))


def midline(stance: rear.Stance, w: float) -> Drawn:
    """The foot against the line under the body."""
    body, f = rear.body(stance)
    x = rear.MID[0] + 4
    foot = (f.ankle[0] + 2, GROUND + 4)
    return _rear(body, _flat("ref", (x, 196), (x, 350)) + _red(((x + 14, foot[1]), (foot[0] - 10, foot[1])), w))


def heel(stance: rear.Stance, w: float) -> Drawn:
    """The heel against the line of the shin: how far the foot rolls in."""
    body, f = rear.body(stance)
    ankle = (f.ankle[0], f.ankle[1] + 2)
    sole = (ankle[0] + 9, GROUND + 6)
    shin_line = _red((between(f.knee, f.ankle, 0.4), ankle), w)
    return _rear(
        body, _flat("ref", ankle, (ankle[0], GROUND + 10)) + shin_line + _red((ankle, sole), w) + _sore(ankle, w)
    )


def hands(stance: rear.Stance, w: float) -> Drawn:
    """The hand against the middle of the body."""
    body, f = rear.body(stance)
    x = rear.MID[0]
    left = f.hands[0]
    elbow = (f.shoulders[0][0] - 15, f.shoulders[0][1] + 40)
    return _rear(body, _flat("ref", (x, 62), (x, 206)) + _red((elbow, left), w) + disc("dot", left, w * 1.1))


def reach(pose: side.Pose, w: float) -> Drawn:
    """How far ahead of the hip the foot lands."""
    body, place = side.body(pose)
    x, y = place.hip
    mark = _flat("ref", (x, y), (x, GROUND + 6)) + _red(((x, GROUND + 4), (place.near[1][0] - 4, GROUND + 4)), w)
    return _side(body, mark, place)


def sole(pose: side.Pose, w: float) -> Drawn:
    """The sole against the ground."""
    body, place = side.body(pose)
    _, ankle, toe = place.near
    heading = angle_of(ankle, toe)
    heel = at(at(ankle, heading - 90, 11), heading + 180, 6)
    mark = _flat("ref", (heel[0] - 12, GROUND + 5), (heel[0] + 66, GROUND + 5))
    return _side(body, mark + _red((heel, at(heel, heading, 52)), w) + disc("dot", heel, w), place)


def steps(pose: side.Pose, w: float) -> Drawn:
    """Few, wide steps along the ground."""
    body, place = side.body(pose)
    drawn = _side(body, "", place)
    left, right = drawn.reach
    y, far = GROUND + 4, (right - left - 12) / 2
    ticks = [(left + 6 + far * i, y) for i in range(3)]
    feet = "".join(_red(((x - 5, py), (x + 9, py)), w) for x, py in ticks)
    return Drawn(body, _flat("ref", ticks[0], ticks[-1]) + feet, (left - 4, right + 8))


def rise(pose: side.Pose, w: float) -> Drawn:
    """How high the head goes."""
    body, place = side.body(pose)
    x, y = place.head
    x += 34
    tops = _flat("ref", (x - 16, y - 16), (x + 16, y - 16)) + _flat("ref", (x - 16, y + 34), (x + 16, y + 34))
    arrow = ((x - 7, y - 3), (x, y - 12), (x + 7, y - 3)), ((x - 7, y + 21), (x, y + 30), (x + 7, y + 21))
    mark = tops + _red(((x, y - 10), (x, y + 28)), w) + "".join(_red(head, w) for head in arrow)
    return _side(body, mark, place)


def lean(pose: side.Pose, w: float) -> Drawn:
    """The trunk against the vertical."""
    body, place = side.body(pose)
    hip, far = place.hip, 136
    mark = _flat("ref", hip, at(hip, 180, far)) + _red((hip, at(hip, 180 - pose.lean, far)), w)
    return _side(body, mark + arc("mark", hip, 96, 180, 180 - pose.lean, w * 0.7), place)


def slump(pose: side.Pose, w: float) -> Drawn:
    """The upper back against the straight line."""
    body, place = side.body(pose)
    hip, waist, neck = place.hip, place.waist, place.neck
    straight = at(hip, angle_of(hip, waist), 128)
    bent = path("mark", curve(hip, at(waist, angle_of(hip, waist), 18), place.head), w)
    return _side(body, _flat("ref", hip, straight) + bent + disc("dot", neck, 0.1), place)


def tilt(pose: side.Pose, w: float) -> Drawn:
    """The pelvis, front and back, against the horizontal."""
    body, place = side.body(pose)
    x, y = place.hip[0], place.hip[1] - 8
    mark = _flat("ref", (x - 46, y), (x + 46, y)) + _red((at((x, y), -104, 44), at((x, y), 76, 44)), w)
    return _side(body, mark, place)


def lumbar(pose: side.Pose, w: float) -> Drawn:
    """The small of the back."""
    body, place = side.body(pose)
    away = angle_of(place.hip, place.waist) + 90
    low, high = at(between(place.hip, place.waist, 0.25), away, 13), at(place.waist, away, 14)
    return _side(body, _red((low, high), w) + _sore(between(low, high, 0.5), w), place)


def kneecap(pose: side.Pose, w: float) -> Drawn:
    """The front of the bent knee."""
    body, place = side.body(pose)
    knee, ankle, _ = place.near
    front = at(knee, angle_of(place.hip, knee) + 72, 7)
    bend = _red((between(place.hip, knee, 0.35), knee, between(knee, ankle, 0.65)), w * 0.8)
    return _side(body, bend + _sore(front, w), place)


def shin(pose: side.Pose, w: float) -> Drawn:
    """The inner edge of the shin."""
    body, place = side.body(pose)
    knee, ankle, _ = place.near
    return _side(body, _along(knee, ankle, (0.3, 0.9), 6, w), place)


def calf(pose: side.Pose, w: float) -> Drawn:
    """The calf down to the heel."""
    body, place = side.body(pose)
    knee, ankle, _ = place.near
    return _side(body, _along(knee, ankle, (0.25, 1.02), -6, w, sore=0.85), place)


def arch(pose: side.Pose, w: float) -> Drawn:
    """The sole, sore under the heel."""
    body, place = side.body(pose)
    _, ankle, toe = place.near
    heading = angle_of(ankle, toe)
    heel = at(at(ankle, heading - 90, 10), heading, -2)
    bow = path("mark", curve(heel, at(between(heel, toe, 0.5), heading - 90, 2), at(toe, heading - 90, 7)), w)
    return _side(body, bow + _sore(heel, w), place)


def groin(pose: side.Pose, w: float) -> Drawn:
    """The front of the hip that stays bent behind."""
    body, place = side.body(pose)
    hip, knee = place.hip, place.near[0]
    front = at(hip, 96, 12)
    rod = path("mark", curve(at(place.waist, 90, 11), front, beside(hip, knee, 0.42, 11)), w)
    return _side(body, rod + _sore(front, w), place)


def thigh_back(pose: side.Pose, w: float) -> Drawn:
    """The back of the thigh that swings forward."""
    body, place = side.body(pose)
    return _side(body, _along(place.hip, place.near[0], (0.22, 0.98), -9, w), place)


def unmarked(pose: side.Pose) -> Drawn:
    """A runner with nothing marked."""
    body, place = side.body(pose)
    return _side(body, "", place)


def _along(a: Point, b: Point, part: Point, away: float, w: float, sore: float = 0.5) -> str:
    start, end = beside(a, b, part[0], away), beside(a, b, part[1], away)
    return _red((start, end), w) + _sore(between(start, end, sore), w)
