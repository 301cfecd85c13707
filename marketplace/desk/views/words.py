"""How refusals of the desk are said."""

from flask_babel import gettext as _

from marketplace.web.errors import words

words(
    {
        "place-which": lambda **_facts: _("There are several places of that name. Which one is yours?"),
        "calendar-address": lambda **_facts: _(
            "That is no address. One looks like https://calendar.example.com/… and stands in your calendar’s settings."
        ),
        "calendar-own": lambda **_facts: _("That is your own feed from here; reading it back would say nothing new."),
        "calendars-many": lambda most, **_facts: _("%(most)s are the most. Please remove one first.", most=most),
        "date-past": lambda **_facts: _("That day is past."),
        "dates-order": lambda **_facts: _("The last day is before the first."),
        "dates-many": lambda most, **_facts: _("Please take %(most)s days at most at a time.", most=most),
    }
)
