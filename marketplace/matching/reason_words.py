"""Why a coach fits, in words: the one place that words what reasons.py finds."""

from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.matching.masks import GOALS, ISSUES, TRAITS, ids
from marketplace.matching.reasons import Reason
from marketplace.matching.wording import free_name, goal_name, issue_name, language_names, listed
from marketplace.web.filters import cents, kilometres, when

LEAST_TOLD = 4  # stars
HOURS_TOLD = 36


def reason_text(reason: Reason) -> str:
    """Why a coach fits, as one short line."""
    return _REASONS[reason.kind](**reason.facts)


def worth_telling(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons that speak for a coach aloud: stars below four and an unknown speed don't, for all their points."""
    return [reason for reason in reasons if _speaks_for_her(reason)]


def _speaks_for_her(reason: Reason) -> bool:
    if reason.kind == "rating":
        return float(str(reason.facts["average"])) >= LEAST_TOLD
    return reason.kind in _REASONS and reason.facts.get("hours", 0) is not None


def _issues(bits: int) -> str:
    return " · ".join(issue_name(each) for each in ids(bits, ISSUES))


def _main(issues: int) -> str:
    return _("Main work: %(issues)s", issues=_issues(issues))


def _also(issues: int) -> str:
    return _("Works on: %(issues)s", issues=_issues(issues))


def _goals(goals: int) -> str:
    return _("Prepares runners for: %(goals)s", goals=" · ".join(goal_name(each) for each in ids(goals, GOALS)))


def _proven(issues: int) -> str:
    return _("Has proven it in sessions here: %(issues)s", issues=_issues(issues))


def _traits(traits: int) -> str:
    said = {
        "evenings": free_name("evenings"),
        "weekends": free_name("weekends"),
        "female": _("A woman, as you asked"),
        "male": _("A man, as you asked"),
    }
    return " · ".join(said[each] for each in ids(traits, TRAITS))


def _reply(hours: float) -> str:
    if hours < HOURS_TOLD:
        return ngettext(
            "Usually answers a clip in %(num)d hour", "Usually answers a clip in %(num)d hours", round(hours) or 1
        )
    return ngettext(
        "Usually answers a clip in %(num)d day", "Usually answers a clip in %(num)d days", round(hours / 24)
    )


def _opening(at: datetime) -> str:
    return _("Next free time: %(when)s", when=when(at))


def _clip(hours: int) -> str:
    return ngettext("Answers a clip within %(num)d hour", "Answers a clip within %(num)d hours", hours)


def _rating(average: float, count: int) -> str:
    return ngettext(
        "%(average)s of 5 stars from %(num)d runner", "%(average)s of 5 stars from %(num)d runners", count,
        average=f"{average:.1f}",
    )  # fmt: skip


_REASONS: dict[str, Callable[..., str]] = {
    "main-issues": _main,
    "issues": _also,
    "proven": _proven,
    "goals": _goals,
    "language": lambda languages: _("Speaks %(languages)s, as you asked", languages=listed(language_names(languages))),
    "traits": _traits,
    "budget": lambda price, currency: _("From %(price)s, within your budget", price=cents(price, currency)),
    "distance": lambda km: _("%(distance)s from you", distance=kilometres(km)),
    "online": lambda: _("Works online, wherever you are"),
    "opening": _opening,
    "clip": _clip,
    "rating": _rating,
    "new": lambda: _("New here: stands as an average coach until runners have spoken"),
    "few-sessions": lambda: _("Few sessions here so far: stands a little higher until more have spoken"),
    "reply": _reply,
}
