"""Sample clips of an own drawn runner, made at set-up: from behind with a hip that drops, from the side overstriding.

Frames are drawn into bytes with round strokes (no imaging library) and encoded as H.264; a stride is drawn once and
repeated. About a second for each clip and a few hundred kilobytes.
"""

from collections.abc import Callable, Sequence
from math import cos, pi, radians, sin
from pathlib import Path
from uuid import UUID

import av
from flask import current_app

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.clips import service
from marketplace.clips.judging import judge
from marketplace.clips.service import About, Stored
from marketplace.db import new_id, transaction
from marketplace.storage import Storage

WIDTH, HEIGHT = 360, 640  # of the finished picture; drawn at twice that
FRAMES_PER_SECOND = 30
STRIDE_FRAMES = 22  # two steps: 164 steps a minute
STRIDES = 6
GROUND = 1150
Point = tuple[float, float]
Colour = tuple[int, int, int]
SKY, TRACK, LANE = (226, 122, 130), (128, 112, 158), (205, 124, 134)
INK, FAR, SHIRT, SHOE = (38, 128, 128), (96, 126, 130), (92, 132, 112), (88, 104, 186)
"""Y, U and V."""


class Picture:
    """A picture of twice WIDTH × HEIGHT in three planes."""

    def __init__(self) -> None:
        self.width, self.height = 2 * WIDTH, 2 * HEIGHT
        self.planes = [bytearray(self.width * self.height), *(bytearray(WIDTH * HEIGHT) for _ in "UV")]
        self.rectangle(0, self.height, SKY)

    def rectangle(self, top: float, bottom: float, colour: Colour) -> None:
        """The whole width from `top` to `bottom`."""
        self._fill(int(top), int(bottom), 0, self.width, colour)

    def limb(self, points: Sequence[Point], thick: float, colour: Colour) -> None:
        """A line through the points with round ends."""
        for (x1, y1), (x2, y2) in zip(points, points[1:], strict=False):
            steps = max(1, int(max(abs(x2 - x1), abs(y2 - y1)) / max(2, thick / 5)))
            for step in range(steps + 1):
                share = step / steps
                self.disc((x1 + (x2 - x1) * share, y1 + (y2 - y1) * share), thick / 2, colour)

    def disc(self, centre: Point, radius: float, colour: Colour) -> None:
        """A filled circle."""
        x, y = centre
        for row in range(int(y - radius), int(y + radius) + 1):
            half = (radius * radius - (row - y) ** 2) ** 0.5 if abs(row - y) <= radius else 0
            self._fill(row, row + 1, int(x - half), int(x + half) + 1, colour)

    def _fill(self, top: int, bottom: int, left: int, right: int, colour: Colour) -> None:
        left, right = max(0, left), min(self.width, right)
        if left >= right:
            return
        for row in range(max(0, top), min(self.height, bottom)):
            at = row * self.width
            self.planes[0][at + left : at + right] = bytes((colour[0],)) * (right - left)
            if row % 2 == 0:
                start, end = row // 2 * WIDTH + left // 2, row // 2 * WIDTH + (right + 1) // 2
                for plane, value in zip(self.planes[1:], colour[1:], strict=True):
                    plane[start:end] = bytes((value,)) * (end - start)


def attach(booking_id: UUID) -> None:
    """Film from behind and from the side, and attach both as the booking's runner would. Own transactions."""
    behind = (_stored(from_behind), About("back", "Last kilometre of an easy eight."))
    side = (_stored(from_the_side), About("side", "Same run, one minute later."))
    with transaction() as session:
        runner = session.get_one(User, session.get_one(Booking, booking_id).runner_id)
        for file, about in (behind, side):
            service.attach_file(session, booking_id, clip_id=new_id(), by=runner, file=file, about=about)


def _stored(film: Callable[[Path], None]) -> Stored:
    storage: Storage = current_app.extensions["storage"]
    key = new_id().hex
    path = storage.path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    film(path)
    return Stored(key, path.stat().st_size, judge(path), f"{film.__name__}.mp4")


def from_behind(path: Path) -> None:
    """A runner from behind; on her left leg the other side of the pelvis drops by ten degrees."""
    _film(path, _rear)


def from_the_side(path: Path) -> None:
    """A runner from the side whose foot lands far in front of her."""
    _film(path, _side)


def _film(path: Path, draw: Callable[[float], Picture]) -> None:
    stride = [_frame(draw(number / STRIDE_FRAMES)) for number in range(STRIDE_FRAMES)]
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as container:
        stream = container.add_stream("libx264", rate=FRAMES_PER_SECOND)
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "24"}
        for number in range(STRIDE_FRAMES * STRIDES):
            frame = stride[number % STRIDE_FRAMES]
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def _frame(picture: Picture) -> av.VideoFrame:
    frame = av.VideoFrame(picture.width, picture.height, "yuv420p")
    for plane, content in zip(frame.planes, picture.planes, strict=True):
        rows = plane.buffer_size // plane.line_size
        width = len(content) // rows
        padding = bytes(plane.line_size - width)
        plane.update(b"".join(bytes(content[r * width : (r + 1) * width]) + padding for r in range(rows)))
    return frame.reformat(width=WIDTH, height=HEIGHT)


def _rear(phase: float) -> Picture:
    picture = Picture()
    picture.rectangle(720, picture.height, TRACK)
    for lane in (-520, -200, 200, 520):
        picture.limb(((360 + lane * 0.25, 720), (360 + lane * 1.5, 1280)), 7, LANE)
    turn, lift = sin(2 * pi * phase), 16 * abs(cos(2 * pi * phase))
    drop = radians(10 if turn > 0 else 3) * turn  # positive: she stands on her left leg, the right side sinks
    middle, hips = (360 + 10 * turn, 640 - lift), 62
    left = (middle[0] - hips * cos(drop), middle[1] - hips * sin(drop))
    right = (middle[0] + hips * cos(drop), middle[1] + hips * sin(drop))
    chest = (360 - 16 * turn, 410 - lift)
    for hip, swing, inwards in ((left, max(0.0, -turn), 1), (right, max(0.0, turn), -1)):
        knee = (hip[0] + inwards * (16 + 6 * swing), hip[1] + 225 - 40 * swing)
        foot = (hip[0] + inwards * 26, GROUND - 8 - 330 * swing)
        picture.limb((hip, knee), 66, INK)
        picture.limb((knee, foot), 44, INK)
        picture.limb((foot, (foot[0] - inwards * 10, foot[1] + 12)), 42, SHOE)
    picture.limb((left, right), 78, INK)
    picture.limb((middle, chest), 128, SHIRT)
    shoulders = [(chest[0] - 88, chest[1] - 10 * turn), (chest[0] + 88, chest[1] + 10 * turn)]
    picture.limb(shoulders, 62, SHIRT)
    for side, shoulder in zip((-1, 1), shoulders, strict=True):
        elbow = (shoulder[0] + side * 44, shoulder[1] + 118 - 26 * side * turn)
        picture.limb((shoulder, elbow), 38, FAR)
        picture.limb((elbow, (elbow[0] - side * 34, elbow[1] - 24 - 40 * side * turn)), 34, FAR)
    picture.limb((chest, (chest[0], chest[1] - 90)), 44, FAR)
    picture.disc((chest[0], chest[1] - 140), 62, INK)
    picture.limb(((chest[0], chest[1] - 130), (chest[0] + 26 * turn, chest[1] - 50)), 26, INK)
    picture.limb(
        ((left[0] - 40, left[1] - 40 * sin(drop)), (right[0] + 40, right[1] + 40 * sin(drop))), 9, (120, 96, 196)
    )
    return picture


def _side(phase: float) -> Picture:
    picture = Picture()
    picture.rectangle(GROUND - 60, picture.height, TRACK)
    for post in range(-1, 4):
        x = (post - 2 * phase) * 360 + 360
        picture.limb(((x, 520), (x, GROUND - 60)), 10, LANE)
    picture.limb(((0, 560), (720, 560)), 10, LANE)
    picture.limb(((0, GROUND + 60), (720, GROUND + 60)), 8, LANE)
    lift = 26 * abs(sin(2 * pi * phase))
    hip, lean = (350.0, 640 - lift), radians(4)
    chest = (hip[0] + 240 * sin(lean), hip[1] - 240)
    for behind, colour in ((0.5, FAR), (0.0, INK)):
        _side_leg(picture, hip, phase + behind, colour)
        _side_arm(picture, (chest[0], chest[1] + 24), phase + behind + 0.5, colour)
        if colour == FAR:
            picture.limb((hip, chest), 110, SHIRT)
            picture.limb((chest, (chest[0] + 12, chest[1] - 90)), 40, FAR)
            picture.disc((chest[0] + 18, chest[1] - 140), 58, INK)
    return picture


def _side_leg(picture: Picture, hip: Point, phase: float, colour: Colour) -> None:
    thigh = radians(8 + 36 * cos(2 * pi * phase))
    bend = radians(12 + 80 * max(0.0, -sin(2 * pi * phase + 0.5)) ** 1.2)
    knee = (hip[0] + 230 * sin(thigh), hip[1] + 230 * cos(thigh))
    shin = thigh - bend
    foot = (knee[0] + 232 * sin(shin), min(GROUND - 14.0, knee[1] + 232 * cos(shin)))
    picture.limb((hip, knee), 62, colour)
    picture.limb((knee, foot), 42, colour)
    toe = shin + radians(18)
    picture.limb((foot, (foot[0] + 62 * cos(toe), foot[1] - 62 * sin(toe))), 34, SHOE)


def _side_arm(picture: Picture, shoulder: Point, phase: float, colour: Colour) -> None:
    swing = radians(-8 + 38 * cos(2 * pi * phase))
    elbow = (shoulder[0] + 130 * sin(swing), shoulder[1] + 130 * cos(swing))
    fore = swing + radians(92)
    picture.limb((shoulder, elbow), 36, colour)
    picture.limb((elbow, (elbow[0] + 112 * sin(fore), elbow[1] + 112 * cos(fore))), 32, colour)
