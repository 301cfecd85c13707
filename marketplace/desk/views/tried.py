"""A story's trial as the page shows it: what is understood, her place, her points, what would help."""

from collections.abc import Iterator
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from marketplace.knowledge.need.tree import Need, Preference
from marketplace.matching.helping import Help
from marketplace.matching.part_words import help_text, kept_out_text, ordinal, part_name
from marketplace.matching.trial import Trial
from marketplace.matching.wording import goal_name, issue_name, language_name, preference_name, target, want_name

MOST_HELPS = 5
Chip = tuple[str, str | None, str | None]


def shown(tried: Trial) -> dict[str, Any]:
    """What templates/desk/found.html takes."""
    standing, parts = tried.standing, sorted(tried.parts, key=lambda part: -part.most)
    return {
        "place": ordinal(standing.place) if standing.place else None,
        "among": standing.among,
        "is_near": standing.is_near,
        "km": f"{tried.criteria.within_km:g}",
        "fit": tried.fit,
        "understood": [*_understood(tried.need)],
        "is_read": bool(tried.need.issues or tried.need.goals),
        "has_flags": bool(tried.need.red_flags),
        "parts": [{"name": part_name(part.kind), "points": part.points, "most": part.most} for part in parts],
        "most": parts[0].most if parts else 1,
        "helps": [_help(each) for each in tried.helps[:MOST_HELPS]],
        "kept_out": [kept_out_text(kind) for kind in tried.kept_out],
    }


def _understood(need: Need) -> Iterator[Chip]:
    """(label, note, drawing) of each thing that the story says."""
    for issue in need.issues:
        yield issue_name(issue.id), _("past") if issue.when == "past" else None, issue.id
    for goal in need.goals:
        yield goal_name(goal.distance), target(goal.target_seconds_min, goal.target_seconds_max), None
    if need.place:
        yield ", ".join(filter(None, (need.place.name, need.place.region))), None, None
    for want in need.wants:
        yield want_name(want), None, None
    if need.coach_language:
        yield language_name(need.coach_language), None, None
    for preference in need.preferences:
        if label := _liked(preference):
            yield label, None, None


def _liked(preference: Preference) -> str | None:
    """What the search knows of a preference; mornings it does not."""
    if preference.kind == "budget":
        return _("up to %(price)s", price=preference.value) if preference.value else None
    known = preference.value if preference.kind == "gender" else preference.kind
    return preference_name(known) if known in ("evenings", "weekends", "female", "male") else None


def _help(each: Help) -> dict[str, Any]:
    pages = {"evenings": "desk.hours", "weekends": "desk.hours", "opening": "desk.hours", "answer": "desk.offers"}
    anchors = {"list-issue": "issues", "main-issue": "issues", "goal": "goals", "language": "languages"}
    href = url_for(pages.get(each.kind, "desk.profile"), _anchor=anchors.get(each.kind))
    return {"points": each.points, "text": help_text(each), "href": href}
