"""The labelled stories, in one shape: ten of the guide and those of stories.toml."""

import json
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def examples() -> list[dict[str, Any]]:
    """The ten stories that come with the guide."""
    return json.loads((HERE / "examples.json").read_text(encoding="utf-8"))["stories"]


def invented(name: str = "stories") -> list[dict[str, Any]]:
    """Our own stories in many voices."""
    with (HERE / f"{name}.toml").open("rb") as file:
        return [_whole(story) for story in tomllib.load(file)["story"]]


def _whole(story: dict[str, Any]) -> dict[str, Any]:
    story = {
        "language": "en",
        "coach_language": None,
        "seeker": True,
        "wants": [],
        "wants_may": [],
        "wants_not": [],
        "issues": [],
        "may": [],
    } | story
    story["goals"] = [_goal(text) for text in story.get("goals", [])]
    story["goals_may"] = [_goal(text) for text in story.get("goals_may", [])]
    flags = story.get("red_flags", [])
    story |= {"red_flags": bool(flags), "red_flags_which": flags, "red_flags_may": story.get("red_flags_may", [])}
    city, *also = story.get("place", "").split("|")
    story["place"] = {"city": city, "city_also": also} if city else None
    return story


def _goal(text: str) -> dict[str, Any]:
    """ "half <7200", "5k =1680", "5k 1500-1559", "10k"."""
    distance, _, target = text.partition(" ")
    least = most = None
    if target.startswith("<"):
        most = int(target[1:])
    elif target.startswith("="):
        least = most = int(target[1:])
    elif target:
        least, most = (int(n) for n in target.split("-"))
    return {"distance": distance, "target_seconds_min": least, "target_seconds_max": most}
