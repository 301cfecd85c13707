"""Towns and issues in words that more than one page needs."""

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.coaches.kinds import Mode
from marketplace.knowledge.facts import Basis, Issue
from marketplace.matching.queries.towns import Figures
from marketplace.matching.wording import issue_name
from marketplace.web.filters import cents
from marketplace.web.languages import language

SAID = 3


def in_town(name: str) -> str:
    """ "in Ottawa"; in French with the article of a name melted in: "au Caire", "aux Cèdres"."""
    if language() == "fr":
        for article, melted in (("Le ", "au "), ("Les ", "aux ")):
            if name.startswith(article):
                return melted + name.removeprefix(article)
    return _("in %(town)s", town=name)


def town_title(name: str) -> str:
    """What a town's page is called."""
    return _("Running form coaches %(in_town)s", in_town=in_town(name))


def town_description(name: str, figures: Figures) -> str:
    """A town's page in a sentence or two, for lists of results."""
    if not figures.in_person:
        return _(
            "Nobody meets runners in person %(in_town)s yet: coaches who work by clip or video call, and the nearest "
            "towns that have some.",
            in_town=in_town(name),
        )
    meet = ngettext(
        "%(num)d coach meets runners in person in and around %(town)s.",
        "%(num)d coaches meet runners in person in and around %(town)s.",
        figures.in_person,
        town=name,
    )
    fixes = _("What they fix: %(issues)s.", issues=" · ".join(map(issue_name, list(figures.issues)[:SAID])))
    return " ".join([meet, fixes, *(_("%(kind)s: %(cost)s.", kind=kind, cost=cost) for kind, cost in prices(figures))])


def prices(figures: Figures) -> list[tuple[str, str]]:
    """(kind, range) of what coaches there begin at: "In person", "$95 to $140"."""
    names = {Mode.IN_PERSON.value: _("In person"), Mode.ONLINE.value: _("Online")}
    return [
        (name, _range(*figures.prices[mode], figures.currency))
        for mode, name in names.items()
        if mode in figures.prices
    ]


def basis(kind: Basis) -> str:
    """What of a source was read."""
    known = {
        "study (abstract read)": _("a study; we read its summary"),
        "secondary source": _("told of by others; we did not read the study"),
        "general knowledge": _("no study"),
    }
    return known[kind]


def issue_title(issue: Issue) -> str:
    """What an issue's page is called in a list of results of a search engine."""
    name = issue.name.in_language(language())
    if issue.kind == "pain":
        return _("%(issue)s when running: form, drills, when to see somebody", issue=name)
    return _("%(issue)s in runners: how to see it, film it, change it", issue=name)


def _range(least: int, most: int, currency: str) -> str:
    if least == most:
        return cents(least, currency)
    return _("%(least)s to %(most)s", least=cents(least, currency), most=cents(most, currency))
