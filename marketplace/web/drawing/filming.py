"""Where the phone stands: the runner, the phone at hip height, the distance between them."""

from markupsafe import Markup, escape

from marketplace.web.drawing import rear, side
from marketplace.web.drawing.strokes import line, path

WIDTH = 560


def filming_guide(view: str = "behind", height: int = 220, label: str | None = None) -> Markup:
    """The filming guide for a camera view: "behind", "front" or "side". label: said instead of the picture.

    The scene is seen from the side of the track; for the side view, along it.
    """
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    runner = rear.body(rear.Stance())[0] if view == "side" else side.body(side.MIDSTANCE)[0]
    camera = _phone() + _sight()
    if view == "behind":
        camera = f'<g transform="matrix(-1 0 0 1 {WIDTH} 0)">{camera}</g>'
    place = 392 if view == "behind" else 40
    return Markup(  # nosec B704  # own numbers, the label is escaped
        f'<svg class="figure filming" viewBox="0 20 {WIDTH} 350" width="{round(height * WIDTH / 350)}"'
        f' height="{height}" {spoken}>'
        f'{_ground()}<g transform="translate({place - 20} 8)">{runner}</g>{camera}</svg>'
    )


def _ground() -> str:
    return line("prop", ((10, 356), (550, 356)), 2)


def _phone() -> str:
    """A phone on a tripod, its lens at hip height."""
    pole = line("prop", ((490, 210), (490, 266)), 4)
    feet = "".join(line("prop", ((490, 262), (x, 355)), 3.5) for x in (460, 490, 520))
    return pole + feet + path("b", "M478 160h24a5 5 0 0 1 5 5v42a5 5 0 0 1-5 5h-24a5 5 0 0 1-5-5v-42a5 5 0 0 1 5-5Z")


def _sight() -> str:
    """From the lens to the whole body, and at hip height to the pelvis."""
    edges = "".join(f'<path class="ref" d="M470 186L{x} {y}"/>' for x, y in ((206, 44), (206, 350)))
    return edges + line("mark", ((458, 186), (216, 186)), 4) + '<circle class="dot" cx="473" cy="186" r="6"/>'
