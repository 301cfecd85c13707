"""How refusals about promotion codes are said; they are typed on the booking page and made on the desk."""

from flask_babel import gettext as _

from marketplace.web.errors import words

words(
    {
        "code-unknown": lambda **_f: _("This code is not known for this coach. Please check how it is written."),
        "code-not-yet": lambda **_f: _("This code does not hold yet."),
        "code-over": lambda **_f: _("This code does not hold any more."),
        "code-other-offer": lambda **_f: _("This code is for another offer of this coach."),
        "code-other-currency": lambda **_f: _("This code is for another currency."),
        "code-used-up": lambda **_f: _("This code is used up."),
        "code-used": lambda **_f: _("You have used this code already."),
        "code-taken": lambda **_f: _("You have a code of this name already."),
        "code-letters": lambda **_f: _("Letters, digits and dashes only."),
        "code-worth": lambda **_f: _("Please say how much the code takes off."),
        "code-with-credit": lambda **_f: _("A visit of a package is paid already: it takes no code."),
        "one-at-a-time": lambda **_f: _(
            "A code or a visit of a package is for one session at a time. Choose “Just once”, or leave it out."
        ),
    }
)
