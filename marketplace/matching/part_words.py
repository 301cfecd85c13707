"""The parts of a fit, and what would help, in words."""

from collections.abc import Callable
from math import ceil

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.matching import score, stored
from marketplace.matching.helping import Help
from marketplace.matching.masks import GOALS, ISSUES, ids
from marketplace.matching.wording import goal_name, issue_name, language_names, listed
from marketplace.web.languages import language

HOURS_OF_A_DAY = 24


def part_name(kind: str) -> str:
    """A part in two or three words."""
    return _PARTS[kind][0]()


def part_rule(kind: str) -> str:
    """What wins the points of a part."""
    return _PARTS[kind][1]()


def ordinal(place: int) -> str:
    """ "first", "2nd", "23rd"; in French of a place: "première", "2e"."""
    if place == 1:
        return _("first")
    if language() == "fr":
        return f"{place}e"
    last = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{last}"


def help_text(each: Help) -> str:
    """What to do, in one line."""
    return _HELPS[each.kind](**each.facts)


def kept_out_text(kind: str) -> str:
    """Why a search does not find her."""
    return {
        "unlisted": _("You are not listed at the moment."),
        "lists": _("You list none of what this runner asks for."),
        "language": _("She asks for a language that you don’t coach in."),
        "mode": _("She asks for a kind of session that you don’t offer."),
        "budget": _("Your offers cost more than she wants to spend."),
        "far": _("She is too far away to meet you, and you don’t work online."),
    }[kind]


def known_kinds() -> frozenset[str]:
    """The kinds of parts that there are words for."""
    return frozenset(_PARTS)


_PARTS: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "issues": (
        lambda: _("Issues"),
        lambda: _(
            "How much of what troubles the runner the coach lists: main work counts more, and so does an issue that "
            "she has proven in %(count)s sessions here. What is over counts about a third. A coach who works on none "
            "of what troubles the runner now keeps %(percent)s %% of all her points.",
            count=stored.PROVEN_AFTER,
            percent=round(100 * score.BESIDE_THE_POINT),
        ),
    ),
    "goals": (
        lambda: _("Goals"),
        lambda: _("The distances the runner trains for, among those the coach prepares for."),
    ),
    "distance": (
        lambda: _("Distance"),
        lambda: _(
            "How near the coach is, within the ring that the runner looks in; who works online is near everybody to "
            "some degree."
        ),
    ),
    "wishes": (
        lambda: _("Other wishes"),
        lambda: _("A language, a woman or a man, evenings, weekends: only what the runner says she would like."),
    ),
    "budget": (
        lambda: _("Price"),
        lambda: _("Only where the runner names a budget: the further below it the better."),
    ),
    "availability": (
        lambda: _("Free time"),
        lambda: _("How soon she can help, and how much room she has: who is nearly full stands a little lower."),
    ),
    "rating": (
        lambda: _("Stars"),
        lambda: _("The stars of runners who had a session. With few of them a coach stands near the usual."),
    ),
    "reply": (
        lambda: _("Answers"),
        lambda: _("How quickly she usually answers a clip; in the middle until we know."),
    ),
    "new": (
        lambda: _("New here"),
        lambda: _(
            "A coach who came in the last %(days)s days and has proven nothing yet gets up to %(points)s points in "
            "place of what proof would win her, so that she can earn her first ratings.",
            days=stored.NEW_FOR.days,
            points=score.NEWCOMER,
        ),
    ),
}


def _opening(hours: int, instead: int | None = None) -> str:
    within = ngettext("An opening within %(num)d day", "An opening within %(num)d days", hours // HOURS_OF_A_DAY)
    if instead is None:
        return _("%(opening)s: now you have none", opening=within)
    days = ceil(instead / HOURS_OF_A_DAY)
    later = ngettext("in %(num)d day", "in %(num)d days", days)
    return _("%(opening)s, where your first is now %(later)s", opening=within, later=later)


def _answer(hours: int, instead: int | None = None) -> str:
    return ngettext("A clip answered within %(num)d hour", "A clip answered within %(num)d hours", hours)


_HELPS: dict[str, Callable[..., str]] = {
    "list-issue": lambda issues: _("List “%(issue)s”, if you work on it", issue=_issues(issues)),
    "main-issue": lambda issues: _("List “%(issue)s” as main work, if it is", issue=_issues(issues)),
    "goal": lambda goals: _("Say that you prepare runners for %(goal)s, if you do", goal=_goals(goals)),
    "language": lambda languages: _(
        "Coach in %(language)s too, if you can", language=listed(language_names(languages))
    ),
    "evenings": lambda: _("Hours in the evening"),
    "weekends": lambda: _("Hours at the weekend"),
    "opening": _opening,
    "answer": _answer,
    "prove": lambda issues: _(
        "Complete %(count)s sessions here on “%(issue)s”", count=stored.PROVEN_AFTER, issue=_issues(issues)
    ),
    "room": lambda: _("More free hours in the coming two weeks"),
    "reply": lambda hours: ngettext("Answer clips within %(num)d hour", "Answer clips within %(num)d hours", hours),
}


def _issues(bits: int) -> str:
    return listed(issue_name(each) for each in ids(bits, ISSUES))


def _goals(bits: int) -> str:
    return listed(goal_name(each) for each in ids(bits, GOALS))
