"""The colours of both themes can be read: WCAG 2.2 AA, 4.5 to 1 for text and 3 to 1 for the edges of controls."""

import re

import pytest

from marketplace.web.assets import STATIC

SHEET = (STATIC / "css" / "tokens.css").read_text()
TEXT_PAIRS = [
    *((ink, ground) for ink in ("ink", "soft") for ground in ("paper", "raised", "sand")),
    *((ink, ground) for ink in ("red", "spruce", "amber") for ground in ("paper", "raised")),
    ("red-ink", "red"), ("paper", "spruce"), ("paper", "ink"), ("red-ink", "red-deep"), ("paper", "spruce-deep"),
    ("spruce", "spruce-wash"), ("spruce-deep", "spruce-wash"), ("red-deep", "red-wash"), ("ink", "red-wash"),
    ("amber", "amber-wash"), ("ink", "amber-wash"), ("ink", "spruce-wash"), ("soft", "spruce-wash"),
    ("soft", "red-wash"), ("soft", "amber-wash"),
]  # fmt: skip
EDGE_PAIRS = [("edge", "paper"), ("edge", "raised"), ("spruce", "paper"), ("spruce", "raised"), ("red", "sand")]


def theme(selector: str) -> dict[str, str]:
    block = SHEET[SHEET.index(selector) :]
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block[: block.index("}")]))


THEMES = {
    "light": theme(":root {"),
    "dark": theme(':root[data-theme="dark"] {'),
    "dark by the system": theme(':root:not([data-theme="light"]) {'),
}


def brightness(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    lighter, darker = sorted((brightness(a), brightness(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_PAIRS)
def test_text_stands_out_from_its_ground(name: str, ink: str, ground: str) -> None:
    assert contrast(THEMES[name][ink], THEMES[name][ground]) >= 4.5


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize(("edge", "ground"), EDGE_PAIRS)
def test_the_edge_of_a_control_stands_out(name: str, edge: str, ground: str) -> None:
    assert contrast(THEMES[name][edge], THEMES[name][ground]) >= 3


def test_the_dark_theme_is_the_same_whether_chosen_or_set_by_the_system() -> None:
    assert THEMES["dark"] == THEMES["dark by the system"]
