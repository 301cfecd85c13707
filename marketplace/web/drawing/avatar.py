"""Portraits of coaches, drawn from a seed: the same seed is always the same person."""

from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from markupsafe import Markup, escape

from marketplace.web.drawing import hair

SKINS = ("#f2cfb4", "#e8b48f", "#d19a6e", "#b57c50", "#8d5a3a", "#5f3a28")
GROUNDS = ("#efe0cc", "#dbe8e1", "#f1d9cf", "#e3e0ee", "#e9e6c9", "#d7e3ea")
SHIRTS = ("#b5412b", "#1f5c4d", "#2f4858", "#c98a2b", "#5b4a77", "#1c1b19", "#4f7a8c")
HAIRS = ("#1c1b19", "#3b2a20", "#6a4428", "#a8692f", "#d3a85c", "#8f8a84", "#e6e1d8")
INK = "#1c1b19"


@dataclass(frozen=True)
class Face:
    """What makes a portrait: colours, and which of each feature."""

    skin: str
    ground: str
    shirt: str
    hair: str
    style: str
    glasses: bool
    beard: bool
    smile: int
    turn: int


def face(seed: str) -> Face:
    """The person behind a seed. Beards go with the hair styles that are drawn short."""
    digest = sha256(seed.encode()).digest()

    def pick(place: int, of: tuple[str, ...]) -> str:
        return of[digest[place] % len(of)]

    style = pick(4, hair.STYLES)
    skin = pick(0, SKINS)
    dark = SKINS.index(skin) >= 3
    return Face(
        skin=skin,
        ground=pick(1, GROUNDS),
        shirt=pick(2, SHIRTS),
        hair=pick(3, HAIRS[:2] + HAIRS[5:6] if dark else HAIRS),
        style=style,
        glasses=digest[5] % 4 == 0,
        beard=style in hair.BEARDED and digest[6] % 2 == 0,
        smile=digest[7] % 3,
        turn=digest[8] % 3 - 1,
    )


@lru_cache(maxsize=1024)
def avatar(seed: object, size: int = 44, label: str | None = None) -> Markup:
    """The portrait of a seed (a slug, a name, an id), `size` pixels wide. label: said instead of the picture."""
    who = face(str(seed))
    spoken = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # nosec B704  # own numbers, the label is escaped
        f'<svg class="avatar" viewBox="0 0 100 100" width="{size}" height="{size}" {spoken}>{_drawn(who)}</svg>'
    )


def _drawn(who: Face) -> str:
    behind, before = hair.drawn(who.style, who.hair, who.shirt)
    return (
        f'<rect width="100" height="100" fill="{who.ground}"/>{behind}'
        f'<path d="M12 104C14 84 30 78 50 78s36 6 38 26Z" fill="{who.shirt}"/>'
        f'<path d="M36 79c4 9 24 9 28 0l-4-3H40Z" fill="{who.skin}"/>'
        f'<path d="M41 62h18v16a9 7 0 0 1-18 0Z" fill="{who.skin}"/>'
        f'<circle cx="29.5" cy="49" r="4.5" fill="{who.skin}"/><circle cx="70.5" cy="49" r="4.5" fill="{who.skin}"/>'
        f'<path d="M30 42c0-15 9-22 20-22s20 7 20 22c0 18-8 30-20 30S30 60 30 42Z" fill="{who.skin}"/>'
        f"{_beard(who)}{before}{_features(who)}"
    )


def _beard(who: Face) -> str:
    if not who.beard:
        return ""
    shape = "M30.5 48c1 3 5 8 9 7.5 6-1 15-1 21 0 4 .5 8-4.5 9-7.5C69 64 61 73.5 50 73.5S31 64 30.5 48Z"
    return f'<path d="{shape}" fill="{who.hair}"/>'


def _features(who: Face) -> str:
    """Eyes, nose and mouth in a few strokes, looking a little aside."""
    dx = who.turn * 2
    ink = INK if SKINS.index(who.skin) < 5 else "#120d0a"
    mouth = ("M43 60q7 5 14 0", "M42 59q8 8 16 0Z", "M44 60.5q6 3 12-1")[who.smile]
    fill = "#fffdf9" if who.smile == 1 else "none"
    eyes = "".join(f'<circle cx="{x + dx}" cy="46" r="2.3" fill="{ink}"/>' for x in (42, 58))
    brows = f'<path d="M{38 + dx} 40.5q4-2.5 8 0M{54 + dx} 40.5q4-2.5 8 0"/>'
    nose = f'<path d="M{50 + dx} 47q{2 + dx} 4 {dx or 1} 7"/>'
    glasses = (
        f'<circle cx="{42 + dx}" cy="46" r="7"/><circle cx="{58 + dx}" cy="46" r="7"/><path d="M{49 + dx} 45h2"/>'
        if who.glasses
        else ""
    )
    stroke = f'stroke="{ink}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"'
    lines = f'<g fill="none" {stroke}>{brows}{nose}{glasses}</g>'
    return f'{eyes}{lines}<path d="{mouth}" fill="{fill}" {stroke}/>'
