"""The first lines of a list of coaches: what was found, and what to do when it is not enough."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from marketplace.errors import Invalid
from marketplace.matching.criteria import MOST_KM
from marketplace.matching.forms import PageQuery
from marketplace.matching.queries import Results, is_point
from marketplace.matching.views.chips import parameters
from marketplace.web.errors import word

FEW = 3
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
