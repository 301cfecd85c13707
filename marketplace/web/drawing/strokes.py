"""The few strokes that every drawing is made of.

Lengths are user units (a runner is about 310 high and stands on y = 340); angles are degrees, 0 straight down
and 90 forward (to the right). Every function answers a piece of SVG text.
"""

from collections.abc import Iterable, Sequence
from math import acos, atan2, cos, degrees, hypot, pi, radians, sin

Point = tuple[float, float]
Knot = tuple[float, float, float]  # x, y, radius of the limb there


def n(value: float) -> str:
    """A coordinate with one decimal, as short as it can be written."""
    return f"{value:.1f}".removesuffix(".0").replace("-0.0", "0")


def at(start: Point, angle: float, length: float) -> Point:
    """The point `length` away from start in the direction `angle`."""
    return start[0] + length * sin(radians(angle)), start[1] + length * cos(radians(angle))


def angle_of(start: Point, end: Point) -> float:
    """The direction from start to end in degrees."""
    return degrees(atan2(end[0] - start[0], end[1] - start[1]))


def between(start: Point, end: Point, part: float) -> Point:
    """The point at `part` (0 to 1) of the way."""
    return start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part


def beside(start: Point, end: Point, part: float, away: float) -> Point:
    """The point at `part` of the way, `away` to the front side of a limb that hangs down."""
    return at(between(start, end, part), angle_of(start, end) + 90, away)


def path(kind: str, data: str, width: float | None = None) -> str:
    """An SVG path of class `kind`, stroked `width` wide when given."""
    stroke = f' stroke-width="{n(width)}"' if width is not None else ""
    return f'<path class="{kind}" d="{data}"{stroke}/>'


def through(points: Iterable[Point], close: bool = False) -> str:
    """Path data of straight lines through the points."""
    return "M" + "L".join(f"{n(x)} {n(y)}" for x, y in points) + ("Z" if close else "")


def curve(start: Point, control: Point, end: Point) -> str:
    """Path data of one bent stroke."""
    return f"M{n(start[0])} {n(start[1])}Q{n(control[0])} {n(control[1])} {n(end[0])} {n(end[1])}"


def line(kind: str, points: Iterable[Point], width: float) -> str:
    """Straight strokes through the points."""
    return path(kind, through(points), width)


def disc(kind: str, centre: Point, radius: float) -> str:
    """A filled circle."""
    return f'<circle class="{kind}" cx="{n(centre[0])}" cy="{n(centre[1])}" r="{n(radius)}"/>'


def oval(kind: str, centre: Point, radii: Point, turn: float = 0) -> str:
    """An ellipse turned clockwise by `turn` degrees."""
    x, y = n(centre[0]), n(centre[1])
    turned = f' transform="rotate({n(turn)} {x} {y})"' if turn else ""
    return f'<ellipse class="{kind}" cx="{x}" cy="{y}" rx="{n(radii[0])}" ry="{n(radii[1])}"{turned}/>'


def _taper(a: Knot, b: Knot) -> str:
    """Path data of the hull of two circles: one piece of a limb."""
    (x1, y1, r1), (x2, y2, r2) = a, b
    apart = hypot(x2 - x1, y2 - y1)
    if apart <= abs(r1 - r2):
        x, y, r = (x1, y1, r1) if r1 > r2 else (x2, y2, r2)
        return f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 1 {n(2 * r)} 0a{n(r)} {n(r)} 0 1 1 {n(-2 * r)} 0Z"
    heading, open_by = atan2(y2 - y1, x2 - x1), acos((r1 - r2) / apart)

    def rim(x: float, y: float, r: float, side: int) -> str:
        turn = heading + side * open_by
        return f"{n(x + r * cos(turn))} {n(y + r * sin(turn))}"

    far, near = int(open_by > pi / 2), int(open_by < pi / 2)
    return (
        f"M{rim(x1, y1, r1, 1)}L{rim(x2, y2, r2, 1)}A{n(r2)} {n(r2)} 0 {far} 0 {rim(x2, y2, r2, -1)}"
        f"L{rim(x1, y1, r1, -1)}A{n(r1)} {n(r1)} 0 {near} 0 {rim(x1, y1, r1, 1)}Z"
    )


def limb(kind: str, knots: Sequence[Knot], gap: float = 0) -> str:
    """A tapered limb through its knots; `gap` leaves that much paper around it, so that it stands out."""
    data = "".join(_taper(a, b) for a, b in zip(knots, knots[1:], strict=False))
    around = path("gap", data, 2 * gap) if gap else ""
    return around if kind == "gap" else around + path(kind, data)


def arc(kind: str, centre: Point, radius: float, first: float, last: float, width: float) -> str:
    """A piece of a circle from angle first to angle last."""
    start, end = at(centre, first, radius), at(centre, last, radius)
    sweep = int(last < first)
    data = f"M{n(start[0])} {n(start[1])}A{n(radius)} {n(radius)} 0 0 {sweep} {n(end[0])} {n(end[1])}"
    return path(kind, data, width)
