"""How refusals about what is kept are said."""

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.web.errors import words


def _full(most: int, is_signed_in: bool, **_facts: object) -> str:
    if is_signed_in:
        return _("You keep %(most)s coaches already. Take one out to make room.", most=most)
    return ngettext(
        "This browser keeps %(num)d coach, and has no room for more. Sign in to keep others too.",
        "This browser keeps %(num)d coaches, and has no room for more. Sign in to keep others too.",
        most,
    )


words(
    {
        "favourites-full": _full,
        "searches-full": lambda most, **_facts: _(
            "You have %(most)s saved searches already. Delete one to make room.", most=most
        ),
        "search": lambda **_facts: _("This search is no longer there."),
        "search-empty": lambda **_facts: _("Say first what should be fixed, or where. Then we know what to look for."),
        "search-long": lambda **_facts: _("This search asks for too much to be kept. Please take something out."),
    }
)
