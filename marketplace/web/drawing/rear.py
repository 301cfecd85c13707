"""The runner from behind (or from the front), standing on the right leg at midstance."""

from dataclasses import dataclass
from math import cos, radians, sin

from marketplace.web.drawing.strokes import Knot, Point, at, beside, between, limb, line, n, oval, path

MID = (100.0, 182.0)


@dataclass(frozen=True)
class Stance:
    """pelvis: drop of the swing side in degrees; lean: of the trunk sideways; valgus: stance knee inward;
    cross: how far the foot lands over the line; front: seen from the front, hands before the body."""

    pelvis: float = 2
    lean: float = 1
    valgus: float = 0
    cross: float = 0
    front: bool = False
    reach: float = 0
    hair: str = "tail"


@dataclass(frozen=True)
class Frame:
    """Where the joints of a stance lie. `swing` is the lifted leg."""

    hip: Point
    knee: Point
    ankle: Point
    swing_hip: Point
    swing_knee: Point
    neck: Point
    head: Point
    shoulders: tuple[Point, Point]
    hands: tuple[Point, Point]


def pelvis_line(pelvis: float, half: float) -> tuple[Point, Point]:
    """The ends of a line through the pelvis, `half` long to each side, swing side first."""
    dx, dy = half * cos(radians(pelvis)), half * sin(radians(pelvis))
    return (MID[0] - dx, MID[1] + dy), (MID[0] + dx, MID[1] - dy)


def frame(stance: Stance) -> Frame:
    """The joints of this stance, in user units."""
    swing_hip, hip = pelvis_line(stance.pelvis, 15)
    neck = at(MID, 180 - stance.lean, 84)
    tilt = 3 - stance.pelvis * 0.5
    shoulders = (neck[0] - 27, neck[1] + 13 + tilt), (neck[0] + 27, neck[1] + 13 - tilt)
    knee = (hip[0] - 2 - stance.valgus * 1.15 - stance.cross * 0.45, hip[1] + 74)
    ankle = (hip[0] - 7 - stance.cross, MID[1] + 140)
    swing_knee = (swing_hip[0] + 1 + stance.valgus * 0.4, swing_hip[1] + 62)
    cross = stance.reach
    hands = (
        (
            (shoulders[0][0] + 16 + cross, shoulders[0][1] + 44),
            (shoulders[1][0] - 4 - cross * 0.6, shoulders[1][1] + 34),
        )
        if stance.front
        else ((shoulders[0][0] - 4, shoulders[0][1] + 62), (shoulders[1][0] - 2, shoulders[1][1] + 26))
    )
    head = at(neck, 180 - stance.lean * 0.3, 27)
    return Frame(hip, knee, ankle, swing_hip, swing_knee, neck, head, shoulders, hands)


def _torso(f: Frame) -> str:
    (lx, ly), (rx, ry) = f.shoulders
    nx, ny = f.neck
    (wlx, wly), (wrx, wry) = between(f.swing_hip, (lx, ly), 0.3), between(f.hip, (rx, ry), 0.3)
    (hlx, hly), (hrx, hry) = f.swing_hip, f.hip
    data = (
        f"M{n(nx - 6)} {n(ny - 6)}Q{n(nx - 7)} {n(ny + 3)} {n(lx + 4)} {n(ly - 9)}"
        f"Q{n(lx - 8)} {n(ly - 7)} {n(lx - 7)} {n(ly + 5)}Q{n(lx + 5)} {n(ly + 24)} {n(wlx + 4)} {n(wly - 2)}"
        f"Q{n(hlx - 10)} {n(hly - 20)} {n(hlx - 14.5)} {n(hly + 2)}L{n(hrx + 14.5)} {n(hry + 2)}"
        f"Q{n(hrx + 10)} {n(hry - 20)} {n(wrx - 4)} {n(wry - 2)}Q{n(rx - 5)} {n(ry + 24)} {n(rx + 7)} {n(ry + 5)}"
        f"Q{n(rx + 8)} {n(ry - 7)} {n(rx - 4)} {n(ry - 9)}Q{n(nx + 7)} {n(ny + 3)} {n(nx + 6)} {n(ny - 6)}Z"
    )
    return path("b", data)


def _arm(kind: str, shoulder: Point, elbow: Point, hand: Point, gap: float = 0) -> str:
    knots: list[Knot] = [(*shoulder, 8.4), (*elbow, 6.2), (*between(elbow, hand, 0.4), 6.2), (*hand, 4.6)]
    return limb(kind, knots, gap) + limb(kind, [(*hand, 5.6), (hand[0] + 0.5, hand[1] + 3, 5.2)])


def _stance_leg(f: Frame) -> str:
    calf = between(f.knee, f.ankle, 0.32)
    knots: list[Knot] = [
        (*f.hip, 15),
        (*between(f.hip, f.knee, 0.35), 13.5),
        (*f.knee, 8.4),
        (*calf, 10),
        (*f.ankle, 5.4),
    ]
    shoe: list[Knot] = [
        (f.ankle[0], f.ankle[1] + 4, 6),
        (f.ankle[0] + 1.5, f.ankle[1] + 10, 7.6),
        (f.ankle[0] + 3, f.ankle[1] + 11, 7),
    ]
    return limb("b", knots) + limb("b", shoe)


def _swing_leg(f: Frame, front: bool) -> str:
    """The thigh hangs from the dropped hip; the shank points at the viewer, so that the sole shows."""
    thigh: list[Knot] = [(*f.swing_hip, 15), (*between(f.swing_hip, f.swing_knee, 0.35), 13.5), (*f.swing_knee, 10)]
    if front:
        return limb("b", thigh) + limb("far", [(*f.swing_knee, 8), (f.swing_knee[0] + 2, f.swing_knee[1] + 18, 6)])
    x, y = f.swing_knee
    sole = (x + 3, y + 22)
    tread = "".join(path("gap", f"M{n(sole[0] - 4)} {n(sole[1] + d)}h8", 1.6) for d in (-7, -1, 5))
    return (
        limb("b", thigh)
        + limb("b", [(x, y, 10), (x + 2, y + 8, 9)], 0)
        + oval("gap", sole, (10.5, 20.5), -5)
        + oval("b", sole, (8.6, 18.6), -5)
        + tread
    )


def _hems(f: Frame) -> str:
    """Where the shorts end: thin lines of paper across the thighs."""
    ends = ((f.swing_hip, f.swing_knee), (f.hip, f.knee))
    return "".join(line("gap", (beside(a, b, 0.5, 14), beside(a, b, 0.5, -14)), 2.2) for a, b in ends)


def _hair(f: Frame, style: str, front: bool) -> str:
    x, y = f.head
    if style == "bun":
        return limb("b", [(x, y - 20, 8), (x, y - 8, 8)])
    if style == "curls":
        spots = ((-13, -4), (13, -4), (-9, -14), (9, -14), (0, -17))
        return "".join(limb("b", [(x + dx, y + dy, 8), (x, y, 8)]) for dx, dy in spots)
    if style == "tail" and not front:
        return limb("b", [(x + 1, y - 4, 3.5), (x + 10, y + 9, 6), (x + 17, y + 27, 1.8)], 1.6)
    return ""


def _head(f: Frame, stance: Stance) -> str:
    x, y = f.head
    ears = limb("b", [(x - 14, y + 1, 3.6), (x + 14, y + 1, 3.6)])
    neck = limb("b", [(f.neck[0], f.neck[1] + 4, 8.5), (x, y + 8, 7.5)])
    return neck + oval("b", (x, y), (14.5, 18)) + ears + _hair(f, stance.hair, stance.front)


def body(stance: Stance) -> tuple[str, Frame]:
    """The runner drawn in this stance, and where the joints lie, for the mark."""
    f = frame(stance)
    (left, right), (hand_left, hand_right) = f.shoulders, f.hands
    elbow_left, elbow_right = (left[0] - 15, left[1] + 40), (right[0] + 12, right[1] + 44)
    trunk = _stance_leg(f) + _swing_leg(f, stance.front) + _torso(f) + _head(f, stance) + _hems(f)
    if stance.front:
        return trunk + _arm("b", left, elbow_left, hand_left, 2.5) + _arm("b", right, elbow_right, hand_right, 2.5), f
    return _arm("far", right, elbow_right, hand_right) + trunk + _arm("b", left, elbow_left, hand_left, 2.5), f
