"""The runner as a picture: `figure("hip-drop")` is the site's illustration of a form issue or a pain.

Drawn as strokes with the angle that matters marked in red, themed by CSS (`.figure` in components.css).
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache, lru_cache

from flask import Flask, Response
from markupsafe import Markup, escape

from marketplace.web.app import own_transaction
from marketplace.web.auth import public
from marketplace.web.drawing import marks
from marketplace.web.drawing.avatar import avatar
from marketplace.web.drawing.filming import filming_guide
from marketplace.web.drawing.rear import Stance
from marketplace.web.drawing.side import FLIGHT, MIDSTANCE, STRIKE, TOE_OFF, Leg, Pose

Drawing = Callable[[float], marks.Drawn]
TOP, BOTTOM = 24.0, 352.0
SHEET = 72  # the height in pixels that drawings shown small and often are made for
FINE = 130  # pixels of height up to which whole units are fine enough, and a third lighter

DRAWINGS: dict[str, Drawing] = {
    "hip-drop": lambda w: marks.pelvis(Stance(pelvis=9, lean=3, valgus=4), w),
    "weak-glutes": lambda w: marks.glutes(Stance(pelvis=4, lean=2, valgus=5, hair="bun"), w),
    "itb": lambda w: marks.outer_thigh(Stance(pelvis=3, valgus=2, hair="short"), w),
    "knee-valgus": lambda w: marks.knee_line(Stance(pelvis=4, valgus=17, hair="curls"), w),
    "crossover": lambda w: marks.midline(Stance(pelvis=4, cross=17, hair="short"), w),
    "pronation": lambda w: marks.heel(Stance(pelvis=3, valgus=9, hair="bun"), w),
    "arm-swing": lambda w: marks.hands(Stance(pelvis=1, front=True, reach=18, hair="bun"), w),
    "overstride": lambda w: marks.reach(_pose(STRIKE, near=Leg(36, 14, -10), lean=1, hair="short"), w),
    "heel-strike": lambda w: marks.sole(_pose(STRIKE, near=Leg(28, 8, -26), lean=3, hair="curls"), w),
    "low-cadence": lambda w: marks.steps(_pose(FLIGHT, air=20, hair="cap"), w),
    "bounce": lambda w: marks.rise(_pose(FLIGHT, air=40, lean=3, hair="tail"), w),
    "trunk-lean": lambda w: marks.lean(_pose(MIDSTANCE, lean=24, bend=4, hair="bun"), w),
    "posture": lambda w: marks.slump(_pose(MIDSTANCE, lean=8, bend=26, head=14, hair="short"), w),
    "pelvic-tilt": lambda w: marks.tilt(_pose(MIDSTANCE, lean=2, bend=-10, hair="tail"), w),
    "low-back": lambda w: marks.lumbar(_pose(MIDSTANCE, lean=9, hair="cap"), w),
    "front-knee-pain": lambda w: marks.kneecap(_pose(MIDSTANCE, near=Leg(32, -18), hair="tail"), w),
    "shin-pain": lambda w: marks.shin(_pose(STRIKE, hair="curls"), w),
    "achilles-calf": lambda w: marks.calf(_pose(TOE_OFF, hair="short"), w),
    "plantar-fascia": lambda w: marks.arch(_pose(TOE_OFF, near=Leg(-26, -46, 6), hair="bun"), w),
    "hip-flexor": lambda w: marks.groin(_pose(TOE_OFF, near=Leg(-32, -56, 30), lean=3, hair="tail"), w),
    "hamstring": lambda w: marks.thigh_back(_pose(FLIGHT, near=Leg(52, 6, 4), air=14, hair="cap"), w),
    "runner": lambda w: marks.unmarked(TOE_OFF),
}
INKS = {  # what components.css says of these classes, which do not reach into another file; its variables do
    "b": 'fill="var(--figure)"',
    "far": 'fill="var(--figure-far)"',
    "gap": 'fill="none" stroke="var(--figure-gap)" stroke-linecap="round" stroke-linejoin="round"',
    "mark": 'fill="none" stroke="var(--red)" stroke-linecap="round" stroke-linejoin="round"',
    "dot": 'fill="var(--red)"',
    "ache": 'fill="var(--red)" opacity="0.22"',
    "ref": 'fill="none" stroke="var(--soft)" stroke-width="1.8" stroke-dasharray="2 6" stroke-linecap="round"',
}
ALIASES = {"plantar-fasciitis": "plantar-fascia", "hunched": "posture", "hip-flexors": "hip-flexor"}


def _pose(pose: Pose, **changed: object) -> Pose:
    return replace(pose, **changed)  # type: ignore[arg-type]


@lru_cache(maxsize=512)
def figure(issue_id: str, height: int = 160, mark: bool = True, label: str | None = None) -> Markup:
    """The runner with this form issue, `height` pixels high; an unknown issue shows the runner alone.

    mark: draw what matters in red. label: said to people who can't see the picture; without it the picture is
    ornament.
    """
    body, (left, right) = _drawn(_known(issue_id), height, mark)
    view, width = _frame(left, right, height)
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # nosec B704  # own numbers, the label is escaped
        f'<svg class="figure" viewBox="{view}" width="{width}" height="{height}" {spoken}>{body}</svg>'
    )


@own_transaction
@public
def serve_sheet() -> Response:
    """All drawings in one picture, for pages that show many: `drawn_figure` points into it."""
    return Response(_sheet(), mimetype="image/svg+xml")


@cache
def sheet_address() -> str:
    """Where the sheet is, with the hash of what it shows."""
    return f"/figures.svg?v={hashlib.sha256(_sheet().encode()).hexdigest()[:10]}"


@lru_cache(maxsize=256)
def drawn_figure(issue_id: str, height: int) -> Markup:
    """The same picture as `figure`, unlabelled and small, out of the sheet."""
    name = _known(issue_id)
    left, right = _drawn(name, SHEET)[1]
    view, width = _frame(left, right, height)
    size = f'viewBox="{view}" width="{width}" height="{height}"'
    drawing = f'<use href="{sheet_address()}#{name}"/>'
    return Markup(f'<svg class="figure" {size} aria-hidden="true">{drawing}</svg>')  # nosec B704  # own names


def register(app: Flask) -> None:
    """Serve the sheet and give templates `figure`, `drawn_figure`, `avatar` and `filming_guide`."""
    app.add_url_rule("/figures.svg", "assets.figures", serve_sheet)
    app.jinja_env.globals.update(figure=figure, drawn_figure=drawn_figure, avatar=avatar, filming_guide=filming_guide)


@cache
def _sheet() -> str:
    strokes = "".join(f'<g id="{name}">{_drawn(name, SHEET)[0]}</g>' for name in DRAWINGS)
    inked = re.sub('class="([a-z]+)"', lambda kind: INKS[kind[1]], strokes)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{inked}</svg>'


def _known(issue_id: str) -> str:
    name = ALIASES.get(issue_id, issue_id)
    return name if name in DRAWINGS else "runner"


def _drawn(name: str, height: int, mark: bool = True) -> tuple[str, tuple[float, float]]:
    """The strokes for that height, and how far they reach to the left and right."""
    drawn = DRAWINGS[name](min(15.0, max(5.0, 1.9 / (height / (BOTTOM - TOP)))))
    body = drawn.body + (drawn.mark if mark else "")
    body = body if height > FINE else re.sub(r"\d+\.\d", lambda number: f"{float(number[0]):.0f}", body)
    return body, drawn.reach


def _frame(left: float, right: float, height: int) -> tuple[str, int]:
    """The viewBox, and the width in pixels."""
    width = round(height * (right - left) / (BOTTOM - TOP))
    return f"{left:.0f} {TOP:.0f} {right - left:.0f} {BOTTOM - TOP:.0f}", width
