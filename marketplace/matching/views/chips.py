"""What was understood and chosen, as chips with a way to take each out, and as the filters of the form."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.knowledge import catalogue
from marketplace.matching import queries, wording
from marketplace.matching.criteria import USUAL_KM, USUAL_LIMIT
from marketplace.matching.forms import PageQuery
from marketplace.matching.views.told import Told
from marketplace.places.models import Place
from marketplace.web.filters import cents
from marketplace.web.languages import language

USUAL = {"within_km": USUAL_KM, "limit": USUAL_LIMIT, "sort": "fit"}
LISTS = ("issue", "past", "goal", "mode", "language", "prefer", "want", "free")
RINGS_KM = (5, 10, 25, 40, 80, 150, 300)
Chip = dict[str, Any]


def without(query: PageQuery, name: str, value: str | None) -> PageQuery:
    """The search with one value of it taken out."""
    rest = [each for each in getattr(query, name) if each != value] if name in LISTS else None
    return query.model_copy(update={name: rest})


def parameters(query: PageQuery, **changed: Any) -> dict[str, Any]:
    """The search as an address has it: what is usual is left out."""
    values = query.model_dump(exclude={"cursor", "budget"}) | changed
    said = {name: value for name, value in values.items() if value not in (None, [], USUAL.get(name))}
    if "within_km" in said:
        said["within_km"] = plain_km(said["within_km"])
    return said or {"sort": "fit"}


def understood(endpoint: str, query: PageQuery, place: Place | None, kept: Told) -> list[Chip]:
    """Issues, goals, place, wants, and what is liked, in this order."""

    def chip(name: str, value: str | None, label: str, **more: Any) -> Chip:
        remove = url_for(endpoint, **parameters(without(query, name, value)))
        more = {"note": None, "drawing": None, "kind": None, "because": None} | more
        return {"name": name, "value": value, "label": label, "remove": remove} | more

    found = [
        chip(
            "issue",
            each,
            wording.issue_name(each),
            drawing=each,
            because=kept.issues.get(each),
            note=_side_and_onset(each, kept),
        )
        for each in query.issue
    ]
    past = {"note": _("past"), "kind": "past"}
    for each in query.past:
        more = past | {"drawing": each, "because": kept.issues.get(each)}
        found.append(chip("past", each, wording.issue_name(each), **more))
    for each in query.goal:
        found.append(
            chip("goal", each, wording.goal_name(each), note=_goal_note(each, kept), because=kept.goals.get(each))
        )
    if query.near:
        label, note = _where(query.near, query.within_km, place)
        found.append(chip("near", None, label, note=note, because=kept.place or None))
    found += [chip("want", each, wording.want_name(each)) for each in query.want]
    found += [chip("mode", each, wording.want_name(each)) for each in query.mode if each not in query.want]
    found += [chip("language", each, wording.language_name(each)) for each in query.language]
    for each in query.prefer:
        because = kept.likes.get("gender" if each in ("female", "male") else each)
        found.append(chip("prefer", each, wording.preference_name(each), because=because or None))
    if query.max_price is not None:
        price = cents(query.max_price, query.currency or "CAD")
        found.append(
            chip("max_price", None, _("up to %(price)s", price=price), because=kept.likes.get("budget") or None)
        )
    if query.q:
        found.append(chip("q", None, _("“%(words)s”", words=query.q)))
    found += [chip("free", each, wording.free_name(each)) for each in query.free]
    if query.available_within_days is not None:
        days = ngettext("free within %(num)d day", "free within %(num)d days", query.available_within_days)
        found.append(chip("available_within_days", None, days))
    if query.min_rating is not None:
        found.append(chip("min_rating", None, _("%(stars)s stars or more", stars=plain_km(query.min_rating))))
    return found


def red_flags(kept: Told) -> list[dict[str, str]]:
    """The signs in the story that want a physiotherapist or a doctor first, emergencies before all; a quote once."""
    found: list[dict[str, str]] = []
    for flag in catalogue.urgent_first(kept.flags):
        quote = kept.flags[flag.id]
        is_quoted = any(each["because"] == quote for each in found)
        text = flag.line.in_language(language())
        found.append({"urgency": flag.urgency, "text": text, "because": "" if is_quoted else quote})
    return found


def goal_label(goal: str, kept: Told) -> str:
    """A goal with its time and date: "10K under 60:00, by spring"."""
    note = _goal_note(goal, kept)
    return f"{wording.goal_name(goal)} {note}" if note else wording.goal_name(goal)


def _where(near: str, within_km: float, place: Place | None) -> tuple[str, str]:
    """A place and the ring around it; a part of the map by the town in it."""
    km = plain_km(within_km)
    if not queries.is_point(near):
        return queries.name_of(place) if place else near, _("within %(km)s km", km=km)
    if place is None:
        return _("Area on the map"), _("within %(km)s km", km=km)
    return _("Area on the map"), _("around %(place)s, within %(km)s km", place=place.name, km=km)


def _side_and_onset(issue: str, kept: Told) -> str | None:
    """On which side, and when in a run it begins: "left, after 8 km"."""
    side = kept.sides.get(issue)
    said = [text for text in (wording.side_name(side) if side else None, kept.onsets.get(issue)) if text]
    return ", ".join(said) or None


def _goal_note(goal: str, kept: Told) -> str | None:
    fastest, slowest = kept.targets.get(goal, [None, None])
    said = [text for text in (wording.target(fastest, slowest), kept.by.get(goal)) if text]
    return ", ".join(said) or None


def plain_km(km: float) -> float | int:
    """A distance without a needless ".0"."""
    return int(km) if km == int(km) else km
