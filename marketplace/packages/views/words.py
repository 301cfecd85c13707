"""How refusals about packages and promotion codes are said."""

from flask_babel import gettext as _

from marketplace.web.errors import words
from marketplace.web.filters import cents

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
        "package-price-changed": lambda amount, currency, **_f: _(
            "The price has changed meanwhile: it is %(price)s now. Nothing was charged; please look again.",
            price=cents(amount, currency),
        ),
        "package-of-free": lambda **_f: _("A free offer needs no packages."),
        "package-dearer": lambda **_f: _("That is more than the visits cost one by one."),
        "package-too-little": lambda visits, price, least, currency, **_f: _(
            "%(visits)s visits would cost %(price)s together. A card payment is at least %(least)s.",
            visits=visits,
            price=cents(price, currency),
            least=cents(least, currency),
        ),
        "package-price": lambda **_f: _("Please give a price such as 255, or a discount such as 10%."),
    }
)
