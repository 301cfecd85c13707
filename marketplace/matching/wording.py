"""Matching in words: the vocabulary, goals, chips, kinds of offers, refusals. Reasons are in reason_words.py."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from babel.lists import format_list
from flask_babel import get_locale
from flask_babel import gettext as _

from marketplace.bookings.wording import preset_line
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Offer
from marketplace.knowledge import catalogue
from marketplace.matching.masks import LANGUAGES, ids
from marketplace.matching.queries.cards import Sold
from marketplace.web.languages import language


def issue_name(issue_id: str) -> str:
    """The issue in the reader's language."""
    return catalogue.issue(issue_id).name.in_language(language())


def goal_name(goal_id: str) -> str:
    """The distance in the reader's language."""
    return catalogue.distance(goal_id).name.in_language(language())


def want_name(want_id: str) -> str:
    """What is wanted, in the reader's language."""
    return catalogue.want(want_id).name.in_language(language())


def language_name(language_id: str) -> str:
    """A language, named in the reader's."""
    return _("French") if language_id == "fr" else _("English")


def language_names(bits: int) -> list[str]:
    """The languages of a mask."""
    return [language_name(each) for each in ids(bits, LANGUAGES)]


def listed(words: Iterable[str]) -> str:
    """ "a, b and c"."""
    return format_list(list(words), locale=get_locale() or "en")


def target(seconds_min: int | None, seconds_max: int | None) -> str | None:
    """A goal's time: "under 60:00", "25:00 to 25:59"; None for finishing."""
    if seconds_max is None:
        return None if seconds_min is None else _("over %(time)s", time=_duration(seconds_min))
    if seconds_min is None:
        return _("under %(time)s", time=_duration(seconds_max))
    if seconds_min == seconds_max:
        return _("in %(time)s", time=_duration(seconds_max))
    return _("%(fastest)s to %(slowest)s", fastest=_duration(seconds_min), slowest=_duration(seconds_max))


def outlook(result: str, seconds: int, goal: str, foretold: int, aim: int, verdict: str) -> str:
    """What a race run says of a goal, kindly: seconds throughout."""
    facts = {
        "result": goal_name(result) if result == goal else _inside(goal_name(result)),
        "time": clock_time(seconds),
        "goal": _inside(goal_name(goal)),
        "foretold": clock_time(_to_the_minute(foretold)),
        "aim": clock_time(aim),
    }
    if result == goal:
        return {
            "in-reach": _("%(result)s: you have run %(time)s, so %(aim)s is within reach.", **facts),
            "stretch": _("%(result)s: from %(time)s, %(aim)s is a stretch worth a season.", **facts),
            "seasons": _("%(result)s: from %(time)s, %(aim)s is worth a few seasons; take it in steps.", **facts),
        }[verdict]
    return {
        "in-reach": _(
            "Your %(result)s in %(time)s points to about %(foretold)s for a %(goal)s: %(aim)s is within reach.", **facts
        ),
        "stretch": _(
            "Your %(result)s in %(time)s points to about %(foretold)s for a %(goal)s: %(aim)s is a stretch worth "
            "a season.",
            **facts,
        ),
        "seasons": _(
            "Your %(result)s in %(time)s points to about %(foretold)s for a %(goal)s: %(aim)s is worth a few seasons; "
            "take it in steps.",
            **facts,
        ),
    }[verdict]


def clock_time(seconds: int) -> str:
    """A race time as one says it: "54:10", "1:55", "3:26:40"."""
    hours, rest = divmod(seconds, 3600)
    if not hours:
        return f"{rest // 60}:{rest % 60:02d}"
    return f"{hours}:{rest // 60:02d}" + (f":{rest % 60:02d}" if rest % 60 else "")


def side_name(side: str) -> str:
    """Which side of the body."""
    return {"left": _("left side"), "right": _("right side"), "both": _("both sides")}[side]


def what_is_sold(offer: Offer | Sold) -> str:
    """An offer in a few words: "video call, 30 min"."""
    if offer.kind is OfferKind.CLIP_REVIEW:
        return _("clip review, %(hours)s h", hours=offer.turnaround_hours)
    if offer.kind is OfferKind.VIDEO_CALL:
        return _("video call, %(minutes)s min", minutes=offer.minutes)
    return _("in person, %(minutes)s min", minutes=offer.minutes)


def cancel_line(offer: Offer) -> str:
    """What she gets back when she cancels, and when."""
    return preset_line(offer.preset)


def place_line(offer: Offer) -> str | None:
    """Where it takes place, as far as is told before booking."""
    if offer.kind is OfferKind.VIDEO_CALL:
        return _("By video; the link comes with your confirmation.")
    if offer.kind is OfferKind.CLIP_REVIEW:
        return None
    settings = {"track": _("track"), "treadmill": _("treadmill"), "indoors": _("indoors"), "outdoors": _("outdoors")}
    said = [text for text in (offer.meeting_point, settings[offer.setting] if offer.setting else "") if text]
    return _("%(place)s; the exact spot comes with your confirmation.", place=", ".join(said)) if said else None


def preference_name(preference: str) -> str:
    """What is liked besides."""
    names = {"evenings": _("Evenings"), "weekends": _("Weekends"), "female": _("A woman"), "male": _("A man")}
    return names[preference]


def free_name(time: str) -> str:
    """When a coach has an opening."""
    return _("Free in the evening") if time == "evenings" else _("Free at weekends")


def unknown_place(near: str = "", suggestions: Sequence[str] = (), **_facts: object) -> str:
    """That a text names no place, with what may have been meant."""
    if suggestions:
        return _(
            "We know no place called “%(near)s”. Did you mean %(places)s?", near=near, places="; ".join(suggestions)
        )
    return _("We know no place called “%(near)s”. Try the town, or a postal code.", near=near)


def _duration(seconds: int) -> str:
    hours, rest = divmod(seconds, 3600)
    return (
        f"{hours}:{rest // 60:02d}:{rest % 60:02d}"
        if hours > 1 or rest and hours
        else f"{seconds // 60}:{seconds % 60:02d}"
    )


def _inside(name: str) -> str:
    """A name inside a sentence: "half marathon"."""
    return name[:1].lower() + name[1:]


def _to_the_minute(seconds: int) -> int:
    """A foretold time past the hour is no truer than a minute."""
    return round(seconds / 60) * 60 if seconds >= 3600 else seconds


def sentences() -> dict[str, Callable[..., Any]]:
    """The refusals of matching, worded."""
    return {
        "place-unknown": unknown_place,
        "cursor": lambda **_facts: _("This page of results is no longer there. Please begin again."),
        "bounds": lambda **_facts: _("That is no part of a map: say south, west, north and east in degrees."),
        "zoom": lambda **_facts: _("That is no zoom of a map: say a number from 0 to 22."),
        "coach": lambda **_facts: _("There is no coach at this address."),
    }
