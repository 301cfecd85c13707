"""How the trouble with a calendar kept elsewhere is said to its coach, with what she can do about it."""

from collections.abc import Callable

from flask_babel import gettext as _

_SAID: dict[str, Callable[[], str]] = {
    "bad-address": lambda: _("That is no address of a calendar."),
    "bad-certificate": lambda: _("Its server can’t prove who it is: its certificate is not valid."),
    "cut-off": lambda: _("The calendar came only in part: its server cut it off."),
    "encoding": lambda: _("It is written in an encoding that we can’t read. Calendars are written in UTF-8."),
    "key-changed": lambda: _(
        "We can no longer unlock its address, since our own key has changed. Please add it again."
    ),
    "login-refused": lambda: _(
        "Its server refuses the sign-in. Some need an app password; an address may be renewed. Please add it again."
    ),
    "no-answer": lambda: _("Its server does not answer."),
    "no-calendars": lambda: _("That account has no calendar for events."),
    "no-such-host": lambda: _("There is no server of that name."),
    "not-a-calendar": lambda: _("What is at that address is no calendar."),
    "not-caldav": lambda: _("That server does not speak CalDAV at this address. Please look for its CalDAV address."),
    "not-found": lambda: _("There is nothing at that address any more. If it was renewed, please add the new one."),
    "not-secure": lambda: _("A password is sent by https only, and that address is not https."),
    "not-understood": lambda: _("Something in it can’t be understood."),
    "private-address": lambda: _("That address leads into a private network, where we never look."),
    "redirects": lambda: _("That address sends us on and on, and to no calendar."),
    "server-error": lambda: _("Its server reports an error of its own."),
    "too-large": lambda: _("It is too large: more than 5 MB. A calendar with fewer old events can be read."),
    "too-many-events": lambda: _("It has too many events: more than 5,000 in the next hundred days or repeating."),
    "too-often": lambda: _("Something in it repeats more often than a calendar can hold."),
    "too-slow": lambda: _("It took too long to be read."),
    "unknown-sign-in": lambda: _(
        "Its server wants a sign-in that we don’t speak. Please add that calendar by its secret address (ICS) instead."
    ),
    "web-page": lambda: _("At that address is a web page, not a calendar. Please copy the address that ends in .ics."),
    "write-refused": lambda: _("The calendar can’t be written into. Is it yours, and not just shared with you?"),
}


def said(trouble: str) -> str:
    """The sentence for a kind of trouble."""
    return _SAID.get(trouble, _SAID["not-understood"])()
