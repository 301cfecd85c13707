"""How refusals about packages and promotion codes are said."""

from flask_babel import gettext as _

from marketplace.web.errors import words

words(
    {
        "no-credit-left": lambda **_f: _(
            "There is no visit left in your package: it has just been used or given back. Nothing is booked; you can "
            "pay for this session instead."
        ),
        "credits-frozen": lambda **_f: _(
            "Your bank is looking into the payment of this package. Until it has decided, its visits can't be used or "
            "given back."
        ),
        "package-of-free": lambda **_f: _("A free offer needs no packages."),
        "package-dearer": lambda **_f: _("That is more than the visits cost one by one."),
        "package-price": lambda **_f: _("Please give a price such as 255, or a discount such as 10 %."),
    }
)
