"""The runner from the side, running to the right."""

from dataclasses import dataclass

from marketplace.web.drawing.strokes import Knot, Point, angle_of, at, beside, between, limb, line, oval

GROUND = 340.0


@dataclass(frozen=True)
class Leg:
    """Thigh and shank in degrees from straight down, forward positive; plantar: how far the toes point down."""

    thigh: float
    shank: float
    plantar: float = 0


@dataclass(frozen=True)
class Arm:
    """Upper arm and forearm in degrees from straight down, forward positive."""

    upper: float
    fore: float


@dataclass(frozen=True)
class Pose:
    """A moment of the stride. lean: the trunk forward; bend: the upper back more than that; head: forward of it."""

    near: Leg
    far: Leg
    near_arm: Arm
    far_arm: Arm
    lean: float = 7
    bend: float = 0
    head: float = 0
    air: float = 0
    hair: str = "tail"


STRIKE = Pose(Leg(27, 6, -4), Leg(-16, -98, 20), Arm(-52, 38), Arm(24, 112))
MIDSTANCE = Pose(Leg(16, -12), Leg(2, -108, 18), Arm(-22, 62), Arm(6, 96))
TOE_OFF = Pose(Leg(-24, -42, 34), Leg(58, -34, 8), Arm(30, 122), Arm(-54, 30))
FLIGHT = Pose(Leg(44, -22, 6), Leg(-32, -84, 28), Arm(-54, 34), Arm(30, 118), air=26)


@dataclass(frozen=True)
class Joints:
    """Where the joints of a pose lie."""

    hip: Point
    waist: Point
    neck: Point
    head: Point
    shoulder: Point
    near: tuple[Point, Point, Point]  # knee, ankle, toe
    far: tuple[Point, Point, Point]
    near_arm: tuple[Point, Point]  # elbow, hand
    far_arm: tuple[Point, Point]


def _leg(hip: Point, leg: Leg) -> tuple[Point, Point, Point]:
    knee = at(hip, leg.thigh, 72)
    ankle = at(knee, leg.shank, 70)
    return knee, ankle, at(ankle, leg.shank + 84 - leg.plantar, 24)


def _arm(shoulder: Point, arm: Arm) -> tuple[Point, Point]:
    elbow = at(shoulder, arm.upper, 42)
    return elbow, at(elbow, arm.fore, 36)


def joints(pose: Pose) -> Joints:
    """The joints, with the lower foot standing on the ground (or `air` above it)."""
    legs = (_leg((0, 0), pose.near), _leg((0, 0), pose.far))
    lowest = max(y for leg in legs for _, y in leg[1:]) + 7
    hip = (110.0, GROUND - pose.air - lowest)
    waist = at(hip, 180 - pose.lean, 38)
    neck = at(waist, 180 - pose.lean - pose.bend, 50)
    shoulder = between(neck, waist, 0.22)
    head = at(neck, 180 - pose.lean * 0.6 - pose.bend * 0.7 - pose.head, 28)
    return Joints(
        hip, waist, neck, head, shoulder,
        _leg(hip, pose.near), _leg(hip, pose.far), _arm(shoulder, pose.near_arm), _arm(shoulder, pose.far_arm),
    )  # fmt: skip


def _leg_knots(hip: Point, leg: tuple[Point, Point, Point]) -> tuple[list[Knot], list[Knot]]:
    knee, ankle, toe = leg
    shank = angle_of(knee, ankle)
    belly = at(between(knee, ankle, 0.3), shank - 90, 2)
    heel = at(at(ankle, shank - 90, 2.5), shank, 3)
    bones: list[Knot] = [(*hip, 15), (*between(hip, knee, 0.35), 13), (*knee, 8.8), (*belly, 9.6), (*ankle, 5.2)]
    return bones, [(*heel, 6.4), (*between(heel, toe, 0.55), 6), (*toe, 4.4)]


def _draw_leg(kind: str, hip: Point, leg: tuple[Point, Point, Point]) -> str:
    bones, shoe = _leg_knots(hip, leg)
    return limb(kind, bones) + limb(kind, shoe)


def _hem(hip: Point, knee: Point) -> str:
    """Where the shorts end: a thin line of paper across the thigh."""
    return line("gap", (beside(hip, knee, 0.5, 14), beside(hip, knee, 0.44, -15)), 2.2)


def _draw_arm(kind: str, shoulder: Point, arm: tuple[Point, Point], gap: float = 0) -> str:
    elbow, hand = arm
    knots: list[Knot] = [(*shoulder, 8.6), (*elbow, 6), (*between(elbow, hand, 0.3), 6.3), (*hand, 4.4)]
    return limb(kind, knots, gap) + limb(kind, [(*hand, 5.4), (*at(hand, 100, 3), 5)])


def _head(place: Joints, pose: Pose) -> str:
    turn = pose.lean * 0.6 + pose.bend * 0.7 + pose.head
    x, y = place.head
    nose = at((x, y), 90 - turn, 14.5)
    neck = limb("b", [(*place.neck, 8), (*between(place.neck, place.head, 0.6), 7)])
    skull = oval("b", (x, y), (14.5, 17.5), turn) + limb("b", [(x, y + 1, 8), (nose[0], nose[1] + 3, 2.6)])
    return neck + skull + HAIR[pose.hair](x, y, turn)


def _tail(x: float, y: float, turn: float) -> str:
    root = at((x, y), -112 - turn, 14)
    return limb("b", [(*root, 5), (*at(root, -78, 13), 6), (*at(root, -62, 30), 2.2)])


def _bun(x: float, y: float, turn: float) -> str:
    return limb("b", [(*at((x, y), -128 - turn, 17), 7.5), (x, y, 6)])


def _short(x: float, y: float, turn: float) -> str:
    return ""


def _cap(x: float, y: float, turn: float) -> str:
    brim = at((x, y), 108 - turn, 13)
    return limb("b", [(*brim, 3.4), (*at(brim, 88 - turn, 17), 2.4)])


def _curls(x: float, y: float, turn: float) -> str:
    places = ((-95, 13), (-125, 16), (-155, 18), (175, 18), (148, 15))
    return "".join(limb("b", [(*at((x, y), angle - turn, away), 8), (x, y, 6)]) for angle, away in places)


HAIR = {"tail": _tail, "bun": _bun, "short": _short, "cap": _cap, "curls": _curls}


def _trunk_knots(place: Joints) -> list[Knot]:
    hip, waist, neck = place.hip, place.waist, place.neck
    chest = at(between(waist, neck, 0.5), angle_of(waist, neck) - 90, 3)
    seat = at(at(hip, angle_of(hip, waist) + 90, 3.5), 0, 3)
    bottom: list[Knot] = [(*seat, 14.5), (*at(hip, 180 - 6, 6), 14), (*waist, 13)]
    return [*bottom, (*chest, 16), (*between(waist, neck, 0.82), 13.5), (*neck, 8)]


def body(pose: Pose) -> tuple[str, Joints]:
    """The runner drawn in this pose, and where the joints lie, for the mark."""
    place = joints(pose)
    bones, shoe = _leg_knots(place.hip, place.near)
    trunk = _trunk_knots(place)
    drawn = _draw_arm("far", place.shoulder, place.far_arm) + _draw_leg("far", place.hip, place.far)
    drawn += limb("gap", bones, 2.5) + limb("gap", trunk, 2.5) + _head(place, pose)
    drawn += limb("b", bones) + limb("b", shoe) + limb("b", trunk) + _hem(place.hip, place.near[0])
    return drawn + _draw_arm("b", place.shoulder, place.near_arm, gap=2.5), place
