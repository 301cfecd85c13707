"""What a visitor's story said, kept in her signed cookie: quotes beside the chips, goal times, red flags.

The story itself is kept nowhere by us: her browser keeps it for the booking's form. The address has the filters.
"""

from dataclasses import asdict, astuple, dataclass, field, fields
from typing import Any

from flask import session as cookie

from marketplace.knowledge.need.tree import Need
from marketplace.knowledge.plausible import Outlook, outlooks

NAME = "told"
MOST_QUOTE = 90
MOST_IN_ALL = 1800  # a cookie holds 4 kB
MOST_OUTLOOKS = 3


@dataclass(frozen=True, slots=True)
class Told:
    """Quotes by id; `targets` are [least, most] seconds by distance, `by` says when. `found`: an issue or a goal.

    `place` quotes where she is, `near` is that as an address has it.
    `sides` and `onsets` say of an issue where and when; `outlooks` are the fields of an Outlook; `places` holds
    [id, name, region, country] of the place meant, first, and of its namesakes.
    """

    issues: dict[str, str] = field(default_factory=dict)
    goals: dict[str, str] = field(default_factory=dict)
    targets: dict[str, list[int | None]] = field(default_factory=dict)
    by: dict[str, str] = field(default_factory=dict)
    place: str = ""
    near: str = ""
    likes: dict[str, str] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    sides: dict[str, str] = field(default_factory=dict)
    onsets: dict[str, str] = field(default_factory=dict)
    outlooks: list[list[str | int]] = field(default_factory=list)
    places: list[list[str]] = field(default_factory=list)
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
        sides={issue.id: issue.side for issue in need.issues if issue.side},
        onsets={issue.id: _short(issue.onset) for issue in need.issues if issue.onset},
        outlooks=[list(astuple(each)) for each in outlooks(need.goals, need.results)[:MOST_OUTLOOKS]],
        places=_places(need),
        found=bool(need.issues or need.goals),
    )
    cookie[NAME] = _small_enough(asdict(told))


def told() -> Told:
    """What the visitor's last story said; nothing, when she told none."""
    kept = cookie.get(NAME)
    if not isinstance(kept, dict):
        return Told()
    return Told(**{each.name: kept[each.name] for each in fields(Told) if each.name in kept})


def expected(kept: Told) -> list[Outlook]:
    """What a result told in the story foretells for each goal."""
    return [Outlook(*each) for each in kept.outlooks]  # type: ignore[arg-type]


def forget() -> None:
    """No story any more."""
    cookie.pop(NAME, None)


def _places(need: Need) -> list[list[str]]:
    if need.place is None or not need.place.others:
        return []
    here, others = need.place, need.place.others
    mine = [str(here.id), here.name, here.region or "", here.country]
    return [mine, *([str(each.id), each.name, each.region or "", each.country] for each in others)]


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
