"""How refusals of the desk are said."""

from flask_babel import gettext as _

from marketplace.web.errors import words


def overnight(starts: str, ends: str, hours: str, **_facts: object) -> str:
    """Hours that run over midnight for longer than anybody means."""
    return _(
        "%(starts)s to %(ends)s runs over midnight for %(hours)s hours. Did you mean the evening?",
        starts=starts, ends=ends, hours=hours,
    )  # fmt: skip


words(
    {
        "place-which": lambda **_facts: _("There are several places of that name. Which one is yours?"),
        "calendar-address": lambda **_facts: _(
            "That is no address. One looks like https://calendar.example.com/… and stands in your calendar’s settings."
        ),
        "calendar-own": lambda **_facts: _("That is your own feed from here; reading it back would say nothing new."),
        "calendars-many": lambda most, **_facts: _("%(most)s are the most. Please remove one first.", most=most),
        "overnight": overnight,
        "wall-time": lambda **_facts: _("Give a time such as 09:00, in steps of five minutes."),
        "hours-changed": lambda **_facts: _(
            "Your hours were changed meanwhile, perhaps in another tab. Save again to have them as you typed them here."
        ),
        "undo-gone": lambda **_facts: _(
            "That can't be undone any more: your hours were changed again, or it is long ago."
        ),
        "season": lambda **_facts: _("No year has such a day."),
        "schedules": lambda most, **_facts: _("You have %(most)s schedules; remove one first.", most=most),
        "schedule-unknown": lambda **_facts: _("That schedule is gone. Choose another one."),
        "holidays": lambda **_facts: _("We know no statutory holidays there."),
        "date-past": lambda **_facts: _("That day is past."),
        "dates-order": lambda **_facts: _("The last day is before the first."),
        "dates-many": lambda most, **_facts: _("Please take %(most)s days at most at a time.", most=most),
    }
)
