"""How well stories are understood: labels beside what was found, counted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from marketplace.knowledge.need import Goal, Need, understand
from marketplace.knowledge.need.text import fold
from tests.knowledge.finder import Towns

TOLERANCE = 0.01


@dataclass
class Score:
    """Counts over many stories, and each slip in words."""

    wanted: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    slips: list[str] = field(default_factory=list)
    stories: int = 0

    def recall(self, kind: str) -> float:
        return self.hit[kind] / self.wanted[kind] if self.wanted[kind] else 1.0

    def false_a_story(self, kind: str) -> float:
        return self.false[kind] / self.stories


def score(stories: list[dict[str, Any]]) -> Score:
    result = Score()
    for story in stories:
        result.stories += 1
        _one(result, story, understand(story["text"], Towns()))
    return result


def _one(result: Score, story: dict[str, Any], need: Need) -> None:
    def sets(kind: str, wanted: set[str], allowed: set[str], found: set[str]) -> None:
        result.wanted[kind] += len(wanted)
        result.hit[kind] += len(wanted & found)
        result.false[kind] += len(found - wanted - allowed)
        if missed := wanted - found:
            result.slips.append(f"{story['id']}: missed {kind} {sorted(missed)}")
        if wrong := found - wanted - allowed:
            result.slips.append(f"{story['id']}: false {kind} {sorted(wrong)}")

    sets("issues", set(story["issues"]), set(story["may"]), set(need.issues_now))
    found_wants = set(need.wants)
    others = {"form-review", "plan", "strength", "rehab", "online", "in-person"} - set(story["wants_not"])
    sets("wants", set(story["wants"]), set(story["wants_may"]) | (others - {"plan", "rehab"}), found_wants)
    flags = {flag.id for flag in need.red_flags}
    spared = set(story["red_flags_may"])
    sets("red flags", set(story["red_flags_which"]) - spared, spared | set(story["red_flags_which"]), flags)
    if story["red_flags"] != bool(flags) and not spared:
        result.slips.append(f"{story['id']}: red flag {story['red_flags']} but {flags}")
    sets(
        "preferences",
        set(story.get("preferences", [])),
        set(),
        {p.kind for p in need.preferences} if "preferences" in story else set(),
    )
    _goals(result, story, need)
    _place(result, story, need)
    for kind, wanted, found in (
        ("language", story["language"], need.language),
        ("coach language", story["coach_language"], need.coach_language),
        ("seeker", story["seeker"], need.seeker),
    ):
        result.wanted[kind] += 1
        result.hit[kind] += wanted == found
        if wanted != found:
            result.slips.append(f"{story['id']}: {kind} {wanted} but {found}")


def _goals(result: Score, story: dict[str, Any], need: Need) -> None:
    left = list(need.goals)
    for wanted in story["goals"]:
        result.wanted["goals"] += 1
        match = next((g for g in left if _same(wanted, g)), None)
        if match:
            left.remove(match)
            result.hit["goals"] += 1
        else:
            got = [(g.distance, g.target_seconds_min, g.target_seconds_max) for g in need.goals]
            result.slips.append(f"{story['id']}: missed goal {wanted}, found {got}")
    named = {g["distance"] for g in story["goals"]}
    wrong = [g for g in left if not any(_same(may, g) for may in story["goals_may"]) and g.distance not in named]
    result.false["goals"] += len(wrong)
    result.slips += [f"{story['id']}: false goal {g}" for g in wrong]


def _same(wanted: dict[str, Any], found: Goal) -> bool:
    least, most = wanted["target_seconds_min"], wanted["target_seconds_max"]
    if wanted["distance"] != found.distance or not _near(most, found.target_seconds_max):
        return False
    return (
        least is None
        and found.target_seconds_min is None
        or least is not None
        and (found.target_seconds_min is None and least == most or _near(least, found.target_seconds_min))
    )


def _near(a: int | None, b: int | None) -> bool:
    return a is b or (a is not None and b is not None and abs(a - b) <= TOLERANCE * a)


def _place(result: Score, story: dict[str, Any], need: Need) -> None:
    if story.get("place_may"):
        return
    result.wanted["place"] += 1
    allowed = [story["place"]["city"], *story["place"].get("city_also", [])] if story["place"] else [None]
    found = need.place.name if need.place else None
    is_there = spelt(found) in map(spelt, allowed)
    result.hit["place"] += is_there
    if not is_there:
        result.slips.append(f"{story['id']}: place {allowed} but {found} ({need.place.because if need.place else ''})")


def spelt(name: str | None) -> str | None:
    """A name without its hyphens and accents: gazetteers differ in them."""
    return fold(name).replace("-", " ") if name else None
