"""What a visitor's story said, kept in her signed cookie: quotes beside the chips, goal times, red flags.

The story itself is kept nowhere by us: her browser keeps it for the booking's form. The address has the filters.
"""

from dataclasses import asdict, dataclass, field, fields
from typing import Any

from flask import session as cookie

from marketplace.knowledge.need.tree import Need

NAME = "told"
MOST_QUOTE = 90
MOST_IN_ALL = 1800  # a cookie holds 4 kB


@dataclass(frozen=True, slots=True)
class Told:
    """Quotes by id; `targets` are [least, most] seconds by distance, `by` says when. `found`: an issue or a goal.

    `place` quotes where she is, `near` is that as an address has it.
    """

    issues: dict[str, str] = field(default_factory=dict)
    goals: dict[str, str] = field(default_factory=dict)
    targets: dict[str, list[int | None]] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    place: str = ""
    near: str = ""
    likes: dict[str, str] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    found: bool = True


def remember(need: Need, near: str | None = None) -> None:
    """Keep what was understood for the pages that follow; `near`: the place that is searched around."""
    goals = {goal.distance: goal for goal in reversed(need.goals)}
    told = Told(
        issues={issue.id: _short(issue.because) for issue in need.issues},
        goals={name: _short(goal.because) for name, goal in goals.items()},
        targets={name: [goal.target_seconds_min, goal.target_seconds_max] for name, goal in goals.items()},
        by={name: goal.by[:30] for name, goal in goals.items() if goal.by},
        place=_short(need.place.because) if need.place else "",
        near=near or "",
        likes={preference.kind: _short(preference.because) for preference in need.preferences},
        flags={flag.id: _short(flag.because) for flag in need.red_flags},
        found=bool(need.issues or need.goals),
    )
    cookie[NAME] = _small_enough(asdict(told))


def told() -> Told:
    """What the visitor's last story said; nothing, when she told none."""
    kept = cookie.get(NAME)
    if not isinstance(kept, dict):
        return Told()
    return Told(**{each.name: kept[each.name] for each in fields(Told) if each.name in kept})


def forget() -> None:
    """No story any more."""
    cookie.pop(NAME, None)


def _short(text: str) -> str:
    text = " ".join(text.split())
    if len(text) <= MOST_QUOTE:
        return text
    whole_words = text[:MOST_QUOTE].rpartition(" ")[0] or text[: MOST_QUOTE - 1]
    return whole_words.rstrip(" ,;:") + "…"


def _small_enough(kept: dict[str, Any]) -> dict[str, Any]:
    """Without quotes where there are too many for a cookie; ids and times stay."""
    quotes = [kept[name] for name in ("issues", "goals", "likes", "flags")]
    if sum(len(text.encode()) for each in quotes for text in each.values()) > MOST_IN_ALL:
        for each in quotes:
            each.update(dict.fromkeys(each, ""))
    return kept
