"""The first lines of a list of coaches: what was found, and what to do when it is not enough."""

from babel import Locale
from flask import url_for
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup, escape

from marketplace.errors import Invalid
from marketplace.matching import wording
from marketplace.matching.criteria import MOST_KM
from marketplace.matching.forms import PageQuery
from marketplace.matching.queries import Results, is_point
from marketplace.matching.views.chips import parameters
from marketplace.matching.views.told import Told, expected
from marketplace.places.models import Place
from marketplace.web.errors import word

FEW = 3
HOME = ("CA", "US")  # countries whose regions everybody here knows by their letters
WIDER = (80, 150, MOST_KM)


def title(query: PageQuery, is_placed: bool, results: Results) -> str:
    """How many coaches there are, and where."""
    km, asked = f"{query.within_km:g}", bool(query.issue or query.past)
    if is_placed and query.mode != ["online"] and query.near and is_point(query.near):
        return _in_area(results.near, asked)
    if is_placed and query.mode != ["online"]:
        if not results.near:
            return _("Nobody within %(km)s km yet", km=km)
        if asked:
            return ngettext(
                "%(num)d coach within %(km)s km for what you describe",
                "%(num)d coaches within %(km)s km for what you describe",
                results.near,
                km=km,
            )
        return ngettext(
            "%(num)d coach within %(km)s km", "%(num)d coaches within %(km)s km", results.near, km=km
        )  # fmt: skip
    if asked:
        return ngettext(
            "%(num)d coach for what you describe", "%(num)d coaches for what you describe", results.total
        )  # fmt: skip
    return ngettext("%(num)d coach", "%(num)d coaches", results.total)


def _in_area(count: int, asked: bool) -> str:
    """The same of a part of the map."""
    if not count:
        return _("Nobody in this area yet")
    if asked:
        return ngettext(
            "%(num)d coach in this area for what you describe",
            "%(num)d coaches in this area for what you describe",
            count,
        )
    return ngettext("%(num)d coach in this area", "%(num)d coaches in this area", count)


def lead(endpoint: str, query: PageQuery, is_placed: bool, results: Results) -> Markup | None:
    """What else there is: coaches online, a wider ring; or that a place would help."""
    if not is_placed:
        return None if query.mode == ["online"] else escape(_("Say where you run, and the nearest come first."))
    online = results.total - results.near
    said = []
    if online and query.mode != ["online"]:
        more = ngettext(
            "%(num)d more works with you online.", "%(num)d more work with you online.", online
        ) if results.near else ngettext(
            "%(num)d coach works with you online, by your clips or by video call.",
            "%(num)d coaches work with you online, by your clips or by video call.",
            online,
        )  # fmt: skip
        said.append(escape(more))
    wider = next((km for km in WIDER if km > query.within_km), None)
    if results.near < FEW and wider and query.mode != ["online"]:
        href = url_for(endpoint, **parameters(query, within_km=wider))
        said.append(Markup('<a href="{}">{}</a>').format(href, _("Look within %(km)s km", km=wider)))
    return Markup(" ").join(said) if said else None


def nobody_lists_it() -> str:
    """That no coach lists any of the issues and goals that were asked for."""
    return _("Nobody lists exactly that yet")


def others() -> str:
    """Who is shown instead."""
    return _(
        "These coaches work near you or online on other things. Take out a filter, or ask one whether she can help."
    )


def not_yours(endpoint: str, query: PageQuery, place: Place | None, kept: Told) -> Markup | None:
    """Which place was understood where several have its name, with links to the others."""
    if place is None or str(place.id) not in {each[0] for each in kept.places}:
        return None
    others = [each for each in kept.places if each[0] != str(place.id)]
    links = [
        Markup('<a href="{}">{}</a>').format(url_for(endpoint, **parameters(query, near=key)), _full_name(*names))
        for key, *names in others
    ]
    mine = next(each for each in kept.places if each[0] == str(place.id))
    said = escape(_("%(place)s. Not yours?", place=_full_name(*mine[1:])))
    return said + Markup(" ") + Markup(" · ").join(links)


def outlooks(query: PageQuery, kept: Told) -> list[str]:
    """For each goal still asked for, what a race of hers says of it."""
    return [
        wording.outlook(
            each.result_distance,
            each.result_seconds,
            each.distance,
            each.foretold_seconds,
            each.target_seconds,
            each.verdict,
        )
        for each in expected(kept)
        if each.distance in query.goal
    ]


def _full_name(name: str, region: str, country: str) -> str:
    """A place told from its namesakes: "London, ON", "London, United Kingdom"."""
    if country in HOME and region:
        return f"{name}, {region}"
    return f"{name}, {(get_locale() or Locale('en')).territories.get(country, country)}"


def unknown_place(endpoint: str, query: PageQuery, refusal: Invalid) -> Markup:
    """That the place is not known, with links to what may have been meant."""
    meant = refusal.facts.get("suggestions")
    names = [str(name) for name in meant] if isinstance(meant, list) else []
    if not names:
        return escape(word(refusal))
    said = escape(_("We know no place called “%(near)s”. Did you mean one of these?", near=query.near))
    links = [
        Markup('<a href="{}">{}</a>').format(url_for(endpoint, **parameters(query, near=name)), name) for name in names
    ]
    return said + Markup(" ") + Markup(" · ").join(links)
