"""Pages about packages, for runners: buying one (`buying`), what she has (`mine`); and how refusals are said."""

from marketplace.packages.views import buying, mine, words
from marketplace.packages.views.blueprint import bp

__all__ = ["bp", "buying", "mine", "words"]
