"""How refusals about coaches and offers are said. Coaches' pages are in `matching` and `desk`."""

from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.web.errors import words


def _place_unknown(suggestions: Sequence[str] = (), **_facts: object) -> str:
    if suggestions:
        return _("We do not know that place. Did you mean %(names)s?", names=" · ".join(suggestions))
    return _("We do not know that place. Try the town, or the first part of the postal code.")


words(
    {
        "place-unknown": _place_unknown,
        "already-coach": lambda **_f: _("You are a coach here already; your desk is open."),
        "coaches-only": lambda **_f: _("This page is for coaches. You can apply under “For coaches”."),
        "issue-unknown": lambda **_f: _("Please choose from the issues shown."),
        "goal-unknown": lambda **_f: _("Please choose from the distances shown."),
        "main-not-chosen": lambda **_f: _("A main issue must also be ticked among those you work on."),
        "too-many-offers": lambda most, **_f: _("You have %(most)s offers; withdraw one first.", most=most),
        "too-many-credentials": lambda most, **_f: _("That is %(most)s credentials; remove one first.", most=most),
        "offer-withdrawn": lambda **_f: _("This offer was withdrawn. Add it anew to sell it again."),
        "price": lambda **_f: _("Please write an amount such as 95 or 95.50."),
        "price-too-small": lambda **_f: _("Either nothing, or at least 1.00: cards can't pay less."),
        "price-too-large": lambda most, **_f: _("This is too much: at most %(most)s.", most=most // 100),
        "multiple_of": lambda multiple_of, **_f: _("Please use steps of %(step)s.", step=multiple_of),
        "link-not-https": lambda **_f: _("Please paste the whole link; it begins with https://."),
        "weather-unsaid": lambda **_f: _("Say what happens when the weather is bad: runners ask first."),
        "year-to-come": lambda **_f: _("That year is still to come."),
        "too_short": lambda **_f: _("Please choose at least one."),
        "too_long": lambda max_length, **_f: _("Please choose %(most)s at most.", most=max_length),
    }
)
