"""Hair, caps and scarves of the portraits: what lies behind the head and what lies before it."""

STYLES = ("short", "swept", "bun", "tail", "long", "bob", "curls", "afro", "cap", "scarf", "bald", "band", "braids")
BEARDED = ("short", "swept", "bald", "cap", "curls")
TOP = "M29.5 45C27 24 38 15.5 50 15.5S73 24 70.5 45"


def drawn(style: str, colour: str, shirt: str) -> tuple[str, str]:
    """(behind, before) as SVG text. `shirt` colours what is worn on the head."""
    behind, before = _SHAPES[style]
    accent = shirt if shirt != "#1c1b19" else "#b5412b"
    return tuple(part.format(c=colour, a=accent) for part in (behind, before))  # type: ignore[return-value]


def _fill(data: str, colour: str = "{c}") -> str:
    return f'<path d="{data}" fill="{colour}"/>'


def _dots(places: tuple[tuple[float, float, float], ...]) -> str:
    return "".join(f'<circle cx="{x}" cy="{y}" r="{r}" fill="{{c}}"/>' for x, y, r in places)


_CAP_OF_HAIR = _fill(f"{TOP}C67 36 62 32 50 32S33 36 29.5 45Z")
_PARTED = _fill(f"{TOP}C69 36 64 31 56 28 50 34 36 34 29.5 45Z")

_SHAPES: dict[str, tuple[str, str]] = {
    "short": ("", _CAP_OF_HAIR),
    "swept": ("", _fill(f"{TOP}C68 38 66 33 62 31 52 34 42 32 36 27 31 33 30 38 29.5 45Z")),
    "bun": (_dots(((50, 12, 10),)), _CAP_OF_HAIR),
    "tail": (_fill("M66 26c16-2 22 16 16 40-4-14-10-22-18-26Z"), _PARTED),
    "long": (_fill("M27 46C24 24 36 14 50 14s26 10 23 32c-1 16 4 26 6 38-16 6-42 6-58 0 2-12 7-22 6-38Z"), _PARTED),
    "bob": (_fill("M26 44C24 24 36 14 50 14s26 10 24 30c0 10 2 18 1 24-14 5-36 5-50 0-1-6 1-14 1-24Z"), _CAP_OF_HAIR),
    "curls": (
        _dots(((30, 38, 9), (70, 38, 9))),
        _dots(((33, 28, 9), (41, 21, 9), (50, 19, 9.5), (59, 21, 9), (67, 28, 9)))
        + _dots(((50, 26, 8), (42, 28, 6), (59, 28, 6))),
    ),
    "afro": (
        _dots(((50, 34, 28), (28, 44, 10), (72, 44, 10))),
        _fill("M30 40C32 26 40 23 50 23s18 3 20 17C64 31 36 31 30 40Z"),
    ),
    "cap": (
        _fill("M28 46c0 8 1 14 3 18h38c2-4 3-10 3-18Z"),
        _fill("M28 38C28 22 38 14 50 14s22 8 22 24Z", "{a}") + _fill("M28 35h44c8 0 16 3 18 7-14-3-40-4-62-3Z", "{a}"),
    ),
    "scarf": (
        _fill("M24 46C22 22 36 11 50 11s28 11 26 35c-1 20 6 30 10 42-22 10-50 10-72 0 4-12 11-22 10-42Z", "{a}"),
        _fill(
            "M24 50C22 24 36 11 50 11s28 13 26 39c-2 16-12 27-26 28-14-1-24-12-26-28Z"
            "m8-7c0 17 8 28 18 28s18-11 18-28-8-20-18-20-18 3-18 20Z",
            "{a}",
        ),
    ),
    "bald": ("", ""),
    "band": (
        _fill("M66 26c12 0 18 12 14 28-4-8-8-14-16-18Z"),
        _CAP_OF_HAIR + _fill("M29.5 38C34 30 66 30 70.5 38l-.5-7C66 24 34 24 30 31Z", "{a}"),
    ),
    "braids": (
        _dots(((27, 56, 5), (25, 65, 5), (24, 74, 5), (73, 56, 5), (75, 65, 5), (76, 74, 5)))
        + _fill("M27 54C24 26 36 14 50 14s26 12 23 40Z"),
        _fill(f"{TOP}C68 34 60 28 50 24 40 28 32 34 29.5 45Z"),
    ),
}
